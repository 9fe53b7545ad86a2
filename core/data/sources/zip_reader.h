// SPDX-License-Identifier: Apache-2.0
// Entries of a zip archive in memory: stored or deflated, with check sums. Writes nothing, so names cannot lead
// anywhere. Layout: PKWARE APPNOTE 6.3. Used by the NumPy source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netwright::data {

class ZipReader {
 public:
  // Reads the directory. `bytes` must outlive this. Throws Error{Input} that names `fileName`.
  ZipReader(std::string_view bytes, std::string fileName);

  std::vector<std::string> names() const;
  bool has(const std::string& name) const;
  // The unpacked entry. Throws Error{Input}: damaged, encrypted, an unknown method, larger than `most`.
  std::string read(const std::string& name, int64_t most) const;

 private:
  struct Entry {
    std::string name;
    uint16_t flags = 0, method = 0;
    uint32_t crc = 0;
    uint64_t packed = 0, size = 0, offset = 0;
  };

  [[noreturn]] void fail(std::string why) const;
  uint64_t number(uint64_t at, int bytes) const;
  std::string_view piece(uint64_t at, uint64_t size) const;
  void readDirectory(uint64_t at, uint64_t entries);
  void readLongSizes(Entry& entry, uint64_t at, uint64_t end) const;
  const Entry* find(const std::string& name) const;

  std::string_view bytes_;
  std::string fileName_;
  std::vector<Entry> entries_;
};

}  // namespace netwright::data
