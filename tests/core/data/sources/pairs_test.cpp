// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/pairs.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/data/data_config.h"
#include "tests/support/digits.h"
#include "tests/support/temp_folder.h"

namespace netwright::data {
namespace {

TEST(Pairs, HalfOfThemAreAlike) {
  const test::TempFolder folder;
  test::writeTinyDigits(folder / "data");
  DataConfig config;
  config.source = "idx";
  config.path = "data";
  const DataSplits plain = openData(config, folder.path());
  config.params["pairs"] = true;
  EXPECT_EQ(describeData(config, folder.path()).at(2).name, "same");
  const DataSplits pairs = openData(config, folder.path());
  std::vector<int64_t> all(static_cast<size_t>(plain.train->size()));
  std::iota(all.begin(), all.end(), 0);
  Batch singles, batch, again;
  plain.train->read(all, singles);
  pairs.train->read(all, batch);
  pairs.train->read(all, again);
  ASSERT_EQ(batch.columns.size(), 3u);
  EXPECT_EQ(batch.columns[0].tensor, singles.columns[0].tensor);
  EXPECT_EQ(batch.columns[1].tensor, again.columns[1].tensor);
  // The tiny digits of a class have their light rows in the same place, so that the label can be read off the picture.
  const auto light = [](const HostTensor& pictures, size_t i) {
    const auto pixels = pictures.as<uint8_t>().subspan(i * 64, 64);
    for (size_t row = 0; row < 8; ++row)
      if (pixels[row * 8] >= 200) return row / 2;
    return size_t{9};
  };
  int alike = 0;
  const auto same = batch.columns[2].tensor.as<float>();
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(light(batch.columns[0].tensor, i) == light(batch.columns[1].tensor, i), same[i] == 1.0F) << i;
    alike += same[i] == 1.0F;
  }
  EXPECT_GT(alike, static_cast<int>(all.size()) * 3 / 10);
  EXPECT_LT(alike, static_cast<int>(all.size()) * 7 / 10);
}

}  // namespace
}  // namespace netwright::data
