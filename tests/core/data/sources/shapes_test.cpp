// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

std::shared_ptr<const Dataset> make(const Attributes& params) {
  DataConfig config;
  config.source = "shapes";
  config.path = "";
  config.validation = 0;
  config.params = params;
  EXPECT_EQ(describeData(config, ""), openData(config, "").train->columns());
  return openData(config, "").train;
}

TEST(Shapes, Shapes_MoreSamplesLeaveTheFirstOnes) {
  const auto few = values<uint8_t>(*make({{"samples", int64_t{10}}}), "image");
  const auto many = values<uint8_t>(*make({{"samples", int64_t{30}}}), "image");
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  EXPECT_NE(few, values<uint8_t>(*make({{"samples", int64_t{10}}, {"seed", int64_t{1}}}), "image"));
}

TEST(Shapes, Shapes_AreNamedInTurn) {
  const auto shapes = make({{"samples", int64_t{6}}, {"classes", int64_t{3}}, {"size", int64_t{16}}});
  EXPECT_EQ(shapes->columns()[0].shape, (std::vector<int64_t>{3, 16, 16}));
  EXPECT_THAT(shapes->columns()[1].classes, testing::ElementsAre("circle", "square", "triangle"));
  EXPECT_THAT(values<int64_t>(*shapes, "label"), testing::ElementsAre(0, 1, 2, 0, 1, 2));
}

// A sample is the same whichever others it is read with.
TEST(Shapes, Shapes_DoNotDependOnTheirBatch) {
  const auto shapes = make({{"samples", int64_t{9}}, {"size", int64_t{16}}, {"target", std::string("mask")}});
  Batch all = readAll(*shapes), one;
  shapes->read(std::vector<int64_t>{7}, one);
  for (size_t c = 0; c < 2; ++c) {
    const auto& bytes = one.columns[c].tensor.bytes;
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(),
                           all.columns[c].tensor.bytes.begin() + static_cast<std::ptrdiff_t>(7 * bytes.size())));
  }
}

// Without waves a shape has one colour, which the background around it, dark where it is bright, never has.
TEST(Shapes, Masks_AreWhereTheColoursAre) {
  const auto shapes = make({{"samples", int64_t{20}},
                            {"size", int64_t{32}},
                            {"classes", int64_t{4}},
                            {"target", std::string("mask")},
                            {"texture", 0.0}});
  EXPECT_THAT(shapes->columns()[1].classes,
              testing::ElementsAre("background", "circle", "square", "triangle", "cross"));
  const auto image = values<uint8_t>(*shapes, "image");
  const auto mask = values<int64_t>(*shapes, "mask");
  std::set<int64_t> seen;
  for (size_t sample = 0; sample < 20; ++sample) {
    const auto brightness = [&](size_t at) { return image[sample * 3 * 1024 + at]; };
    const bool bright = [&] {
      for (size_t at = 0; at < 1024; ++at)
        if (mask[sample * 1024 + at] > 0) return brightness(at) > 127;
      return false;
    }();
    for (size_t at = 0; at < 1024; ++at) {
      const int64_t here = mask[sample * 1024 + at];
      ASSERT_EQ(brightness(at) > 127, (here > 0) == bright) << "sample " << sample << ", pixel " << at;
      seen.insert(here);
    }
  }
  EXPECT_EQ(seen, (std::set<int64_t>{0, 1, 2, 3, 4}));
}

TEST(Shapes, Shapes_RefuseKindsThatThereAreNot) {
  Table table("", "shapes");
  table.config.params = {{"classes", int64_t{9}}};
  EXPECT_EQ(table.message(), "Source 'shapes': classes must be at most 8 but is 9. Correct that value.");
}

}  // namespace
}  // namespace netwright::data
