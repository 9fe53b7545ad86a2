// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/zip_reader.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr uint32_t kEnd = 0x06054b50, kLongEnd = 0x06064b50, kLongLocator = 0x07064b50, kCentral = 0x02014b50,
                   kLocal = 0x04034b50;
constexpr uint64_t kEndSize = 22, kLocatorSize = 20, kCentralSize = 46, kLocalSize = 30, kMostComment = 65535;
constexpr uint64_t kMostExpansion = 1032;  // of deflate: 258 bytes from 2 bits

}  // namespace

void ZipReader::fail(std::string why) const {
  failInput(fmt::format("{} is not an archive that can be read.", fileName_), std::move(why), "Get the file again.");
}

std::string_view ZipReader::piece(uint64_t at, uint64_t size) const {
  if (at > bytes_.size() || size > bytes_.size() - at) fail("It ends too early.");
  return bytes_.substr(at, size);
}

uint64_t ZipReader::number(uint64_t at, int bytes) const {
  const std::string_view digits = piece(at, static_cast<uint64_t>(bytes));
  uint64_t value = 0;
  for (size_t i = digits.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(digits[i]);
  return value;
}

ZipReader::ZipReader(std::string_view bytes, std::string fileName) : bytes_(bytes), fileName_(std::move(fileName)) {
  if (bytes_.size() < kEndSize) fail("It is too short.");
  const uint64_t lowest = bytes_.size() - std::min<uint64_t>(bytes_.size(), kEndSize + kMostComment);
  uint64_t end = bytes_.size() - kEndSize;
  while (number(end, 4) != kEnd) {
    if (end == lowest) fail("It has no directory at its end; it looks cut off.");
    --end;
  }
  uint64_t entries = number(end + 10, 2), offset = number(end + 16, 4);
  if (entries == 0xFFFF || offset == 0xFFFFFFFF) {
    if (end < kLocatorSize || number(end - kLocatorSize, 4) != kLongLocator) fail("Its directory is damaged.");
    const uint64_t longEnd = number(end - kLocatorSize + 8, 8);
    if (number(longEnd, 4) != kLongEnd) fail("Its directory is damaged.");
    entries = number(longEnd + 32, 8);
    offset = number(longEnd + 48, 8);
  }
  readDirectory(offset, entries);
}

void ZipReader::readDirectory(uint64_t at, uint64_t entries) {
  for (uint64_t i = 0; i < entries; ++i) {
    if (number(at, 4) != kCentral) fail("Its directory is damaged.");
    Entry entry;
    entry.flags = static_cast<uint16_t>(number(at + 8, 2));
    entry.method = static_cast<uint16_t>(number(at + 10, 2));
    entry.crc = static_cast<uint32_t>(number(at + 16, 4));
    entry.packed = number(at + 20, 4);
    entry.size = number(at + 24, 4);
    entry.offset = number(at + 42, 4);
    const uint64_t nameSize = number(at + 28, 2), extraSize = number(at + 30, 2), commentSize = number(at + 32, 2);
    entry.name = piece(at + kCentralSize, nameSize);
    readLongSizes(entry, at + kCentralSize + nameSize, at + kCentralSize + nameSize + extraSize);
    at += kCentralSize + nameSize + extraSize + commentSize;
    entries_.push_back(std::move(entry));
  }
}

// Zip64: sizes that do not fit into 32 bits follow in an extra field, in this order.
void ZipReader::readLongSizes(Entry& entry, uint64_t at, uint64_t end) const {
  while (at + 4 <= end) {
    const uint64_t id = number(at, 2), size = number(at + 2, 2);
    if (id == 1) {
      uint64_t field = at + 4;
      for (uint64_t* value : {&entry.size, &entry.packed, &entry.offset}) {
        if (*value != 0xFFFFFFFF) continue;
        if (field + 8 > at + 4 + size) fail("Its directory is damaged.");
        *value = number(field, 8);
        field += 8;
      }
    }
    at += 4 + size;
  }
}

const ZipReader::Entry* ZipReader::find(const std::string& name) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  return it == entries_.end() ? nullptr : &*it;
}

bool ZipReader::has(const std::string& name) const { return find(name) != nullptr; }

std::vector<std::string> ZipReader::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  return names;
}

std::string ZipReader::read(const std::string& name, int64_t most) const {
  const Entry* entry = find(name);
  if (!entry) fail(fmt::format("It has no entry '{}'.", name));
  if (entry->flags & 1) fail(fmt::format("Its entry '{}' is encrypted.", name));
  if (entry->method != 0 && entry->method != 8)
    fail(fmt::format("Its entry '{}' is packed by method {}, and only deflate is known.", name, entry->method));
  if (number(entry->offset, 4) != kLocal) fail(fmt::format("Its entry '{}' is not where the directory says.", name));
  const uint64_t data = entry->offset + kLocalSize + number(entry->offset + 26, 2) + number(entry->offset + 28, 2);
  const std::string_view packed = piece(data, entry->packed);
  const uint64_t possible = entry->method == 0 ? entry->packed : entry->packed * kMostExpansion;
  if (entry->size > possible || (entry->method == 0 && entry->size != entry->packed))
    fail(fmt::format("Its entry '{}' claims {} bytes, which cannot come from {}.", name,
                     grouped(static_cast<int64_t>(entry->size)), grouped(static_cast<int64_t>(entry->packed))));
  if (entry->size > static_cast<uint64_t>(most) || entry->packed > std::numeric_limits<uInt>::max() ||
      entry->size > std::numeric_limits<uInt>::max())
    fail(fmt::format("Its entry '{}' holds {}, which is too much.", name, byteText(static_cast<double>(entry->size))));
  std::string out(entry->method == 0 ? std::string(packed) : std::string(entry->size, '\0'));
  if (entry->method == 8) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (result != Z_STREAM_END || stream.avail_out != 0) fail(fmt::format("Its entry '{}' is damaged.", name));
  }
  if (crc32_z(0, reinterpret_cast<const Bytef*>(out.data()), out.size()) != entry->crc)
    fail(fmt::format("Its entry '{}' is damaged: the check sum differs.", name));
  return out;
}

}  // namespace netwright::data
