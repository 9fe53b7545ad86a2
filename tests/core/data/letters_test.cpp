// SPDX-License-Identifier: Apache-2.0
#include "core/data/letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

ColumnSpec columnOf(const Alphabet& alphabet, int64_t length, bool padsStart = false) {
  return {
      .name = "word", .dtype = DType::Int64, .shape = {length}, .classes = alphabet.names(), .padsStart = padsStart};
}

TEST(Letters, AreCodePointsAndWrongBytesStandAlone) {
  EXPECT_THAT(letters("aé€😀"), ElementsAre("a", "é", "€", "😀"));
  EXPECT_THAT(letters("\xC3"), ElementsAre("\xC3"));
  EXPECT_THAT(letters("\xE2\x82z\xFF"), ElementsAre("\xE2", "\x82", "z", "\xFF"));
  EXPECT_TRUE(letters("").empty());
}

TEST(Letters, AnAlphabetIsInOrderBehindTheFiller) {
  Alphabet alphabet;
  alphabet.add("b é");
  alphabet.add("ab\n");
  EXPECT_THAT(alphabet.names(), ElementsAre("(padding)", "(newline)", "(space)", "a", "b", "é"));
  EXPECT_EQ(alphabet.numbers().at("a"), 3);
  EXPECT_EQ(alphabet.numbers().size(), 5u);
}

TEST(Letters, ATextBecomesNumbersAndATextAgain) {
  Alphabet alphabet;
  alphabet.add("no é");
  const ColumnSpec end = columnOf(alphabet, 6), start = columnOf(alphabet, 6, true);
  EXPECT_TRUE(holdsText(end));
  EXPECT_THAT(textNumbers(end, "é no"), ElementsAre(4, 1, 2, 3, 0, 0));
  EXPECT_THAT(textNumbers(start, "é no"), ElementsAre(0, 0, 4, 1, 2, 3));
  EXPECT_THAT(textNumbers(end, "nononono"), ElementsAre(2, 3, 2, 3, 2, 3)) << "cut off at its end";
  EXPECT_EQ(textOf(end, textNumbers(end, "é no")), "é no");
  EXPECT_EQ(textOf(start, textNumbers(start, "")), "");
  EXPECT_EQ(textOf(end, std::vector<int64_t>{2, 99, -1, 3}), "no") << "numbers of nothing are left out";
}

TEST(Letters, ALetterThatIsNotKnownIsNamed) {
  Alphabet alphabet;
  alphabet.add("a b");
  EXPECT_EQ(
      test::messageOf([&] { textNumbers(columnOf(alphabet, 4), "aß"); }),
      "There is no 'ß' in the texts of 'word' that the network has read. It knows (space) a b. Use these letters.");
}

TEST(Letters, ColumnsOfClassesAndNumbersAreNoTexts) {
  EXPECT_FALSE(holdsText({.name = "label", .dtype = DType::Int64, .classes = {"a", "b"}}));
  EXPECT_FALSE(holdsText({.name = "mask", .dtype = DType::Int64, .shape = {4}, .classes = {"a", "b"}}));
  EXPECT_FALSE(holdsText({.name = "x", .shape = {4}}));
}

}  // namespace
}  // namespace netwright::data
