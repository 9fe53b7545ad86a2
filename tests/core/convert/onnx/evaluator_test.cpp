// SPDX-License-Identifier: Apache-2.0
// Every expected number was worked out by hand from the formulas in the ONNX documentation.
#include "core/convert/onnx/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "tests/core/convert/onnx/one_node.h"

namespace netwright::convert::onnx {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

TEST(OnnxConv, SumsOverTheWindow) {
  const HostTensor y = apply("Conv", {counting({1, 1, 3, 3}), tensor({1, 1, 2, 2}, {1, 0, 0, -1}), tensor({1}, {10})});
  EXPECT_EQ(y.shape, (Ints{1, 1, 2, 2}));
  EXPECT_THAT(values(y), ElementsAre(6, 6, 6, 6));  // x[i][j] - x[i+1][j+1] + 10
}

TEST(OnnxConv, PadsEachSideOnItsOwn) {
  // Ones, 2x2 kernel of ones: sums of 1..4, one row above and one column to the right.
  const HostTensor y =
      apply("Conv", {counting({1, 1, 2, 2}), tensor({1, 1, 2, 2}, {1, 1, 1, 1})}, {{"pads", Ints{1, 0, 0, 1}}});
  EXPECT_EQ(y.shape, (Ints{1, 1, 2, 2}));
  EXPECT_THAT(values(y), ElementsAre(3, 2, 10, 6));
}

TEST(OnnxConv, StridesAndDilates) {
  const HostTensor x = counting({1, 1, 5, 5}), w = tensor({1, 1, 2, 2}, {1, 10, 100, 1000});
  EXPECT_THAT(values(apply("Conv", {x, w}, {{"strides", Ints{3, 2}}})),
              ElementsAre(1 + 20 + 600 + 7000, 3 + 40 + 800 + 9000, 16 + 170 + 2100 + 22000, 18 + 190 + 2300 + 24000));
  EXPECT_THAT(values(apply("Conv", {x, w}, {{"dilations", Ints{4, 3}}})),
              ElementsAre(1 + 40 + 2100 + 24000, 2 + 50 + 2200 + 25000));
}

TEST(OnnxConv, KeepsGroupsApart) {
  const HostTensor x = tensor({1, 2, 1, 1}, {3, 5});
  const HostTensor y = apply("Conv", {x, tensor({4, 1, 1, 1}, {1, 2, 10, 20})}, {{"group", int64_t{2}}});
  EXPECT_THAT(values(y), ElementsAre(3, 6, 50, 100));
}

TEST(OnnxMaxPool, NeverChoosesTheMargin) {
  const HostTensor x = tensor({1, 1, 2, 2}, {-5, -6, -7, -8});
  const HostTensor y = apply("MaxPool", {x}, {{"kernel_shape", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}});
  EXPECT_EQ(y.shape, (Ints{1, 1, 3, 3}));
  EXPECT_THAT(values(y), ElementsAre(-5, -5, -6, -5, -5, -6, -7, -7, -8));
}

TEST(OnnxMaxPool, StridesDilatesAndPadsTheEndFurther) {
  const HostTensor x = counting({1, 1, 1, 6});
  EXPECT_THAT(values(apply("MaxPool", {x},
                           {{"kernel_shape", Ints{1, 3}}, {"strides", Ints{1, 2}}, {"pads", Ints{0, 0, 0, 1}}})),
              ElementsAre(3, 5, 6));  // what ceil_mode makes of it
  EXPECT_THAT(values(apply("MaxPool", {x}, {{"kernel_shape", Ints{1, 2}}, {"dilations", Ints{1, 4}}})),
              ElementsAre(5, 6));
}

TEST(OnnxMaxPool, PassesNansOn) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(
      std::isnan(values(apply("MaxPool", {tensor({1, 1, 1, 3}, {nan, 1, 2})}, {{"kernel_shape", Ints{1, 3}}}))[0]));
}

TEST(OnnxPad, AddsAConstantMargin) {
  const HostTensor y = apply("Pad", {counting({1, 2}), integers({0, 1, 1, 0}), tensor({}, {-1})});
  EXPECT_EQ(y.shape, (Ints{2, 3}));
  EXPECT_THAT(values(y), ElementsAre(-1, 1, 2, -1, -1, -1));
}

