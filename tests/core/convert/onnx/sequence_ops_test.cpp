// SPDX-License-Identifier: Apache-2.0
// Every expected number was worked out by hand from the formulas in the ONNX documentation.
#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "tests/core/convert/onnx/one_node.h"

namespace netwright::convert::onnx {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

std::string refusal(const std::string& op, const std::vector<HostTensor>& inputs,
                    const std::vector<Attribute>& attributes = {}) {
  try {
    apply(op, inputs, attributes);
  } catch (const Error& e) {
    return e.why;
  }
  return "none";
}

TEST(OnnxConcat, JoinsAlongAnAxis) {
  const HostTensor a = counting({2, 1, 2}), b = tensor({2, 2, 2}, {10, 20, 30, 40, 50, 60, 70, 80});
  const HostTensor y = apply("Concat", {a, b}, {{"axis", int64_t{1}}});
  EXPECT_EQ(y.shape, (Ints{2, 3, 2}));
  EXPECT_THAT(values(y), ElementsAre(1, 2, 10, 20, 30, 40, 3, 4, 50, 60, 70, 80));
  EXPECT_EQ(apply("Concat", {integers({1, 2}), integers({3})}, {{"axis", int64_t{-1}}}), integers({1, 2, 3}));
  EXPECT_EQ(refusal("Concat", {a, b}, {{"axis", int64_t{2}}}), "Its input 1 has another size.");
  EXPECT_EQ(refusal("Concat", {a, integers({1})}, {{"axis", int64_t{0}}}),
            "Its input 1 is of another kind than the first.");
}

TEST(OnnxGather, PutsTheIndicesInPlaceOfTheAxis) {
  HostTensor indices(DType::Int64, {2, 2});
  for (const auto& [i, v] : {std::pair(0, 2), {1, 0}, {2, -1}, {3, 1}})
    indices.as<int64_t>()[static_cast<size_t>(i)] = v;
  const HostTensor rows = apply("Gather", {counting({3, 2}), indices});
  EXPECT_EQ(rows.shape, (Ints{2, 2, 2}));
  EXPECT_THAT(values(rows), ElementsAre(5, 6, 1, 2, 5, 6, 3, 4));
  const HostTensor columns = apply("Gather", {counting({2, 3}), integers({2, 0})}, {{"axis", int64_t{1}}});
  EXPECT_THAT(values(columns), ElementsAre(3, 1, 6, 4));
  HostTensor one(DType::Int64, {});
  one.as<int64_t>()[0] = 1;
  EXPECT_EQ(apply("Gather", {counting({2, 3}), one}).shape, Ints{3});
  EXPECT_EQ(refusal("Gather", {counting({2, 3}), integers({2})}), "It takes the entry 2 of 2.");
  EXPECT_EQ(refusal("Gather", {counting({2, 3}), integers({-3})}), "It takes the entry -3 of 2.");
}

TEST(OnnxSlice, TakesWhatLiesBetween) {
  const HostTensor x = counting({3, 4});
  EXPECT_THAT(values(apply("Slice", {x, integers({1}), integers({3}), integers({1})})),
              ElementsAre(2, 3, 6, 7, 10, 11));
  EXPECT_THAT(values(apply("Slice", {x, integers({-1, 0}), integers({99, -2})})), ElementsAre(9, 10));
  EXPECT_EQ(apply("Slice", {x, integers({2}), integers({1})}).shape, (Ints{0, 4}));
  EXPECT_EQ(refusal("Slice", {x, integers({0}), integers({1}), integers({2})}),
            "It names the axis 2 of a tensor with 2 dimensions.");
  EXPECT_EQ(refusal("Slice", {x, integers({0}), integers({1}), integers({0}), integers({0})}),
            "A step of it is 0 or too large.");
}

TEST(OnnxMatMul, PairsStacksOfMatrices) {
  const HostTensor a = counting({2, 1, 1, 2}), b = tensor({1, 2, 2, 1}, {1, 1, 1, -1});
  const HostTensor y = apply("MatMul", {a, b});
  EXPECT_EQ(y.shape, (Ints{2, 2, 1, 1}));
  EXPECT_THAT(values(y), ElementsAre(3, -1, 7, -1));
  EXPECT_EQ(refusal("MatMul", {counting({2, 1, 2}), counting({3, 2, 1})}), "Its inputs do not fit each other.");
  EXPECT_EQ(refusal("MatMul", {counting({2, 1, 2}), counting({2, 3, 1})}), "Its inputs do not fit each other.");
}

// One unit without recurrence: gates come from the offsets alone, in the order i, o, f, c.
TEST(OnnxLstm, HasItsGatesInOnnxOrder) {
  const HostTensor x(DType::Float32, {2, 1, 1}), w(DType::Float32, {1, 4, 1}), r(DType::Float32, {1, 4, 1});
  const HostTensor b = tensor({1, 8}, {1, 2, 3, 0.5F, 0, 0, 0, 0.25F});
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  const double added = sigmoid(1) * std::tanh(0.75), first = added, second = sigmoid(3) * first + added;
  const auto out = applyAll("LSTM", {x, w, r, b}, {{"hidden_size", int64_t{1}}}, {"y", "h", "c"});
  EXPECT_EQ(out[0].tensor.shape, (Ints{2, 1, 1, 1}));
  EXPECT_THAT(values(out[0].tensor), ElementsAre(FloatNear(static_cast<float>(sigmoid(2) * std::tanh(first)), 1e-6F),
                                                 FloatNear(static_cast<float>(sigmoid(2) * std::tanh(second)), 1e-6F)));
  EXPECT_THAT(values(out[2].tensor), ElementsAre(FloatNear(static_cast<float>(second), 1e-6F)));
}

// Without offsets and weights all gates are a half: c halves in each step, whatever the direction.
TEST(OnnxLstm, BeginsWithTheGivenStates) {
  const HostTensor x(DType::Float32, {3, 1, 2}), w(DType::Float32, {2, 4, 2}), r(DType::Float32, {2, 4, 1});
  const auto out = applyAll("LSTM", {x, w, r, {}, {}, {}, tensor({2, 1, 1}, {1, 2})},
                            {{"hidden_size", int64_t{1}}, {"direction", std::string("bidirectional")}}, {"y", "", "c"});
  ASSERT_EQ(out.size(), 2u) << "the left-out output is no value";
  EXPECT_THAT(values(out[1].tensor), ElementsAre(0.125F, 0.25F));
  const auto half = [](double c) { return FloatNear(static_cast<float>(0.5 * std::tanh(c)), 1e-6F); };
  EXPECT_THAT(values(out[0].tensor), ElementsAre(half(0.5), half(0.25), half(0.25), half(0.5), half(0.125), half(1)));
}

TEST(OnnxLstm, RefusesSizesThatDoNotFit) {
  const HostTensor x(DType::Float32, {2, 1, 3}), w(DType::Float32, {1, 8, 3}), r(DType::Float32, {1, 8, 2});
  const std::vector<Attribute> two{{"hidden_size", int64_t{2}}};
  EXPECT_EQ(refusal("LSTM", {x, w, r}, two), "none");
  EXPECT_EQ(refusal("LSTM", {x, w, r}, {{"hidden_size", int64_t{3}}}),
            "Its weights do not fit its input or hidden_size.");
  EXPECT_EQ(refusal("LSTM", {x, w, r, counting({1, 8})}, two), "Its offsets have another size.");
  EXPECT_EQ(refusal("LSTM", {x, w, r}, {{"hidden_size", int64_t{2}}, {"layout", int64_t{1}}}),
            "Only layout 0 without lengths, peepholes and coupled gates is supported.");
  EXPECT_EQ(refusal("LSTM", {x, w, r}, {{"hidden_size", int64_t{2}}, {"direction", std::string("up")}}),
            "Its direction is unknown.");
}

TEST(OnnxEvaluator, RefusesMoreOutputsThanThereAre) {
  const HostTensor x(DType::Float32, {2, 1, 3}), w(DType::Float32, {1, 8, 3}), r(DType::Float32, {1, 8, 2});
  try {
    applyAll("LSTM", {x, w, r}, {{"hidden_size", int64_t{2}}}, {"y", "h", "c", "d"});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.why, "It has 4 outputs instead of 3.");
  }
}

}  // namespace
}  // namespace netwright::convert::onnx
