// SPDX-License-Identifier: Apache-2.0
#include "core/convert/comparison.h"

#include <gtest/gtest.h>

#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

HostTensor row(const std::vector<float>& values) {
  HostTensor t(DType::Float32, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), t.as<float>().begin());
  return t;
}

TEST(Comparison, RelatesTheLargestDifferenceToTheLargestValue) {
  const auto d = difference("y", row({-4, 1}), row({-4, 1.5F}));
  EXPECT_EQ(d.maxAbs, 0.5);
  EXPECT_EQ(d.maxRelative, 0.125);
}

TEST(Comparison, TakesEqualInfinitiesAndNansAsEqual) {
  EXPECT_EQ(difference("y", row({kNan, -kInf, 2}), row({kNan, -kInf, 2})).maxRelative, 0);
  EXPECT_EQ(difference("y", row({1, 2}), row({kNan, 2})).maxRelative, kInf);
  EXPECT_EQ(difference("y", row({kNan, 2}), row({1, 2})).maxAbs, kInf);
  EXPECT_EQ(difference("y", row({kInf}), row({-kInf})).maxAbs, kInf);
}

TEST(Comparison, TakesOtherSizesAsInfinitelyDifferent) {
  EXPECT_EQ(difference("y", row({1, 2}), row({1})).maxRelative, kInf);
  EXPECT_EQ(difference("y", row({0}), row({1e-9F})).maxRelative, kInf);  // nothing to relate to
}

TEST(Comparison, SaysItInOneSentence) {
  Comparison c;
  c.outputs = {{"a", 0, 0}, {"b", 1e-6, 2.5e-7}};
  c.batches = {1, 7};
  c.method = "by hand";
  c.equal = true;
  EXPECT_EQ(c.text(),
            "Equal: the largest difference is 2.5e-07 of the largest value ('b', random batches of 1 and 7); by hand.");
  c.equal = false;
  EXPECT_EQ(c.text(),
            "Different: 'b' is off by 2.5e-07 of its largest value (1.0e-06 in numbers) where at most 1e-05 is "
            "expected, random batches "
            "of 1 and 7; by hand. Do not use the file, and report this.");
}

TEST(Comparison, ComparesWeightsOneByOneInAnyOrder) {
  const HostTensor a = row({1, 2}), b = row({3}), minus = row({-0.0F}), zero = row({0});
  const auto proof = [](const std::vector<TensorRef>& written, const std::vector<NamedTensor>& read) {
    return compareWeights(written, [&](const TensorSink& each) {
      for (const NamedTensor& t : read) each(t);
    });
  };
  EXPECT_TRUE(proof({{"a", &a}, {"b", &b}}, {{"b", b}, {"a", a}}).equal);
  EXPECT_TRUE(proof({}, {}).equal);
  const Comparison missing = proof({{"a", &a}, {"b", &b}}, {{"a", a}});
  EXPECT_FALSE(missing.equal);
  EXPECT_EQ(missing.outputs[0].maxAbs, 0);
  EXPECT_EQ(missing.outputs[1].maxAbs, kInf);
  EXPECT_FALSE(proof({{"a", &a}}, {{"a", a}, {"c", b}}).equal) << "one too many";
  EXPECT_FALSE(proof({{"a", &a}}, {{"a", a}, {"a", a}}).equal) << "twice";
  EXPECT_FALSE(proof({{"z", &zero}}, {{"z", minus}}).equal) << "equal numbers of other bits";
}

TEST(SampleInputs, AreTheSameEachTimeAndFollowTheBatch) {
  layers::LossRequest loss;
  loss.target = "label";
  loss.targetType = {DType::Int64, {}};
  const NetworkPtr network = residualCnn({loss});
  const auto inputs = sampleInputs(network->lowered.program, 7), again = sampleInputs(network->lowered.program, 7);
  ASSERT_EQ(inputs.size(), 1u);  // the label is no input of the model
  EXPECT_EQ(inputs[0].name, "image");
  EXPECT_EQ(inputs[0].tensor.shape, (List{7, 1, 12, 12}));
  EXPECT_EQ(inputs[0].tensor, again[0].tensor);
  float low = 0, high = 0;
  for (const float v : inputs[0].tensor.as<float>()) low = std::min(low, v), high = std::max(high, v);
  EXPECT_TRUE(low >= -1 && low < -0.9F && high < 1 && high > 0.9F);
}

}  // namespace
}  // namespace netwright::convert::testing
