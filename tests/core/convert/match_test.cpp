// SPDX-License-Identifier: Apache-2.0
#include "core/convert/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/layers/lower_graph.h"
#include "tests/support/graphs.h"

namespace netwright::convert {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// conv.weight (2, 1, 3, 3), conv.bias (2), fc.weight (4, 72), fc.bias (4)
program::Program network() {
  return layers::lowerGraph(test::chain({1, 8, 8}, {{"conv2d", "conv", {{"out_channels", int64_t{2}}}},
                                                    {"flatten", "flatten", {}},
                                                    {"linear", "fc", {{"out_features", int64_t{4}}}}}))
      .program;
}

NamedTensor tensor(std::string name, std::vector<int64_t> shape, DType type = DType::Float32) {
  return {std::move(name), HostTensor(type, std::move(shape))};
}

std::vector<NamedTensor> like(const std::string& prefix) {
  return {tensor(prefix + "conv.weight", {2, 1, 3, 3}), tensor(prefix + "conv.bias", {2}),
          tensor(prefix + "fc.weight", {4, 72}), tensor(prefix + "fc.bias", {4})};
}

TEST(Match, EqualNames) {
  const MatchTable table = match(network(), like(""));
  EXPECT_EQ(table.matched(), 4u);
  for (const Match& m : table.weights) EXPECT_EQ(m.how, Match::How::Name) << m.weight;
  EXPECT_THAT(table.unused, IsEmpty());
}

TEST(Match, NamesWithAPrefix) {
  const MatchTable table = match(network(), like("module.backbone."));
  EXPECT_EQ(table.matched(), 4u);
  EXPECT_EQ(table.weights[2].tensor, "module.backbone.fc.weight");
  EXPECT_EQ(table.weights[2].how, Match::How::Prefix);
}

TEST(Match, ShapeAndOrderWhereNamesTellNothing) {
  const MatchTable table = match(network(), {tensor("0.w", {2, 1, 3, 3}), tensor("0.b", {2}), tensor("extra", {9}),
                                             tensor("1.w", {4, 72}), tensor("1.b", {4})});
  EXPECT_EQ(table.matched(), 4u);
  EXPECT_EQ(table.weights[3].tensor, "1.b");
  EXPECT_EQ(table.weights[3].how, Match::How::Order);
  EXPECT_THAT(table.unused, ElementsAre("extra"));
}

TEST(Match, ANewHeadStartsAsInitialised) {
  std::vector<NamedTensor> file = like("");
  file[2] = tensor("fc.weight", {1000, 72});
  file[3] = tensor("fc.bias", {1000});
  const MatchTable table = match(network(), file);
  EXPECT_EQ(table.matched(), 2u);
  EXPECT_EQ(table.weights[2].note, "It is (4, 72) here and (1000, 72) in the file: it starts as initialised.");
  EXPECT_THAT(table.unused, ElementsAre("fc.weight", "fc.bias"));
  EXPECT_EQ(matchedWeights(network(), table, file).size(), 2u);
}

TEST(Match, TypesBecomeThoseOfTheNetwork) {
  std::vector<NamedTensor> file = like("");
  const auto set = [&](size_t i, DType type, const auto& value) {
    file[i].tensor = HostTensor(type, file[i].tensor.shape);
    for (auto& x : file[i].tensor.as<std::decay_t<decltype(value)>>()) x = value;
  };
  set(0, DType::Float64, 0.1);
  set(1, DType::Float16, uint16_t{0x3555});   // 0.33325195
  set(2, DType::BFloat16, uint16_t{0xbf80});  // -1
  set(3, DType::Float16, uint16_t{0x0001});   // the smallest: 2^-24
  const auto weights = matchedWeights(network(), match(network(), file), file);
  ASSERT_EQ(weights.size(), 4u);
  EXPECT_EQ(weights[0].tensor.as<float>()[0], 0.1f);
  EXPECT_EQ(weights[1].tensor.as<float>()[0], 0.33325195f);
  EXPECT_EQ(weights[2].tensor.as<float>()[0], -1.0f);
  EXPECT_EQ(weights[3].tensor.as<float>()[0], std::ldexp(1.0f, -24));
}

}  // namespace
}  // namespace netwright::convert
