// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/fuzzy.h"

#include <gtest/gtest.h>

namespace netwright::panels {
namespace {

TEST(Fuzzy, WordsComeInAnyOrderAndLettersInTheirs) {
  EXPECT_TRUE(fuzzyScore(u"train start", u"Start training"));
  EXPECT_TRUE(fuzzyScore(u"sttr", u"Start training"));
  EXPECT_FALSE(fuzzyScore(u"ngtr", u"Start training"));
  EXPECT_FALSE(fuzzyScore(u"start stop", u"Start training"));
  EXPECT_EQ(fuzzyScore(u"", u"Anything"), 0);
  EXPECT_EQ(fuzzyScore(u"  ", u"Anything"), 0);
}

TEST(Fuzzy, WholeWordsBeatLettersAndBeginningsBeatMiddles) {
  EXPECT_GT(*fuzzyScore(u"save", u"Save"), *fuzzyScore(u"save", u"Show all versions ever"));
  EXPECT_GT(*fuzzyScore(u"run", u"Delete run"), *fuzzyScore(u"run", u"Pruning"));
  EXPECT_GT(*fuzzyScore(u"dl", u"Delete layer"), *fuzzyScore(u"dl", u"Middle"));
}

}  // namespace
}  // namespace netwright::panels
