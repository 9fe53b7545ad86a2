// SPDX-License-Identifier: Apache-2.0
// Transforms that learn: from training samples only, kept with the run, and refused where the data is another.
#include "core/data/fitted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/json.h"
#include "core/data/memory_dataset.h"
#include "core/data/transform.h"
#include "tests/core/data/tables.h"
#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using netwright::test::messageOf;
using testing::ElementsAre;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::shared_ptr<const Dataset> numbers(const std::vector<int64_t>& shape, const std::vector<float>& values) {
  ColumnSpec x{.name = "x", .shape = shape};
  const auto samples = static_cast<int64_t>(values.size()) / elementCount(shape);
  std::vector<int64_t> all = shape;
  all.insert(all.begin(), samples);
  HostTensor tensor(DType::Float32, all), y(DType::Float32, {samples, 1});
  std::copy(values.begin(), values.end(), tensor.as<float>().begin());
  for (int64_t i = 0; i < samples; ++i) y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(10 * i);
  return memoryDataset({x, {.name = "y", .shape = {1}, .role = Role::Target}}, {tensor, y});
}

std::vector<float> after(const std::shared_ptr<const Dataset>& data, const std::vector<TransformConfig>& steps,
                         const std::vector<int64_t>& samples, const std::string& column = "x") {
  return values<float>(*transformed(data, steps, fit(data, samples, steps)), column);
}

TEST(Fitted, Standardize_LearnsFromTheTrainingSamplesOnly) {
  const auto data = numbers({2}, {1, 10, 3, 10, 100, 40});
  const std::vector<TransformConfig> steps{{"standardize", {}}};
  const Fitted fitted = fit(data, std::vector<int64_t>{0, 1}, steps);
  EXPECT_THAT(fitted.steps[0].columns.at("x").at("mean"), ElementsAre(2, 10));
  EXPECT_THAT(fitted.steps[0].columns.at("x").at("std"), ElementsAre(1, 1));  // constant: divided by 1
  EXPECT_THAT(after(data, steps, {0, 1}), ElementsAre(-1, 0, 1, 0, 98, 30));
}

TEST(Fitted, Standardize_TreatsChannelsAndColumnsAsGroups) {
  const auto groups = [](const std::vector<int64_t>& shape, const Attributes& params) {
    const auto data = numbers(shape, std::vector<float>(12, 1));
    const std::vector<TransformConfig> steps{{"standardize", params}};
    return fit(data, std::vector<int64_t>{0}, steps).steps[0].columns.at("x").at("mean").size();
  };
  EXPECT_EQ(groups({12}, {}), 12u);
  EXPECT_EQ(groups({6, 2}, {}), 2u);     // of a series: the channels
  EXPECT_EQ(groups({3, 2, 2}, {}), 3u);  // of an image: the channels
  EXPECT_EQ(groups({3, 2, 2}, {{"per", "column"}}), 1u);
  EXPECT_THAT(after(numbers({2, 2}, {1, 10, 3, 10}), {{"standardize", {}}}, {0}), ElementsAre(-1, 0, 1, 0));
  EXPECT_THAT(after(numbers({2, 1, 2}, {1, 3, 10, 10}), {{"standardize", {}}}, {0}), ElementsAre(-1, 1, 0, 0));
}

TEST(Fitted, Standardize_TakesTargetsIfAsked) {
  const auto data = numbers({1}, {1, 2, 3});
  EXPECT_THAT(after(data, {{"standardize", {{"columns", "targets"}}}}, {0, 2}, "y"), ElementsAre(-1, 0, 1));
  EXPECT_THAT(after(data, {{"standardize", {{"columns", "targets"}}}}, {0, 2}, "x"), ElementsAre(1, 2, 3));
  EXPECT_THAT(after(data, {{"standardize", {{"columns", "all"}}}}, {0, 2}, "x"), ElementsAre(-1, 0, 1));
}

