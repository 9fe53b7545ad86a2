// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

Table textTable(const std::string& text, int64_t length, int64_t stride) {
  return Table(text, "text", "t.txt", {{"length", length}, {"stride", stride}});
}

TEST(Text, WindowsAndTheSameOneLetterOn) {
  const Table table = textTable("abcabcab", 3, 2);
  const DataSplits data = table.open();
  EXPECT_EQ(data.train->size(), 3);
  EXPECT_THAT(values<int64_t>(*data.train, "x"), ElementsAre(1, 2, 3, 3, 1, 2, 2, 3, 1));
  EXPECT_THAT(values<int64_t>(*data.train, "next"), ElementsAre(2, 3, 1, 1, 2, 3, 3, 1, 2));
  const ColumnSpec& next = data.train->columns()[1];
  EXPECT_EQ(next.follows, "x");
  EXPECT_EQ(next.role, Role::Target);
  EXPECT_THAT(next.classes, ElementsAre("(padding)", "a", "b", "c"));
  EXPECT_EQ(table.describe(), data.train->columns());
  EXPECT_EQ(data.train->sampleName(2), "the letters from 5 to 7 of t.txt");
}

TEST(Text, SetsFollowEachOtherWithoutACommonLetter) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>('a' + i % 26);
  Table table = textTable(text, 10, 3);
  table.config.validation = 0.2;
  const DataSplits data = table.open();
  ASSERT_FALSE(data.validationSamples.empty());
  const int64_t lastRead = data.trainSamples.back() * 3 + 10, firstHeld = data.validationSamples.front() * 3;
  EXPECT_GT(firstHeld, lastRead);
  EXPECT_LE(firstHeld, lastRead + 3);
  table.config.split = SplitMode::Random;
  EXPECT_THAT(table.message(), testing::HasSubstr("A series cannot be split 'random'"));
}

TEST(Text, LinesEndInOneLetterAndEncodingsAreRead) {
  EXPECT_EQ(textTable("ab\r\ncd\n", 3, 1).open().train->columns()[0].classes,
            textTable("ab\ncd\n", 3, 1).open().train->columns()[0].classes);
  Table latin = textTable("caf\xE9 caf\xE9", 3, 1);
  EXPECT_THAT(latin.open().notes, ElementsAre(testing::HasSubstr("was read as Latin-1")));
  latin.config.params["encoding"] = std::string("utf-8");
  EXPECT_EQ(latin.message(),
            "t.txt, byte 4: this is not UTF-8. Set encoding to detect or latin-1, or save the file as "
            "UTF-8.");
}

TEST(Text, WhatIsTooShortOrNoTextIsRefused) {
  EXPECT_EQ(
      textTable("abc", 3, 1).message(),
      "t.txt has 3 letters, but a window of 3 and the letter after it need 4. Set length lower, or choose a longer "
      "text.");
  EXPECT_THAT(textTable(std::string("ab\0cd", 5), 3, 1).message(), testing::HasSubstr("zero byte"));
  std::string many;
  for (int c = 0; c < 12'000; ++c) {
    const int code = 0x4E00 + c;
    many += static_cast<char>(0xE0 | code >> 12);
    many += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    many += static_cast<char>(0x80 | (code & 0x3F));
  }
  EXPECT_EQ(textTable(many, 3, 1).message(),
            "There are more than 10,000 different letters in t.txt. Choose a text of one language.");
}

}  // namespace
}  // namespace netwright::data
