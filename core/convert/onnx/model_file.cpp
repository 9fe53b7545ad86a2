// SPDX-License-Identifier: Apache-2.0
#include "core/convert/onnx/model_file.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/input_file.h"

namespace netwright::convert::onnx {
namespace fs = std::filesystem;

void ModelFile::place(std::string_view data, StoredTensor& tensor) const {
  tensor.file = path_;
  tensor.offset = static_cast<uint64_t>(data.data() - bytes_.data());
}

void ModelFile::place(const std::string& name, uint64_t offset, uint64_t size, StoredTensor& tensor) const {
  const fs::path file = path_.parent_path() / name;
  if (name.empty() || fs::path(name).has_parent_path() || fs::is_symlink(file))
    throw Malformed{fmt::format("It keeps data in '{}', which is no file beside it.", name)};
  std::error_code ec;
  const uintmax_t there = fs::is_regular_file(file, ec) ? fs::file_size(file, ec) : static_cast<uintmax_t>(-1);
  if (there == static_cast<uintmax_t>(-1))
    throw Malformed{fmt::format("The file '{}', which belongs to it, is not there.", name)};
  if (offset > there || size > there - offset)
    throw Malformed{fmt::format("The file '{}' ends before the data that should be there.", name)};
  tensor.file = file;
  tensor.offset = offset;
}

HostTensor StoredTensor::load() const {
  HostTensor tensor(dtype, shape);
  InputFile(file).read(offset, tensor.bytes);
  return tensor;
}

Model parse(std::string_view bytes, const std::string& sourceName) { return parseModel(bytes, sourceName, nullptr); }

Model read(const fs::path& path) {
  const std::string bytes = readFile(path);
  const ModelFile file(path, bytes, false);
  return parseModel(bytes, path.string(), &file);
}

Model open(const fs::path& path) {
  const MappedFile mapped(path);
  const ModelFile file(path, mapped.bytes(), true);
  return parseModel(mapped.bytes(), path.string(), &file);
}

}  // namespace netwright::convert::onnx
