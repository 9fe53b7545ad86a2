// SPDX-License-Identifier: Apache-2.0
// Small NPY files and zip archives as NumPy writes them. For tests of sources.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace netwright::data {

inline std::string littleEndian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += i < 8 ? static_cast<char>(value >> 8 * i) : char{0};
  return out;
}

template <class T>
std::string bytesOf(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// header: what comes between the braces of the dictionary.
inline std::string npyWith(const std::string& header, const std::string& data, int version = 1) {
  std::string text = "{" + header + "}";
  const size_t before = version == 1 ? 10 : 12;
  text += std::string(63 - (before + text.size()) % 64, ' ') + "\n";
  return std::string("\x93NUMPY", 6) + static_cast<char>(version) + '\0' +
         littleEndian(text.size(), version == 1 ? 2 : 4) + text + data;
}

// shape as in Python: "3, 2" or "3,".
inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data,
                       bool fortran = false, int version = 1) {
  return npyWith(
      "'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" + shape + "), ",
      data, version);
}

inline std::string deflated(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, bool deflate = false) {
  std::string out, directory;
  for (const auto& [name, content] : entries) {
    const std::string data = deflate ? deflated(content) : content;
    const uint64_t crc = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
    const std::string sizes = littleEndian(crc, 4) + littleEndian(data.size(), 4) + littleEndian(content.size(), 4) +
                              littleEndian(name.size(), 2) + littleEndian(0, 2);
    const std::string common =
        littleEndian(20, 2) + littleEndian(0, 2) + littleEndian(deflate ? 8 : 0, 2) + littleEndian(0, 4) + sizes;
    directory += littleEndian(0x02014b50, 4) + littleEndian(20, 2) + common + littleEndian(0, 10) +
                 littleEndian(out.size(), 4) + name;
    out += littleEndian(0x04034b50, 4) + common + name + data;
  }
  const size_t offset = out.size();
  return out + directory + littleEndian(0x06054b50, 4) + littleEndian(0, 4) + littleEndian(entries.size(), 2) +
         littleEndian(entries.size(), 2) + littleEndian(directory.size(), 4) + littleEndian(offset, 4) +
         littleEndian(0, 2);
}

}  // namespace netwright::data
