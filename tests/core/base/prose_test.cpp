// SPDX-License-Identifier: Apache-2.0
#include "core/base/prose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netwright {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Prose, ReadsParagraphsPitfallsExamplesAndLinks) {
  const ProseBook book =
      readProse({{"conv",
                  "## conv1d conv2d\nFinds patterns,\nwherever they are.\n\nSecond `code` paragraph.\n\n"
                  "Pitfall: No bias\nbefore a normalization.\nExample: (N, 3, 8, 8); groups=3\n"
                  "See also: linear, schedule/step\n\n## conv2d\nOf images.\nExample: (N, 1, 4, 4)\n"
                  "PyTorch: torch.conv2d\n"}});
  ASSERT_EQ(book.size(), 2u);
  const Prose &one = book.at("conv1d"), &two = book.at("conv2d");
  EXPECT_THAT(one.paragraphs, ElementsAre("Finds patterns, wherever they are.", "Second `code` paragraph."));
  EXPECT_THAT(one.pitfalls, ElementsAre("No bias before a normalization."));
  EXPECT_THAT(one.seeAlso, ElementsAre("linear", "schedule/step"));
  EXPECT_EQ(one.torchName, "");
  EXPECT_EQ(two.paragraphs.back(), "Of images.") << "its own words come behind those of the family";
  EXPECT_THAT(two.examples, ElementsAre("(N, 3, 8, 8); groups=3", "(N, 1, 4, 4)"));
  EXPECT_EQ(two.torchName, "torch.conv2d");
}

TEST(Prose, AnEmptyFileSaysNothing) { EXPECT_THAT(readProse({{"a", ""}, {"b", "\n\n"}}), IsEmpty()); }

TEST(ProseDeathTest, WordsWithoutAHeadingAreADefect) {
  EXPECT_DEATH(readProse({{"a", "Whose words are these?\n"}}), "below a heading");
}

}  // namespace
}  // namespace netwright
