// SPDX-License-Identifier: Apache-2.0
#include "core/base/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "core/base/error.h"
#include "core/base/file.h"
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

SafetensorsFile parseSafetensors(std::string_view bytes, const std::string& source) {
  uint64_t length = 0;
  if (bytes.size() < 8) failFormat(source, fmt::format("It has {} bytes; the header alone needs more.", bytes.size()));
  std::memcpy(&length, bytes.data(), 8);
  if (length > kMaxHeader || length > bytes.size() - 8)
    failFormat(source, fmt::format("Its header claims {} bytes but the file has {}.", length, bytes.size()));
  const Json header = Json::parse(bytes.substr(8, length), nullptr, false);
  if (!header.is_object()) failFormat(source, "Its header is not a JSON object.");
  const std::string_view data = bytes.substr(8 + length);
  SafetensorsFile file;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(readEntry(name, json, source));
      continue;
    }
    for (const auto& [key, value] : json.items())
      if (value.is_string()) file.metadata[key] = value.get<std::string>();
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  uint64_t expected = 0;
  for (const Entry& e : entries) {
    if (e.begin != expected || e.end > data.size())
      failFormat(source,
                 fmt::format("Tensor '{}' lies at bytes {} to {} of {}, which leaves a gap, overlaps or ends outside.",
                             e.name, e.begin, e.end, data.size()));
    NamedTensor t{e.name, HostTensor(e.dtype, e.shape)};
    const auto from = std::as_bytes(std::span(data)).subspan(e.begin, t.tensor.bytes.size());
    std::copy(from.begin(), from.end(), t.tensor.bytes.begin());
    file.tensors.push_back(std::move(t));
    expected = e.end;
  }
  if (expected != data.size())
    failFormat(source, fmt::format("{} bytes follow the last tensor.", data.size() - expected));
  return file;
}

SafetensorsFile readSafetensors(const std::filesystem::path& path) {
  return parseSafetensors(readFile(path), path.string());
}

}  // namespace netwright
