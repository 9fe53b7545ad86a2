// SPDX-License-Identifier: Apache-2.0
// Bytes of a text file as UTF-8: with or without mark, UTF-16, Latin-1. Used by the sources that read text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace netwright::data {

enum class Encoding { Detect, Utf8, Utf16, Latin1 };
// "utf-8", "utf-16" or "latin-1"; anything else is Detect.
Encoding encodingFromName(std::string_view name);

struct DecodedText {
  std::string text;  // UTF-8 without a mark; with Encoding::Utf8 wrong bytes stay in it, for the reader to name
  std::string note;  // a sentence for the user when the encoding was guessed; else empty
};

// Detect: by the mark at the start, else UTF-8 if the bytes are that, else Latin-1 with a note.
// Throws Error{Input}: zero bytes (no text), half characters in UTF-16.
DecodedText decodeText(std::string bytes, Encoding encoding, const std::string& fileName);

// Where the first byte is that belongs to no UTF-8 character; none if all do.
std::optional<size_t> firstNonUtf8(std::string_view text);

}  // namespace netwright::data
