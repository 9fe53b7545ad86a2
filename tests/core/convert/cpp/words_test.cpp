// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/words.h"

#include <gtest/gtest.h>

namespace netwright::convert::cpp {
namespace {

TEST(CppWords, MakesIdentifiers) {
  for (const auto& [name, expected] : {std::pair("conv1", "conv1"),
                                       {"my conv", "my_conv"},
                                       {"class", "class_"},
                                       {"2nd layer", "n2nd_layer"},
                                       {"_Hidden__x", "Hidden_x"},
                                       {"", "n"},
                                       {"für", "f_r"},
                                       {"...", "n"},
                                       {"and", "and_"},
                                       {"x_", "x_"},
                                       {"kernels", "kernels_"}})
    EXPECT_EQ(identifier(name), expected) << name;
  for (const char* no : {"", "1a", "_x", "a__b", "int", "co_await", "a b", "std"}) EXPECT_FALSE(isIdentifier(no)) << no;
}

TEST(CppWords, MakesStemsOfFiles) {
  for (const auto& [name, expected] : {std::pair("Digits CNN", "digits_cnn"),
                                       {"日本", "model"},
                                       {"", "model"},
                                       {"class", "class_"},
                                       {"A (second) ", "a_second"},
                                       {"../../etc", "etc"}})
    EXPECT_EQ(stem(name), expected) << name;
}

TEST(CppWords, KeepsCommentsOnTheirLine) {
  EXPECT_EQ(comment("a\nb\r\\"), "a?b?/");
  EXPECT_EQ(comment("a */ b ?\?/"), "a * / b ?\? /");
  EXPECT_EQ(comment("für 日本 \xff\xc3"), "für 日本 ??");
  EXPECT_EQ(comment("\u202Eabc\u2028"), "???abc???");  // turns the direction of reading; breaks the line
}

TEST(CppWords, QuotesEveryByte) { EXPECT_EQ(quoted("a\"b\\c?\n\t\xc3\xbc"), R"("a\"b\\c\?\n\011\303\274")"); }

TEST(CppWords, WritesNumbersThatReadTheSame) {
  EXPECT_EQ(real(1), "1.0");
  EXPECT_EQ(real(1e-5), "1e-05");
  EXPECT_EQ(realF(0.1), "0.1F");
  EXPECT_EQ(realF(3), "3.0F");
}

}  // namespace
}  // namespace netwright::convert::cpp
