// SPDX-License-Identifier: Apache-2.0
// Layout: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end).
#include "core/convert/wire/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::convert {
namespace {

constexpr size_t kAlignment = 64;
constexpr uint16_t kVersion = 20, kUtf8Names = 0x0800, kStored = 0, kTime = 0, kDate = 0x0021;  // 1980-01-01

void put16(std::string& out, size_t value) {
  out.push_back(static_cast<char>(value & 0xff));
  out.push_back(static_cast<char>(value >> 8 & 0xff));
}
void put32(std::string& out, size_t value) {
  put16(out, value & 0xffff);
  put16(out, value >> 16);
}

uint32_t checksum(std::string_view content) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

// What the local header and the directory say alike.
void putCommon(std::string& out, std::string_view content, uint32_t crc) {
  for (const size_t v : {size_t{kVersion}, size_t{kUtf8Names}, size_t{kStored}, size_t{kTime}, size_t{kDate}})
    put16(out, v);
  for (const size_t v : {size_t{crc}, content.size(), content.size()}) put32(out, v);
}

// An extra field that moves the data to the next multiple of 64; "FB" is the mark that PyTorch uses.
std::string padding(size_t headerEnd) {
  size_t gap = (kAlignment - headerEnd % kAlignment) % kAlignment;
  if (gap == 0) return "";
  if (gap < 4) gap += kAlignment;
  std::string extra = "FB";
  put16(extra, gap - 4);
  extra.resize(gap, 'Z');
  return extra;
}

}  // namespace

void ZipWriter::add(const std::string& name, std::string content) {
  begin(name, content);
  out_.add(std::move(content));
}

void ZipWriter::borrow(const std::string& name, std::string_view content) {
  begin(name, content);
  out_.borrow(content);
}

// The local header and the entry of the directory.
void ZipWriter::begin(const std::string& name, std::string_view content) {
  const size_t total = out_.size() + directory_.size() + content.size() + 2 * name.size() + 512;
  if (total > UINT32_MAX || entries_ >= UINT16_MAX - 1 || name.size() > UINT16_MAX)
    failInput("The file would be too large.",
              fmt::format("It needs {} in {} parts; a zip archive holds 4.3 GB and 65,534 parts.",
                          byteText(static_cast<double>(total)), grouped(entries_ + 1)),
              "Export as safetensors, which has no limit.");
  const uint32_t crc = checksum(content);
  const size_t offset = out_.size();
  const std::string extra = padding(offset + 30 + name.size());
  std::string head;
  put32(head, 0x04034b50);
  putCommon(head, content, crc);
  put16(head, name.size());
  put16(head, extra.size());
  out_.add(head + name + extra);

  put32(directory_, 0x02014b50);
  put16(directory_, kVersion);
  putCommon(directory_, content, crc);
  put16(directory_, name.size());
  for (int i = 0; i < 4; ++i) put16(directory_, 0);  // extra field, comment, disk, text or binary
  put32(directory_, 0);                              // attributes
  put32(directory_, offset);
  directory_ += name;
  ++entries_;
}

Chunks ZipWriter::finish() {
  const size_t start = out_.size();
  std::string end;
  put32(end, 0x06054b50);
  put32(end, 0);  // disks
  put16(end, entries_);
  put16(end, entries_);
  put32(end, directory_.size());
  put32(end, start);
  put16(end, 0);  // comment
  out_.add(directory_ + end);
  directory_.clear();
  entries_ = 0;
  return std::exchange(out_, {});
}

}  // namespace netwright::convert