TEST(Fitted, Standardize_LeavesClassesAlone) {
  Table table("a,y\n1,p\n2,q\n");
  table.config.transforms = {{"standardize", {{"columns", "all"}}}};
  EXPECT_THAT(values<int64_t>(*table.open().train, "y"), ElementsAre(0, 1));
  table.config.transforms = {{"standardize", {{"columns", "targets"}}}};
  EXPECT_EQ(table.message(),
            "Transform 'standardize' is for numbers, but the target 'y' holds classes. Let it take the features only.");
}

TEST(Fitted, Impute_FillsByEachStrategy) {
  const auto data = numbers({1}, {1, kNaN, 4, 4, 7, 99});
  const auto filled = [&](const Attributes& params) { return after(data, {{"impute", params}}, {0, 1, 2, 3, 4})[1]; };
  EXPECT_EQ(filled({}), 4);
  EXPECT_EQ(filled({{"strategy", "median"}}), 4);
  EXPECT_EQ(filled({{"strategy", "most_frequent"}}), 4);
  EXPECT_EQ(filled({{"strategy", "constant"}, {"value", -1.5}}), -1.5);
  EXPECT_EQ(after(numbers({1}, {1, 2, kNaN}), {{"impute", {{"strategy", "median"}}}}, {0, 1, 2})[2], 1.5f);
  EXPECT_EQ(after(numbers({1}, {5, 2, 5, 2, kNaN}), {{"impute", {{"strategy", "most_frequent"}}}}, {0, 1, 2, 3})[4], 2);
}

TEST(Fitted, MinMax_MapsTheTrainingRange) {
  EXPECT_THAT(after(numbers({1}, {2, 6, 4, 10}), {{"min_max", {}}}, {0, 1, 2}), ElementsAre(0, 1, .5f, 2));
  EXPECT_THAT(after(numbers({1}, {2, 6}), {{"min_max", {{"low", int64_t{-1}}, {"high", int64_t{1}}}}}, {0, 1}),
              ElementsAre(-1, 1));
  EXPECT_THAT(after(numbers({1}, {3, 3}), {{"min_max", {}}}, {0, 1}), ElementsAre(0, 0));
}

TEST(Fitted, Steps_LearnFromTheResultOfThoseBefore) {
  const auto data = numbers({1}, {1, kNaN, 3});
  EXPECT_THAT(
      after(data, {{"impute", {{"strategy", "constant"}, {"value", int64_t{5}}}}, {"standardize", {}}}, {0, 1, 2}),
      ElementsAre(testing::FloatEq(-2 / std::sqrt(8.f / 3)), testing::FloatEq(2 / std::sqrt(8.f / 3)),
                  testing::FloatNear(0, 1e-6f)));
  EXPECT_TRUE(std::isnan(after(data, {{"standardize", {}}}, {0, 1, 2})[1]));  // missing stays missing
}

TEST(Fitted, Steps_FollowATableOfBytes) {
  Table table("", "idx");
  table.config.path = ".";
  table.folder.write("train-images", idxImages(2, 1, 2));  // 0 1 2 3
  table.folder.write("train-labels", idxLabels({0, 1}));
  table.config.transforms = {{"to_float", {{"scale", int64_t{1}}}}, {"standardize", {{"per", "column"}}}};
  const float s = std::sqrt(1.25f);
  EXPECT_THAT(values<float>(*table.open().train, "image"),
              ElementsAre(testing::FloatEq(-1.5f / s), testing::FloatEq(-.5f / s), testing::FloatEq(.5f / s),
                          testing::FloatEq(1.5f / s)));
  table.config.transforms = {{"standardize", {}}};
  EXPECT_EQ(table.message(),
            "Transform 'standardize' expects float32 but column 'image' holds uint8. Put 'to_float' before it.");
}

TEST(Fitted, Fit_NamesTheFeatureWithoutAnyValue) {
  Table table("a,b,y\n1,,3\n4,,6\n7,8,9\n");
  table.config.split = SplitMode::Time;
  table.config.validation = 0.3;
  table.config.transforms = {{"impute", {}}};
  EXPECT_EQ(
      table.message(),
      "The training samples have no value in 'b', so the transform 'impute' has nothing to learn from. Leave that "
      "column out, or choose other data.");
}

