// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/text_encoding.h"

#include <gtest/gtest.h>

#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using namespace std::string_literals;
using netwright::test::messageOf;

DecodedText decode(const std::string& bytes, Encoding encoding = Encoding::Detect) {
  return decodeText(bytes, encoding, "t.csv");
}

TEST(TextEncoding, TextEncoding_TakesUtf8WithAndWithoutMark) {
  EXPECT_EQ(decode("é€😀").text, "é€😀");
  EXPECT_EQ(decode("\xEF\xBB\xBF"
                   "é")
                .text,
            "é");
  EXPECT_EQ(decode("é").note, "");
}

TEST(TextEncoding, TextEncoding_TakesUtf16ByItsMark) {
  EXPECT_EQ(decode("\xFF\xFE"
                   "a\0\xE9\0\xAC\x20\x3D\xD8\x00\xDE"s)
                .text,
            "aé€😀");
  EXPECT_EQ(decode("\xFE\xFF\0a\0\xE9\x20\xAC\xD8\x3D\xDE\x00"s).text, "aé€😀");
  EXPECT_EQ(decode("a\0\xE9\0"s, Encoding::Utf16).text, "aé");
}

TEST(TextEncoding, TextEncoding_FallsBackToLatin1AndSaysSo) {
  const DecodedText decoded = decode("a\nb,caf\xE9\n");
  EXPECT_EQ(decoded.text, "a\nb,café\n");
  EXPECT_EQ(decoded.note, "t.csv is not UTF-8 (byte 0xE9 in line 2), so it was read as Latin-1.");
  EXPECT_EQ(decode("caf\xE9", Encoding::Latin1).text, "café");
  EXPECT_EQ(decode("caf\xE9", Encoding::Latin1).note, "");
}

TEST(TextEncoding, TextEncoding_RejectsHalfCharactersAndZeroBytes) {
  EXPECT_EQ(messageOf([] {
              decode(
                  "\xFF\xFE"
                  "a\0\n\0b"s);
            }),
            "t.csv, line 2: this is not UTF-16. The file ends within a character. Save the file as UTF-8.");
  EXPECT_EQ(messageOf([] {
              decode(
                  "\xFF\xFE\x3D\xD8"
                  "a\0"s);
            }),
            "t.csv, line 1: this is not UTF-16. The first half of a character stands alone. Save the file as UTF-8.");
  EXPECT_EQ(messageOf([] { decode("\xFF\xFE\x00\xDE"s); }),
            "t.csv, line 1: this is not UTF-16. The second half of a character stands alone. Save the file as UTF-8.");
  EXPECT_EQ(messageOf([] { decode("a\nb\0"s); }),
            "t.csv, line 2: there is a zero byte, so this is not a text file. Choose a text file, or save it as "
            "UTF-8.");
}

TEST(TextEncoding, FirstNonUtf8_KnowsOverlongFormsSurrogatesAndLimits) {
  for (const std::string good : {"", "a", "é", "€", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(firstNonUtf8(good), std::nullopt) << good;
  for (const std::string bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5"})
    EXPECT_EQ(firstNonUtf8("ab" + bad), 2u);
}

}  // namespace
}  // namespace netwright::data
