// SPDX-License-Identifier: Apache-2.0
// The example of CONTRIBUTING.md: it compiles, lowers as it says, and the guide quotes it letter by letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/file.h"
#include "core/convert/exporter.h"
#include "core/layers/registry.h"
#include "docs/examples/residual_linear.cpp"  // NOLINT(bugprone-suspicious-include): it is no part of the library

namespace netwright::layers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Dim kBatch = Dim::symbol("N");

struct Outcome {
  program::Program program;
  Diagnostics diagnostics;
  std::map<std::string, int64_t> inferred;
  program::ValueId y;
};

Outcome lowerExample(const Shape& input, const Attributes& params = {}) {
  const LayerSpec layer = residualLinear();
  graph::Node node = newNode(layer, {}, {});
  for (const auto& [name, value] : params) node.params[name] = value;
  program::Builder builder;
  const program::ValueId x = builder.input("x", {DType::DefaultFloat, input});
  builder.enter({{node.id}, node.name, "ResidualLinear 'residual1'"});
  Lowering lowering(builder, layer, node, {{"x", x}});
  layer.lower(lowering);
  const auto y = lowering.outputs.find("y");
  return {builder.take(), lowering.diagnostics, lowering.inferredValues,
          y == lowering.outputs.end() ? program::ValueId{} : y->second};
}

TEST(ExampleLayer, LowersToLinearReluAndAdd) {
  const Outcome o = lowerExample({kBatch, 16});
  EXPECT_THAT(o.diagnostics, IsEmpty());
  std::vector<std::string> ops, states;
  for (const program::Op& op : o.program.ops) ops.push_back(op.info->id());
  for (const program::State& s : o.program.states) states.push_back(s.name);
  EXPECT_THAT(ops, ElementsAre("linear", "relu", "add.Tensor"));
  EXPECT_THAT(states, ElementsAre("residual1.weight", "residual1.bias"));
  EXPECT_EQ(o.inferred.at("in_features"), 16);
}

TEST(ExampleLayer, KeepsTheShapeAndCountsItsCost) {
  EXPECT_EQ(program::text(lowerExample({kBatch, 16}).program.values.back().type), "(N, 16)");
  const Outcome deep = lowerExample({kBatch, 5, 4});
  EXPECT_EQ(program::text(deep.program.type(deep.y)), "(N, 5, 4)");
  EXPECT_EQ(deep.program.parameterCount(), 4 * 4 + 4);
  EXPECT_EQ(deep.program.macs(), kBatch * Dim(5 * 4 * 4));
  EXPECT_EQ(lowerExample({kBatch, 16}, {{"bias", false}}).program.parameterCount(), 16 * 16);
}

TEST(ExampleLayer, ExplainsAPinnedSizeThatDoesNotFit) {
  const Outcome o = lowerExample({kBatch, 16}, {{"in_features", int64_t{8}}});
  ASSERT_EQ(o.diagnostics.size(), 1u);
  EXPECT_EQ(o.diagnostics[0].code, "NW-S003");
  EXPECT_EQ(o.diagnostics[0].args.at("expected"), "8");
  EXPECT_EQ(o.diagnostics[0].args.at("received"), "16");
  ASSERT_EQ(o.diagnostics[0].fixes.size(), 1u);
  EXPECT_EQ(o.diagnostics[0].fixes[0].steps, (std::vector<FixStep>{SetParamStep{{1}, "in_features", Auto{}}}));
  EXPECT_FALSE(o.y);
}

TEST(ExampleLayer, RefusesASampleWithoutFeatures) {
  const Outcome o = lowerExample({kBatch});
  ASSERT_EQ(o.diagnostics.size(), 1u);
  EXPECT_EQ(o.diagnostics[0].code, "NW-S001");
}

TEST(ExampleLayer, HasLegalDefaultsAndWords) {
  const LayerSpec layer = residualLinear();
  for (const ParamSpec& p : layer.params) {
    EXPECT_EQ(p.problem(p.fallback), std::nullopt) << p.name;
    EXPECT_FALSE(p.doc.empty()) << p.name;
  }
  EXPECT_FALSE(layer.doc.empty());
  EXPECT_EQ(findLayer(layer.id), nullptr) << "the example is no part of the program";
}

TEST(ExampleLayer, EveryExporterTakesIt) {
  const Outcome o = lowerExample({kBatch, 16});
  for (const auto& exporter : convert::registry())
    for (const program::Op& op : o.program.ops)
      EXPECT_EQ(exporter->refusal(o.program, op), std::nullopt) << exporter->info().id << " and " << op.info->id();
}

TEST(ExampleLayer, IsQuotedByTheGuideLetterByLetter) {
  const std::filesystem::path root = NETWRIGHT_SOURCE_DIR;
  const std::string code = readFile(root / "docs/examples/residual_linear.cpp");
  EXPECT_NE(readFile(root / "CONTRIBUTING.md").find("```cpp\n" + code + "```\n"), std::string::npos)
      << "CONTRIBUTING.md should quote docs/examples/residual_linear.cpp";
}

}  // namespace
}  // namespace netwright::layers
