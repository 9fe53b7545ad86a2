// SPDX-License-Identifier: Apache-2.0
#include "core/train/validation_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/data/memory_dataset.h"

namespace netwright::train {
namespace {

HostTensor floats(std::vector<int64_t> shape, const std::vector<float>& values) {
  HostTensor t(DType::Float32, std::move(shape));
  std::copy(values.begin(), values.end(), t.as<float>().begin());
  return t;
}
HostTensor labels(const std::vector<int64_t>& values) {
  HostTensor t(DType::Int64, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), t.as<int64_t>().begin());
  return t;
}

// One feature that counts the samples, and a target.
std::shared_ptr<const data::Dataset> dataset(HostTensor target, std::vector<std::string> classes) {
  const int64_t n = target.shape.front();
  HostTensor x(DType::Float32, {n, 1});
  for (int64_t i = 0; i < n; ++i) x.as<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
  std::vector<int64_t> shape(target.shape.begin() + 1, target.shape.end());
  const DType dtype = target.dtype;
  return data::memoryDataset({{"x", DType::Float32, {1}, data::Role::Feature, {}, {}},
                              {"y", dtype, shape, data::Role::Target, std::move(classes), {}}},
                             {x, std::move(target)});
}

Measures measures(const char* loss) {
  Measures m;
  m.loss = loss;
  m.place = {true, 0};
  m.target = 1;
  return m;
}

run::ValidationSeen seen(const data::Dataset& data, const char* loss, const HostTensor& output) {
  ValidationView view(measures(loss), data, 0, data.size());
  data::Batch batch;
  std::vector<int64_t> all(static_cast<size_t>(data.size()));
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  data.read(all, batch);
  view.add({0, {}, {output}, {}}, batch);
  EXPECT_TRUE(view.possible());
  return view.told(3, 70);
}

TEST(ValidationView, CountsWhatIsTakenForWhat) {
  const auto data = dataset(labels({0, 1, 2, 2, 1}), {"ant", "bee", "cow"});
  const auto told = seen(*data, "cross_entropy", floats({5, 3}, {2, 0, 0, 0, 2, 0, 0, 0, 2, 9, 0, 0, 1, 0, 0}));
  EXPECT_EQ(told.epoch, 3);
  EXPECT_EQ(told.step, 70);
  EXPECT_EQ(told.samples, 5);
  EXPECT_THAT(told.classes, ::testing::ElementsAre("ant", "bee", "cow"));
  EXPECT_THAT(told.confusion, ::testing::ElementsAre(1, 0, 0, 1, 1, 0, 1, 0, 1));
  ASSERT_EQ(told.shown.size(), 7u) << "all five, and the two mistakes";
  EXPECT_FALSE(told.shown[4].worst);
  EXPECT_EQ(told.shown[5].sample, 3) << "the surest mistake comes first";
  EXPECT_TRUE(told.shown[5].worst);
  EXPECT_EQ(told.shown[6].sample, 4);
  EXPECT_NEAR(told.shown[0].share, std::exp(2) / (std::exp(2) + 2), 1e-6);
  ASSERT_EQ(told.inputs.size(), 1u);
  EXPECT_EQ(told.inputs[0].tensor.shape, (std::vector<int64_t>{7, 1}));
  EXPECT_EQ(told.inputs[0].tensor.as<float>()[5], 3.0F) << "its own input";
}

TEST(ValidationView, ReadsLogProbabilitiesAndSingleLogits) {
  const auto classes = dataset(labels({1, 0}), {});
  const auto nll =
      seen(*classes, "nll", floats({2, 2}, {std::log(0.25F), std::log(0.75F), std::log(0.4F), std::log(0.6F)}));
  EXPECT_THAT(nll.classes, ::testing::ElementsAre("0", "1"));
  EXPECT_NEAR(nll.shown[0].share, 0.75, 1e-6);
  EXPECT_THAT(nll.confusion, ::testing::ElementsAre(0, 1, 0, 1));
  const auto binary = dataset(floats({3, 1}, {0, 1, 1}), {});
  const auto bce = seen(*binary, "bce_with_logits", floats({3, 1}, {-2, 3, -1}));
  EXPECT_THAT(bce.confusion, ::testing::ElementsAre(1, 0, 1, 1));
  EXPECT_NEAR(bce.shown[1].share, 1 / (1 + std::exp(-3)), 1e-6);
}

TEST(ValidationView, PairsNumbersAndKeepsFewEnough) {
  std::vector<float> truth(5000), said(5000);
  for (size_t i = 0; i < truth.size(); ++i) truth[i] = static_cast<float>(i), said[i] = truth[i] + (i == 4321 ? 50 : 1);
  const auto data = dataset(floats({5000, 1}, truth), {});
  const auto told = seen(*data, "mse", floats({5000, 1}, said));
  EXPECT_TRUE(told.classes.empty());
  ASSERT_EQ(told.truths.size(), 1000u);
  EXPECT_EQ(told.predictions.size(), 1000u);
  EXPECT_EQ(told.predictions[10], told.truths[10] + 1);
  ASSERT_EQ(told.shown.size(), 24u);
  EXPECT_EQ(told.shown[12].sample, 4321) << "the largest error leads the worst ones";
}

TEST(ValidationView, SaysNothingAboutShapesItCannotRead) {
  const auto data = dataset(labels({0, 1}), {});
  ValidationView view(measures("cross_entropy"), *data, 0, 2);
  data::Batch batch;
  data->read(std::vector<int64_t>{0, 1}, batch);
  view.add({0, {}, {floats({2, 3, 4}, std::vector<float>(24))}, {}}, batch);
  EXPECT_FALSE(view.possible());
  EXPECT_FALSE(ValidationView(measures("mse"), *data, 0, 0).possible()) << "no validation samples";
}

}  // namespace
}  // namespace netwright::train
