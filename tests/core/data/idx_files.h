// SPDX-License-Identifier: Apache-2.0
// Small IDX files in a folder of their own, which is removed afterwards. For tests of sources.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace netwright::data {

class DataFolder : public netwright::test::TempFolder {
 public:
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path() / name, std::ios::binary) << bytes;
    return path() / name;
  }
};

inline std::string bigEndian(uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

inline std::string idxHeader(uint32_t magic, const std::vector<uint32_t>& sizes) {
  std::string header = bigEndian(magic);
  for (const uint32_t size : sizes) header += bigEndian(size);
  return header;
}

// Pixel k of the file has the value k modulo 256.
inline std::string idxImages(uint32_t count, uint32_t height, uint32_t width) {
  std::string pixels(size_t{count} * height * width, '\0');
  std::iota(pixels.begin(), pixels.end(), '\0');
  return idxHeader(0x803, {count, height, width}) + pixels;
}

inline std::string idxLabels(const std::vector<uint8_t>& labels) {
  return idxHeader(0x801, {static_cast<uint32_t>(labels.size())}) + std::string(labels.begin(), labels.end());
}

inline std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
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

}  // namespace netwright::data
