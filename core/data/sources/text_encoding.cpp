// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/text_encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/base/error.h"

namespace netwright::data {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleMark = "\xFF\xFE", kBigMark = "\xFE\xFF";

int64_t lineAt(std::string_view text, size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

void append(std::string& out, uint32_t code) {
  const auto byte = [&](uint32_t v) { out += static_cast<char>(v); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

std::string fromLatin1(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) append(out, static_cast<uint8_t>(c));
  return out;
}

[[noreturn]] void failUtf16(const std::string& fileName, const std::string& soFar, const char* why) {
  failInput(fmt::format("{}, line {}: this is not UTF-16.", fileName, lineAt(soFar, soFar.size())), why,
            "Save the file as UTF-8.");
}

std::string fromUtf16(std::string_view bytes, bool bigEndian, const std::string& fileName) {
  std::string out;
  out.reserve(bytes.size());
  const auto unit = [&](size_t at) {
    const auto a = static_cast<uint8_t>(bytes[at]), b = static_cast<uint8_t>(bytes[at + 1]);
    return bigEndian ? uint32_t{a} << 8 | b : uint32_t{b} << 8 | a;
  };
  for (size_t at = 0; at < bytes.size(); at += 2) {
    if (at + 1 == bytes.size()) failUtf16(fileName, out, "The file ends within a character.");
    uint32_t code = unit(at);
    if (code >= 0xDC00 && code < 0xE000) failUtf16(fileName, out, "The second half of a character stands alone.");
    if (code >= 0xD800 && code < 0xDC00) {
      const uint32_t second = at + 3 < bytes.size() ? unit(at + 2) : 0;
      if (second < 0xDC00 || second >= 0xE000) failUtf16(fileName, out, "The first half of a character stands alone.");
      code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
      at += 2;
    }
    append(out, code);
  }
  return out;
}

void requireText(const std::string& text, const std::string& fileName) {
  const size_t zero = text.find('\0');
  if (zero == std::string::npos) return;
  failInput(fmt::format("{}, line {}: there is a zero byte, so this is not a text file.", fileName, lineAt(text, zero)),
            "", "Choose a text file, or save it as UTF-8.");
}

DecodedText decode(std::string bytes, Encoding encoding, const std::string& fileName) {
  const std::string_view view = bytes;
  const bool detect = encoding == Encoding::Detect;
  if ((detect || encoding == Encoding::Utf8) && view.starts_with(kUtf8Mark)) return {bytes.substr(3), ""};
  if (detect || encoding == Encoding::Utf16) {
    const bool big = view.starts_with(kBigMark), little = view.starts_with(kLittleMark);
    if (big || little || !detect) return {fromUtf16(view.substr(big || little ? 2 : 0), big, fileName), ""};
  }
  if (encoding == Encoding::Latin1) return {fromLatin1(bytes), ""};
  const auto wrong = detect ? firstNonUtf8(view) : std::nullopt;
  if (!wrong) return {std::move(bytes), ""};
  return {fromLatin1(bytes), fmt::format("{} is not UTF-8 (byte 0x{:02X} in line {}), so it was read as Latin-1.",
                                         fileName, static_cast<uint8_t>(view[*wrong]), lineAt(view, *wrong))};
}

}  // namespace

Encoding encodingFromName(std::string_view name) {
  return name == "utf-8"     ? Encoding::Utf8
         : name == "utf-16"  ? Encoding::Utf16
         : name == "latin-1" ? Encoding::Latin1
                             : Encoding::Detect;
}

DecodedText decodeText(std::string bytes, Encoding encoding, const std::string& fileName) {
  DecodedText decoded = decode(std::move(bytes), encoding, fileName);
  requireText(decoded.text, fileName);
  return decoded;
}

// As in table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
std::optional<size_t> firstNonUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (uint64_t eight = 0; at + sizeof(eight) <= text.size()) {  // plain ASCII, as most text is
      std::memcpy(&eight, text.data() + at, sizeof(eight));
      if ((eight & 0x8080808080808080) == 0) {
        at += sizeof(eight);
        continue;
      }
    }
    const auto lead = static_cast<uint8_t>(text[at]);
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;
    if (length == 0 || at + length > text.size()) return at;
    uint8_t low = 0x80, high = 0xBF;  // limits of the second byte
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (size_t i = 1; i < length; ++i) {
      const auto next = static_cast<uint8_t>(text[at + i]);
      if (next < low || next > high) return at;
      low = 0x80;
      high = 0xBF;
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace netwright::data
