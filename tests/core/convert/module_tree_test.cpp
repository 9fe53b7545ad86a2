// SPDX-License-Identifier: Apache-2.0
#include "core/convert/module_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::ElementsAre;

TEST(ModuleTree, PutsWeightsIntoModulesByTheirNames) {
  EXPECT_THAT(components("layer1.0.bn1"), ElementsAre("layer1", "0", "bn1"));
  EXPECT_THAT(components("fc"), ElementsAre("fc"));
  EXPECT_THAT(components("a..b"), ElementsAre("a", "", "b"));
  const NetworkPtr network = residualCnn();
  const ModelPart part = modelPart(network->lowered.program);
  ModuleTree tree(part,
                  {[](const Module&, const std::string& key) { return "_" + key; },
                   [](const std::string& owner, const std::string& member) { return owner + "/" + member; }, "net"});
  std::vector<std::string> names;
  for (const auto& child : tree.root().children) names.push_back(child->key);
  EXPECT_THAT(names, ElementsAre("stem", "layer1", "head"));
  const Module* norm = tree.find("layer1.0.bn1");
  ASSERT_NE(norm, nullptr);
  EXPECT_EQ(norm->path, "layer1.0.bn1");
  EXPECT_EQ(norm->expression, "net/_layer1/_0/_bn1");
  ASSERT_FALSE(norm->slots.empty());
  EXPECT_EQ(norm->slots[0].key, "weight");
  EXPECT_EQ(part.states[norm->slots[0].index], norm->slots[0].state);
  EXPECT_EQ(tree.weight(norm->slots[0].state->value), "net/_layer1/_0/_bn1/_weight");
  EXPECT_EQ(tree.find("layer1.1"), nullptr);
  EXPECT_EQ(&tree.at("layer1.0.bn1"), norm);
  EXPECT_EQ(tree.at("layer1.1").name, "_1");
}

}  // namespace
}  // namespace netwright::convert::testing
