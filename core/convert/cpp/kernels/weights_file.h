// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace netwright::convert::cpp::kernels {

// The file of weights, all numbers little-endian:
//   0  "NWWEIGHT"
//   8  uint32 version: 1
//  12  uint32 0x01020304, which tells the order of bytes
//  16  uint64 size of the file in bytes
//  24  uint64 checksum of all that follows: h = 0xcbf29ce484222325, then h = (h ^ w) * 0x100000001b3 for each uint64 w
//  32  uint64 number of tensors, then for each: uint32 length of its name, the name, uint32 type (0: float32, 1:
//  int64),
//      uint32 number of dimensions, a uint64 for each, uint64 place of its data in the file
//  then the data, row by row; each tensor begins at a multiple of 64, and so does the end of the file.
class WeightsFile {
 public:
  explicit WeightsFile(std::string path) : path_(std::move(path)) {
    std::ifstream in(path_, std::ios::binary | std::ios::ate);
    if (!in) fail("cannot be opened. Pass the path of the .weights file that was written with this header");
    bytes_.resize(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    if (!in.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()))) fail("cannot be read");
    if (bytes_.size() < 40 || std::memcmp(bytes_.data(), "NWWEIGHT", 8) != 0) fail("is no file of weights");
    place_ = 8;
    const auto version = number<std::uint32_t>(), order = number<std::uint32_t>();
    if (order != 0x01020304) fail("is little-endian, but this machine is not");
    if (version != 1) fail("has version " + std::to_string(version) + "; this code reads version 1");
    const auto size = number<std::uint64_t>(), sum = number<std::uint64_t>();
    if (size != bytes_.size())
      fail("is damaged: it says " + std::to_string(size) + " bytes but has " + std::to_string(bytes_.size()));
    if (sum != checksum()) fail("is damaged: its checksum is wrong. Copy it again");
    for (auto count = number<std::uint64_t>(); count > 0; --count) readEntry();
  }

  std::vector<float> floats(const char* name, const std::vector<std::uint64_t>& shape) const {
    return read<float>(name, shape, 0);
  }
  std::vector<std::int64_t> integers(const char* name, const std::vector<std::uint64_t>& shape) const {
    return read<std::int64_t>(name, shape, 1);
  }

 private:
  struct Entry {
    std::uint32_t type;
    std::vector<std::uint64_t> shape;
    std::uint64_t place;
  };

  [[noreturn]] void fail(const std::string& problem) const { throw std::runtime_error(path_ + " " + problem + "."); }

  template <class T>
  T number() {
    if (bytes_.size() - place_ < sizeof(T)) fail("is damaged: its table of tensors is cut off");
    T value;
    std::memcpy(&value, bytes_.data() + place_, sizeof(T));
    place_ += sizeof(T);
    return value;
  }

  std::uint64_t checksum() const {
    std::uint64_t sum = 0xcbf29ce484222325u;
    for (std::size_t i = 32; i + 8 <= bytes_.size(); i += 8) {
      std::uint64_t word;
      std::memcpy(&word, bytes_.data() + i, 8);
      sum = (sum ^ word) * 0x100000001b3u;
    }
    return sum;
  }

  void readEntry() {
    const auto length = number<std::uint32_t>();
    if (bytes_.size() - place_ < length) fail("is damaged: its table of tensors is cut off");
    const std::string name(bytes_.data() + place_, length);
    place_ += length;
    Entry entry{number<std::uint32_t>(), {}, 0};
    for (auto rank = number<std::uint32_t>(); rank > 0; --rank) entry.shape.push_back(number<std::uint64_t>());
    entry.place = number<std::uint64_t>();
    entries_[name] = std::move(entry);
  }

  static std::string text(const std::vector<std::uint64_t>& shape) {
    std::string out;
    for (const std::uint64_t size : shape) out += (out.empty() ? "" : ", ") + std::to_string(size);
    return "(" + out + ")";
  }

  template <class T>
  std::vector<T> read(const char* name, const std::vector<std::uint64_t>& shape, std::uint32_t type) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) fail(std::string("belongs to another network: it has no '") + name + "'");
    const Entry& entry = found->second;
    if (entry.type != type) fail(std::string("belongs to another network: its '") + name + "' has another type");
    if (entry.shape != shape)
      fail(std::string("belongs to another network: its '") + name + "' has the shape " + text(entry.shape) +
           ", this network's has " + text(shape));
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape) count *= size;
    if (entry.place > bytes_.size() || (bytes_.size() - entry.place) / sizeof(T) < count)
      fail(std::string("is damaged: '") + name + "' lies beyond its end");
    std::vector<T> values(static_cast<std::size_t>(count));
    if (count > 0) std::memcpy(values.data(), bytes_.data() + entry.place, values.size() * sizeof(T));
    return values;
  }

  std::string path_;
  std::vector<char> bytes_;
  std::size_t place_ = 0;
  std::map<std::string, Entry> entries_;
};

}  // namespace netwright::convert::cpp::kernels