TEST(OnnxGemm, TransposesScalesAndAdds) {
  const HostTensor a = tensor({2, 2}, {1, 2, 3, 4}), b = tensor({3, 2}, {1, 0, 0, 1, 1, 1});
  EXPECT_THAT(values(apply("Gemm", {a, b, tensor({3}, {10, 20, 30})}, {{"transB", int64_t{1}}})),
              ElementsAre(11, 22, 33, 13, 24, 37));
  EXPECT_THAT(values(apply("Gemm", {a, a}, {{"transA", int64_t{1}}, {"alpha", 2.0F}})), ElementsAre(20, 28, 28, 40));
}

TEST(OnnxMatMul, MultipliesEveryRowOfABatch) {
  const HostTensor y = apply("MatMul", {counting({2, 2, 2}), tensor({2, 1}, {1, -1})});
  EXPECT_EQ(y.shape, (Ints{2, 2, 1}));
  EXPECT_THAT(values(y), ElementsAre(-1, -1, -1, -1));
  EXPECT_EQ(apply("MatMul", {counting({2}), tensor({2, 3}, {1, 0, 1, 0, 1, 1})}).shape, Ints{3});
}

TEST(OnnxMatMul, TakesASingleColumn) {
  const HostTensor y = apply("MatMul", {counting({2, 3}), tensor({3}, {1, 0, -1})});
  EXPECT_EQ(y.shape, Ints{2});
  EXPECT_THAT(values(y), ElementsAre(-2, -2));
  EXPECT_EQ(apply("MatMul", {counting({3}), counting({3})}).shape, Ints());
}

TEST(OnnxScatterElements, SumsWhatMeetsInOnePlace) {
  HostTensor places(DType::Int64, {3});
  places.as<int64_t>()[0] = places.as<int64_t>()[2] = 1;
  const HostTensor x = tensor({2}, {10, 20}), updates = tensor({3}, {1, 2, 3});
  EXPECT_THAT(values(apply("ScatterElements", {x, places, updates}, {{"reduction", std::string("add")}})),
              ElementsAre(12, 24));
  EXPECT_THAT(values(apply("ScatterElements", {x, places, updates})), ElementsAre(2, 3));
}