TEST(Fitted, Fitted_SurvivesJsonToTheBit) {
  const auto data = numbers({2}, {.1f, 1e-30f, .7f, 3e30f, 1 / 3.f, 5});
  const Fitted fitted =
      fit(data, std::vector<int64_t>{0, 1, 2}, {{"impute", {}}, {"standardize", {}}, {"min_max", {}}});
  EXPECT_EQ(fittedFromJson(parseJson(toJson(fitted).dump(), "f"), "f"), fitted);
  EXPECT_EQ(toJson(fit(data, std::vector<int64_t>{0, 2}, {{"min_max", {}}})).dump(),
            R"({"steps":[{"kind":"min_max","columns":{"x":{"max":[0.3333333432674408,5.0],"min":[0.10000000149011612,)"
            R"(1.0000000031710769e-30]}}}],"columns":[{"name":"x","entries":[],"classes":[]},)"
            R"({"name":"y","entries":[],"classes":[]}]})");
}

TEST(Fitted, Fitted_NamesTheKeyOfAWrongType) {
  const auto message = [](const std::string& text) {
    return messageOf([&] { fittedFromJson(parseJson(text, "fitted"), "fitted"); });
  };
  EXPECT_EQ(message("[]"), "fitted: 'steps' should be a list. Train again.");
  EXPECT_EQ(message(R"({"steps": [{"kind": "x", "columns": {"x": {"mean": ["a"]}}}]})"),
            "fitted: 'mean' should be a list of numbers. Train again.");
  EXPECT_EQ(message(R"({"steps": [], "columns": [{"name": "x", "entries": 3}]})"),
            "fitted: 'entries' should be a list. Train again.");
}

TEST(Fitted, OpenData_UsesStoredValuesInsteadOfLearning) {
  Table table("a,y\n1,p\n3,q\n");
  table.config.transforms = {{"standardize", {}}};
  const Fitted stored = table.open().fitted;
  table.folder.write("t.csv", "a,y\n11,q\n5,p\n");
  EXPECT_THAT(values<float>(*table.open(&stored).train, "x"), ElementsAre(9, 3));
  EXPECT_THAT(values<float>(*table.open().train, "x"), ElementsAre(1, -1));
  EXPECT_EQ(table.open(&stored).fitted, stored);
}

TEST(Fitted, OpenData_RefusesValuesOfOtherDataOrSteps) {
  Table table("a,c,y\n1,u,p\n3,v,q\n");
  table.config.transforms = {{"standardize", {}}};
  const Fitted stored = table.open().fitted;
  const auto message = [&](const std::string& text) {
    table.folder.write("t.csv", text);
    return messageOf([&] { table.open(&stored); });
  };
  EXPECT_EQ(
      message("a,c,y\n1,u,p\n3,v,q\n3,w,q\n"),
      "The data has changed since the values of its transforms were learnt. Column 'x': of the features, 'c=w' is "
      "new. Use the data of that training, or train again.");
  EXPECT_EQ(message("a,c,y\n1,u,p\n3,v,p\n"),
            "The data has changed since the values of its transforms were learnt. Column 'y': of the classes, 'q' is "
            "gone. Use the data of that training, or train again.");
  EXPECT_EQ(message("a,c,z\n1,u,p\n3,v,q\n"),
            "The data has changed since the values of its transforms were learnt. The columns were x, y and are x, z. "
            "Use the data of that training, or train again.");
  table.config.transforms = {{"min_max", {}}};
  EXPECT_EQ(
      message("a,c,y\n1,u,p\n3,v,q\n"),
      "The stored values do not fit the transform 'min_max'. They are of the transform 'standardize'. Train again.");
  table.config.transforms = {{"standardize", {}}, {"min_max", {}}};
  EXPECT_EQ(message("a,c,y\n1,u,p\n3,v,q\n"),
            "The stored values do not fit the transform 'min_max'. They are of 1 steps. Train again.");
  table.config.transforms = {{"standardize", {{"columns", "all"}, {"per", "column"}}}};
  EXPECT_EQ(message("a,c,y\n1,u,p\n3,v,q\n"),
            "The stored values do not fit the transform 'standardize'. 'mean' should have 1 numbers. Train again.");
}

}  // namespace
}  // namespace netwright::data
