// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/alignment.h"

#include <gtest/gtest.h>

namespace netwright::editor {
namespace {

graph::Document three() {
  graph::Document d;
  for (const auto& [id, x, y] : {std::tuple(1, 0.0, 0.0), std::tuple(2, 250.0, 35.0), std::tuple(3, 900.0, 100.0)}) {
    graph::Node n;
    n.id = {id};
    n.kind = "relu";
    n.name = "r" + std::to_string(id);
    n.position = {x, y};
    d.nodes.push_back(n);
  }
  return d;
}
const std::map<NodeId, QSizeF> kSizes{{{1}, {100, 80}}, {{2}, {100, 80}}, {{3}, {100, 120}}};

std::vector<graph::Point> after(const graph::Edit& edit) {
  graph::Document d = three();
  graph::apply(d, edit);
  std::vector<graph::Point> points;
  for (const graph::Node& n : d.nodes) points.push_back(n.position);
  return points;
}
using Points = std::vector<graph::Point>;

TEST(Alignment, BringsEdgesAndMiddlesIntoLine) {
  EXPECT_EQ(after(alignEdit(three(), kSizes, Align::Left)), (Points{{0, 0}, {0, 35}, {0, 100}}));
  EXPECT_EQ(after(alignEdit(three(), kSizes, Align::Right)), (Points{{900, 0}, {900, 35}, {900, 100}}));
  EXPECT_EQ(after(alignEdit(three(), kSizes, Align::Top)), (Points{{0, 0}, {250, 0}, {900, 0}}));
  EXPECT_EQ(after(alignEdit(three(), kSizes, Align::Bottom)), (Points{{0, 140}, {250, 140}, {900, 100}}));
  EXPECT_EQ(after(alignEdit(three(), kSizes, Align::Middle)), (Points{{0, 70}, {250, 70}, {900, 50}}));
}

TEST(Alignment, DistributesWithEqualGaps) {
  EXPECT_EQ(after(distributeEdit(three(), kSizes, true)), (Points{{0, 0}, {450, 35}, {900, 100}}));
  EXPECT_TRUE(distributeEdit(three(), {{{1}, {100, 80}}, {{2}, {100, 80}}}, true).empty());
  EXPECT_TRUE(alignEdit(three(), {{{1}, {100, 80}}}, Align::Left).empty());
}

}  // namespace
}  // namespace netwright::editor