TEST(OnnxShapes, MoveNumbersAround) {
  EXPECT_THAT(values(apply("Transpose", {counting({2, 3})}, {{"perm", Ints{1, 0}}})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_EQ(apply("Transpose", {counting({2, 3, 4})}, {{"perm", Ints{2, 0, 1}}}).shape, (Ints{4, 2, 3}));
  EXPECT_EQ(apply("Flatten", {counting({2, 3, 4})}, {{"axis", int64_t{2}}}).shape, (Ints{6, 4}));
  EXPECT_EQ(apply("Flatten", {counting({2, 3, 4})}, {{"axis", int64_t{0}}}).shape, (Ints{1, 24}));
  EXPECT_EQ(apply("Reshape", {counting({2, 3, 4}), integers({0, -1})}).shape, (Ints{2, 12}));
  EXPECT_EQ(apply("Reshape", {counting({2, 3, 4}), integers({-1, 4})}).shape, (Ints{6, 4}));
}

TEST(OnnxElements, Broadcast) {
  EXPECT_THAT(values(apply("Add", {counting({2, 1}), tensor({3}, {10, 20, 30})})), ElementsAre(11, 21, 31, 12, 22, 32));
  EXPECT_THAT(values(apply("Sub", {counting({1, 2}), tensor({2, 1}, {1, 2})})), ElementsAre(0, 1, -1, 0));
  EXPECT_THAT(values(apply("Mul", {counting({3}), tensor({}, {2})})), ElementsAre(2, 4, 6));
  EXPECT_THAT(values(apply("Div", {counting({2}), counting({2})})), ElementsAre(1, 1));
  EXPECT_THAT(values(apply("Sqrt", {tensor({2}, {4, 9})})), ElementsAre(2, 3));
  EXPECT_THAT(values(apply("Relu", {tensor({3}, {-1, 0, 2})})), ElementsAre(0, 0, 2));
}

TEST(OnnxSoftmax, WorksAlongAnyAxisAndWithLargeScores) {
  const float third = 1.0F / 3, e = 1 / (1 + std::exp(1.0F));
  EXPECT_THAT(values(apply("Softmax", {tensor({3}, {1000, 1000, 1000})})), ::testing::Each(FloatNear(third, 1e-7F)));
  EXPECT_THAT(
      values(apply("Softmax", {tensor({2, 2}, {0, 5, 1, 5})}, {{"axis", int64_t{0}}})),
      ElementsAre(FloatNear(e, 1e-7F), FloatNear(0.5F, 1e-7F), FloatNear(1 - e, 1e-7F), FloatNear(0.5F, 1e-7F)));
}

TEST(OnnxReduceMean, KeepsTheReducedAxesAsOnes) {
  const HostTensor y = apply("ReduceMean", {counting({2, 2, 2})}, {{"axes", Ints{0, -1}}});
  EXPECT_EQ(y.shape, (Ints{1, 2, 1}));
  EXPECT_THAT(values(y), ElementsAre(3.5F, 5.5F));  // mean of 1, 2, 5, 6 and of 3, 4, 7, 8
}

TEST(OnnxBatchNormalization, UsesTheGivenStatistics) {
  const HostTensor y = apply("BatchNormalization",
                             {tensor({1, 2, 1, 2}, {1, 2, 3, 4}), tensor({2}, {2, 1}), tensor({2}, {0, 5}),
                              tensor({2}, {1, 3}), tensor({2}, {3, 0})},
                             {{"epsilon", 1.0F}});
  EXPECT_THAT(values(y), ElementsAre(0, 1, 5, 6));  // (x - 1) / 2 * 2, (x - 3) / 1 + 5
}

TEST(OnnxConv, SlidesAlongASequence) {
  const HostTensor y = apply("Conv", {counting({1, 1, 4}), tensor({1, 1, 2}, {1, -1})}, {{"pads", Ints{1, 0}}});
  EXPECT_EQ(y.shape, (Ints{1, 1, 4}));
  EXPECT_THAT(values(y), ElementsAre(-1, -1, -1, -1));
}

TEST(OnnxConvTranspose, SpreadsEachValueOverItsWindow) {
  const HostTensor w = tensor({1, 1, 2, 2}, {1, 2, 3, 4}), x = tensor({1, 1, 1, 2}, {1, 10});
  EXPECT_THAT(values(apply("ConvTranspose", {x, w}, {{"strides", Ints{2, 2}}})),
              ElementsAre(1, 2, 10, 20, 3, 4, 30, 40));
  EXPECT_THAT(values(apply("ConvTranspose", {x, w})), ElementsAre(1, 12, 20, 3, 34, 40));
  const HostTensor cut = apply("ConvTranspose", {x, w, tensor({1}, {100})},
                               {{"pads", Ints{0, 1, 1, 0}}, {"output_padding", Ints{0, 1}}, {"strides", Ints{1, 2}}});
  EXPECT_EQ(cut.shape, (Ints{1, 1, 1, 4}));
  EXPECT_THAT(values(cut), ElementsAre(102, 110, 120, 100));
}

TEST(OnnxConvTranspose, KeepsGroupsApart) {
  const HostTensor y = apply("ConvTranspose", {tensor({1, 2, 1, 1}, {3, 5}), tensor({2, 2, 1, 1}, {1, 2, 10, 20})},
                             {{"group", int64_t{2}}});
  EXPECT_THAT(values(y), ElementsAre(3, 6, 50, 100));
}

TEST(OnnxAveragePool, CountsTheMarginOnlyIfTold) {
  const std::vector<Attribute> window{{"kernel_shape", Ints{2, 2}}, {"pads", Ints{1, 1, 0, 0}}};
  EXPECT_THAT(values(apply("AveragePool", {counting({1, 1, 2, 2})}, window)), ElementsAre(1, 1.5F, 2, 2.5F));
  std::vector<Attribute> counted = window;
  counted.push_back({"count_include_pad", int64_t{1}});
  EXPECT_THAT(values(apply("AveragePool", {counting({1, 1, 2, 2})}, counted)), ElementsAre(0.25F, 0.75F, 1, 2.5F));
}

TEST(OnnxGlobalAveragePool, TakesTheMeanOfEachChannel) {
  const HostTensor y = apply("GlobalAveragePool", {counting({1, 2, 1, 2})});
  EXPECT_EQ(y.shape, (Ints{1, 2, 1, 1}));
  EXPECT_THAT(values(y), ElementsAre(1.5F, 3.5F));
}

TEST(OnnxElements, ComputeActivations) {
  const HostTensor x = tensor({3}, {-1, 0, 2});
  EXPECT_THAT(values(apply("LeakyRelu", {x}, {{"alpha", 0.5F}})), ElementsAre(-0.5F, 0, 2));
  EXPECT_THAT(values(apply("Sigmoid", {x})),
              ElementsAre(FloatNear(0.26894142F, 1e-7F), 0.5F, FloatNear(0.880797F, 1e-6F)));
  EXPECT_THAT(values(apply("Tanh", {x})), ElementsAre(FloatNear(-0.7615942F, 1e-7F), 0, FloatNear(0.9640276F, 1e-7F)));
  EXPECT_THAT(values(apply("Erf", {x})), ElementsAre(FloatNear(-0.8427008F, 1e-7F), 0, FloatNear(0.9953223F, 1e-7F)));
}

TEST(OnnxElements, WorkOnWholeNumbersToo) {
  const HostTensor sum = apply("Add", {integers({1, 2}), integers({10, 20})});
  EXPECT_EQ(sum.dtype, DType::Int64);
  EXPECT_EQ(sum.as<int64_t>()[1], 22);
  EXPECT_THAT(values(apply("Cast", {integers({3, -4})}, {{"to", int64_t{1}}})), ElementsAre(3, -4));
}

TEST(OnnxLayerNormalization, WorksOverTheLastDimensions) {
  const HostTensor y =
      apply("LayerNormalization", {tensor({2, 2}, {1, 3, 5, 5}), tensor({2}, {1, 2}), tensor({2}, {0, 1})},
            {{"epsilon", 0.0F}});
  EXPECT_TRUE(std::isnan(values(y)[2])) << "0 / 0 without epsilon";
  EXPECT_THAT(values(apply("LayerNormalization", {tensor({1, 2, 2}, {1, 1, 3, 3}), tensor({2, 2}, {1, 1, 1, 2})},
                           {{"axis", int64_t{-2}}, {"epsilon", 0.0F}})),
              ElementsAre(-1, -1, 1, 2));
  EXPECT_THAT((std::vector<float>{values(y)[0], values(y)[1]}), ElementsAre(-1, 3));
}

TEST(OnnxReduceMean, DropsTheReducedAxes) {
  const HostTensor y = apply("ReduceMean", {counting({2, 2, 2})}, {{"axes", Ints{1}}, {"keepdims", int64_t{0}}});
  EXPECT_EQ(y.shape, (Ints{2, 2}));
  EXPECT_THAT(values(y), ElementsAre(2, 3, 6, 7));
}

TEST(OnnxEvaluator, NamesTheNodeThatFails) {
  const auto message = [](const std::string& op, const std::vector<HostTensor>& inputs,
                          const std::vector<Attribute>& attributes) {
    try {
      (void)apply(op, inputs, attributes);
    } catch (const Error& e) {
      return e.title + " " + e.why;
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("Det", {counting({2})}, {}),
            "The ONNX node 'node' (Det) cannot be evaluated. Netwright's evaluator does not know this operator.");
  EXPECT_EQ(message("Gemm", {counting({2, 3}), counting({2, 3})}, {}),
            "The ONNX node 'node' (Gemm) cannot be evaluated. It multiplies 3 columns with 2 rows.");
  EXPECT_EQ(message("MaxPool", {counting({1, 1, 2, 2})}, {{"kernel_shape", Ints{3, 3}}}),
            "The ONNX node 'node' (MaxPool) cannot be evaluated. Its window is larger than the image.");
  EXPECT_EQ(message("Pad", {counting({1}), integers({1 << 20, 1 << 20})}, {}), "no error");
  EXPECT_THAT(message("Pad", {counting({1, 1}), integers({1 << 20, 1 << 20, 0, 0})}, {}),
              ::testing::HasSubstr("more than 2^28 elements"));
  EXPECT_THAT(message("Softmax", {counting({2})}, {{"axis", int64_t{3}}}),
              ::testing::HasSubstr("axis 3 of a tensor with 1 dimensions"));
}

}  // namespace
}  // namespace netwright::convert::onnx
