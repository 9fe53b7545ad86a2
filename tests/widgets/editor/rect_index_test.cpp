// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/rect_index.h"

#include <gtest/gtest.h>

#include <random>

namespace netwright::editor {
namespace {

TEST(RectIndex, AnswersAsALookAtAllOfThem) {
  std::mt19937 random(7);
  const auto pick = [&](double from, double to) { return std::uniform_real_distribution<>(from, to)(random); };
  const auto rect = [&](double side) {
    return QRectF(pick(-4000, 4000), pick(-4000, 4000), pick(1, side), pick(1, side));
  };
  RectIndex index;
  for (int i = 0; i < 400; ++i) index.insert(rect(500));
  for (int i = 0; i < 400; ++i) {
    const QRectF area = rect(i % 2 ? 6000 : 300);
    size_t expected = 0, found = 0;
    for (const QRectF& r : index.all()) expected += r.intersects(area);
    index.any(area, [&](const QRectF&) { return ++found, false; });
    EXPECT_EQ(found, expected) << "each once";
    EXPECT_EQ(index.meets(area), expected > 0);
  }
}

TEST(RectIndex, TakesPlacesFarAway) {
  RectIndex index;
  index.insert({1e15, -1e15, 10, 10});
  EXPECT_TRUE(index.meets({1e15 + 2, -1e15 + 2, 4, 4}));
  EXPECT_FALSE(index.meets({0, 0, 4, 4}));
}

}  // namespace
}  // namespace netwright::editor
