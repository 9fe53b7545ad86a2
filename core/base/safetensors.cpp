// SPDX-License-Identifier: Apache-2.0
#include "core/base/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <span>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/input_file.h"
#include "core/base/json.h"

namespace netwright {
namespace {

constexpr uint64_t kMaxHeader = 100'000'000;
constexpr std::array<std::pair<DType, const char*>, 11> kCodes{{{DType::Float32, "F32"},
                                                                {DType::DefaultFloat, "F32"},
                                                                {DType::Float64, "F64"},
                                                                {DType::Float16, "F16"},
                                                                {DType::BFloat16, "BF16"},
                                                                {DType::Int8, "I8"},
                                                                {DType::Int16, "I16"},
                                                                {DType::Int32, "I32"},
                                                                {DType::Int64, "I64"},
                                                                {DType::UInt8, "U8"},
                                                                {DType::Bool, "BOOL"}}};

const char* codeOf(DType type) {
  return std::find_if(kCodes.begin(), kCodes.end(), [&](const auto& c) { return c.first == type; })->second;
}

[[noreturn]] void failFormat(const std::string& source, const std::string& why) {
  failInput(fmt::format("{} is not a sound safetensors file.", source), why, "Write or download it again.");
}

struct Entry {
  std::string name;
  DType dtype;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

// Element count of a shape from a file, refusing negative sizes and overflow.
uint64_t safeCount(const std::vector<int64_t>& shape, const std::string& source, const std::string& name) {
  uint64_t n = 1;
  for (const int64_t d : shape)
    if (d < 0 || __builtin_mul_overflow(n, static_cast<uint64_t>(d), &n))
      failFormat(source, fmt::format("Tensor '{}' has an impossible shape.", name));
  return n;
}

Entry readEntry(const std::string& name, const Json& json, const std::string& source) try {
  const std::string code = json.at("dtype").get<std::string>();
  const auto it = std::find_if(kCodes.begin(), kCodes.end(), [&](const auto& c) { return c.second == code; });
  if (it == kCodes.end()) failFormat(source, fmt::format("Tensor '{}' has the unknown type {}.", name, code));
  Entry entry{name, it->first, json.at("shape").get<std::vector<int64_t>>(),
              json.at("data_offsets").at(0).get<uint64_t>(), json.at("data_offsets").at(1).get<uint64_t>()};
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(safeCount(entry.shape, source, name), uint64_t{byteSize(entry.dtype)}, &bytes) ||
      entry.end < entry.begin || entry.end - entry.begin != bytes)
    failFormat(source, fmt::format("Tensor '{}' has {} bytes of data, which its shape and type do not make.", name,
                                   entry.end - entry.begin));
  return entry;
} catch (const Json::exception&) {
  failFormat(source, fmt::format("The header entry of tensor '{}' is malformed.", name));
}

}  // namespace

const HostTensor* SafetensorsFile::find(const std::string& name) const {
  const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const NamedTensor& t) { return t.name == name; });
  return it == tensors.end() ? nullptr : &it->tensor;
}

Chunks safetensorsContent(const std::vector<TensorRef>& tensors, const TextMap& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const TensorRef& t : tensors) {
    header[t.name] = {{"dtype", codeOf(t.tensor->dtype)},
                      {"shape", t.tensor->shape},
                      {"data_offsets", {offset, offset + t.tensor->bytes.size()}}};
    offset += t.tensor->bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  Chunks content(std::string(reinterpret_cast<const char*>(&length), 8) + text);
  for (const TensorRef& t : tensors) content.borrow(bytesOf(*t.tensor));
  return content;
}

std::string safetensorsBytes(const std::vector<NamedTensor>& tensors, const TextMap& metadata) {
  return safetensorsContent(refs(tensors), metadata).joined();
}

namespace {

// Puts the bytes at a place of the file into a tensor.
using Fill = std::function<void(uint64_t at, std::span<std::byte> into)>;

uint64_t headerLength(std::string_view head, uint64_t fileSize, const std::string& source) {
  uint64_t length = 0;
  if (head.size() < 8) failFormat(source, fmt::format("It has {} bytes; the header alone needs more.", head.size()));
  std::memcpy(&length, head.data(), 8);
  if (length > kMaxHeader || length > fileSize - 8)
    failFormat(source, fmt::format("Its header claims {} bytes but the file has {}.", length, fileSize));
  return length;
}

// `headerText`: what lies behind the first eight bytes. Tensors are read one after the other.
TextMap parse(std::string_view headerText, uint64_t fileSize, const std::string& source, const Fill& fill,
              const TensorSink& each) {
  const Json header = Json::parse(headerText, nullptr, false);
  if (!header.is_object()) failFormat(source, "Its header is not a JSON object.");
  const uint64_t start = 8 + headerText.size(), size = fileSize - start;
  TextMap metadata;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(readEntry(name, json, source));
      continue;
    }
    for (const auto& [key, value] : json.items())
      if (value.is_string()) metadata[key] = value.get<std::string>();
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  uint64_t expected = 0;
  for (const Entry& e : entries) {
    if (e.begin != expected || e.end > size)
      failFormat(source,
                 fmt::format("Tensor '{}' lies at bytes {} to {} of {}, which leaves a gap, overlaps or ends outside.",
                             e.name, e.begin, e.end, size));
    expected = e.end;
  }
  if (expected != size) failFormat(source, fmt::format("{} bytes follow the last tensor.", size - expected));
  for (const Entry& e : entries) {
    NamedTensor read{e.name, HostTensor(e.dtype, e.shape)};
    fill(start + e.begin, read.tensor.bytes);
    each(std::move(read));
  }
  return metadata;
}

}  // namespace

SafetensorsFile parseSafetensors(std::string_view bytes, const std::string& source) {
  const uint64_t length = headerLength(bytes.substr(0, 8), bytes.size(), source);
  const Fill fill = [&](uint64_t at, std::span<std::byte> into) {
    if (!into.empty()) std::memcpy(into.data(), bytes.data() + at, into.size());
  };
  SafetensorsFile file;
  file.metadata = parse(bytes.substr(8, length), bytes.size(), source, fill,
                        [&](NamedTensor t) { file.tensors.push_back(std::move(t)); });
  return file;
}

SafetensorsFile readSafetensors(const std::filesystem::path& path) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec)) return parseSafetensors(readFile(path), path.string());
  SafetensorsFile file;
  file.metadata = readSafetensors(path, [&](NamedTensor t) { file.tensors.push_back(std::move(t)); });
  return file;
}

TextMap readSafetensors(const std::filesystem::path& path, const TensorSink& each) {
  const InputFile file(path);
  const std::string source = path.string(), head = file.read(0, std::min<uint64_t>(8, file.size()));
  const std::string header = file.read(8, headerLength(head, file.size(), source));
  return parse(header, file.size(), source, [&](uint64_t at, std::span<std::byte> into) { file.read(at, into); }, each);
}

}  // namespace netwright
