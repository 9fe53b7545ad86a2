// SPDX-License-Identifier: Apache-2.0
// What lies in an ONNX file and beside it, while it is parsed. Used by the reader.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {

// Why a file is refused; the reader adds its name.
struct Malformed {
  std::string why;
};

class ModelFile {
 public:
  // `bytes`: its content. `keep`: large tensors stay there.
  ModelFile(std::filesystem::path path, std::string_view bytes, bool keep)
      : path_(std::move(path)), bytes_(bytes), keep_(keep) {}

  bool keeps(size_t size) const { return keep_ && size >= kExternalSize; }
  // Puts the place of data that is part of the content into a tensor.
  void place(std::string_view data, StoredTensor& tensor) const;
  // The same for data of a file beside it. Throws Malformed where that is no file beside it, or too short.
  void place(const std::string& name, uint64_t offset, uint64_t size, StoredTensor& tensor) const;

 private:
  std::filesystem::path path_;
  std::string_view bytes_;
  bool keep_;
};

// `file`: null where the content lies in none. Throws Error{Input}.
Model parseModel(std::string_view bytes, const std::string& sourceName, const ModelFile* file);

}  // namespace netwright::convert::onnx
