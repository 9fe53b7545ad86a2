// SPDX-License-Identifier: Apache-2.0
// Zip archives written byte by byte, so that they may lie.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace netwright::test {

struct HostileEntry {
  std::string name, content;
  uint32_t mode = 0100644;
  std::optional<std::string> localName;  // where the directory names another
  std::optional<uint32_t> size, packed;  // as the directory says
  std::optional<uint32_t> crc;
  uint16_t method = 0, flags = 0;
  std::string extra;
  std::optional<uint32_t> offset;  // of the local part, as the directory says
  uint8_t system = 3;              // 3 is Unix
};

inline void append(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

inline std::string deflated(const std::string& text) {
  std::string out(compressBound(text.size()) + 64, '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

inline std::string hostileZip(const std::vector<HostileEntry>& entries) {
  std::string out, directory;
  const auto common = [](std::string& to, const HostileEntry& e, uint32_t crc, size_t packed, const std::string& name) {
    append(to, 20, 2);
    append(to, e.flags, 2);
    append(to, e.method, 2);
    append(to, 0, 2);
    append(to, 33, 2);
    append(to, crc, 4);
    append(to, e.packed.value_or(static_cast<uint32_t>(packed)), 4);
    append(to, e.size.value_or(static_cast<uint32_t>(e.content.size())), 4);
    append(to, name.size(), 2);
    append(to, e.extra.size(), 2);
  };
  for (const HostileEntry& e : entries) {
    const std::string data = e.method == 8 ? deflated(e.content) : e.content;
    const auto whole = static_cast<uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(e.content.data()), static_cast<uInt>(e.content.size())));
    const uint32_t crc = e.crc.value_or(whole);
    const auto at = static_cast<uint32_t>(out.size());
    out += "PK\3\4";
    common(out, e, crc, data.size(), e.localName.value_or(e.name));
    out += e.localName.value_or(e.name) + e.extra + data;
    directory += "PK\1\2";
    append(directory, 20 | e.system << 8, 2);
    common(directory, e, crc, data.size(), e.name);
    append(directory, 0, 2);
    append(directory, 0, 2);
    append(directory, 0, 2);
    append(directory, uint64_t{e.mode} << 16, 4);
    append(directory, e.offset.value_or(at), 4);
    directory += e.name + e.extra;
  }
  const auto start = out.size();
  out += directory + "PK\5\6";
  append(out, 0, 4);
  append(out, entries.size(), 2);
  append(out, entries.size(), 2);
  append(out, directory.size(), 4);
  append(out, start, 4);
  append(out, 0, 2);
  return out;
}

}  // namespace netwright::test
