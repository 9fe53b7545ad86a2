// SPDX-License-Identifier: Apache-2.0
// The worked examples of the help pages are real.
#include "core/help/example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/layers/prose.h"
#include "core/layers/registry.h"

namespace netwright::help {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::SizeIs;

const layers::LayerSpec& layer(const char* id) { return *layers::findLayer(id); }

TEST(HelpExamples, EveryLayerHasOne) {
  for (const layers::LayerSpec& l : layers::registry()) {
    const std::optional<Example> example = exampleOf(l);
    ASSERT_TRUE(example) << l.id << ": its usual inputs do not lower; add 'Example: (N, …)' to its words.";
    for (const layers::PortSpec& p : l.inputs)
      EXPECT_TRUE(p.optional || !p.when.empty() || example->shapes.contains(p.name)) << l.id << " has no example for " << p.name;
    EXPECT_TRUE(l.outputs.empty() || example->shapes.contains(l.outputs.front().name)) << l.id;
  }
}

TEST(HelpExamples, EveryWrittenOneLowers) {
  for (const auto& [id, prose] : layers::prose())
    for (const std::string& text : prose.examples)
      EXPECT_TRUE(exampleFrom(layer(id.c_str()), text)) << id << ": " << text;
}

TEST(HelpExamples, HaveTheShapesAndCostsOfTheProgram) {
  const Example lstm = *exampleFrom(layer("lstm"), "(N, 10, 16); hidden_size=32");
  EXPECT_EQ(lstm.shapes.at("y"), "(N, 10, 32)");
  EXPECT_EQ(lstm.shapes.at("h_n"), "(N, 1, 32)");
  EXPECT_EQ(lstm.report().parameters, 4 * 32 * (16 + 32 + 2));
  EXPECT_EQ(lstm.given, (Attributes{{"hidden_size", int64_t{32}}}));
  const Example choice = *exampleFrom(layer("where"), "bool (N, 10); (N, 10); (N, 10)");
  EXPECT_EQ(choice.shapes.at("condition"), "bool (N, 10)");
  ASSERT_THAT(choice.ops(), SizeIs(1)) << "not the comparison that makes the condition";
  EXPECT_EQ(choice.ops().front()->info->id(), "where.self");
}

TEST(HelpExamples, WhatDoesNotLowerIsNone) {
  EXPECT_FALSE(exampleFrom(layer("conv2d"), "(N, 3)"));
  EXPECT_FALSE(exampleFrom(layer("group_norm"), "(N, 16, 4, 4); num_groups=3"));
}

TEST(HelpExamples, VariantsReachWhatOptionsBring) {
  const auto opsOf = [](const char* id) {
    std::set<std::string> ids;
    for (const Example& e : variants(layer(id)))
      for (const program::Op* op : e.ops()) ids.insert(op->info->id());
    return ids;
  };
  EXPECT_THAT(opsOf("conv2d"), Contains("pad")) << "another padding mode";
  EXPECT_THAT(opsOf("max_pool2d"), Contains("max_pool2d_with_indices"));
  EXPECT_THAT(opsOf("subtract"), Contains("sub.Scalar"));
  EXPECT_THAT(opsOf("subtract"), Contains("sub.Tensor"));
  EXPECT_THAT(opsOf("relu"), Not(Contains("pad")));
}

}  // namespace
}  // namespace netwright::help
