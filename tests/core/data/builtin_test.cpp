// SPDX-License-Identifier: Apache-2.0
// The data sets that ship with the templates, as the templates read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

class Builtin : public testing::Test {
 protected:
  void SetUp() override { ::setenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources", 1); }
  void TearDown() override { ::unsetenv("NETWRIGHT_RESOURCES"); }
};

DataConfig configOf(const std::string& source, const std::string& path, const Attributes& params) {
  DataConfig config;
  config.source = source;
  config.path = path;
  config.params = params;
  config.validation = 0.15;
  config.test = 0.2;
  return config;
}

TEST_F(Builtin, Penguins_AreStratifiedEncodedAndFilledIn) {
  DataConfig config = configOf("csv", "builtin:penguins", {{"target", "species"}, {"ignore", "year"}});
  config.transforms = {{"impute", {{"strategy", "median"}}}, {"standardize", {}}};
  config.split = SplitMode::Stratified;
  const DataSplits data = openData(config, ".");
  EXPECT_EQ(data.train->size(), 344);
  EXPECT_THAT(
      data.train->columns()[0].entries,
      testing::ElementsAre("island=Biscoe", "island=Dream", "island=Torgersen", "bill_length_mm", "bill_depth_mm",
                           "flipper_length_mm", "body_mass_g", "sex=female", "sex=male", "sex=(missing)"));
  EXPECT_THAT(data.train->columns()[1].classes, testing::ElementsAre("Adelie", "Chinstrap", "Gentoo"));
  EXPECT_EQ(data.trainSamples.size(), 223u);
  EXPECT_EQ(data.validationSamples.size(), 52u);
  EXPECT_EQ(data.test->size(), 69);
  std::map<int64_t, int> all, test;
  for (const int64_t label : values<int64_t>(*data.train, "species")) ++all[label];
  for (const int64_t label : values<int64_t>(*data.test, "species")) ++test[label];
  EXPECT_THAT(all, testing::ElementsAre(testing::Pair(0, 152), testing::Pair(1, 68), testing::Pair(2, 124)));
  for (const auto& [label, count] : all) EXPECT_LE(std::abs(test[label] - 0.2 * count), 1) << label;
}

TEST_F(Builtin, Diabetes_IsStandardisedWithTheTarget) {
  DataConfig config = configOf("csv", "builtin:diabetes", {{"target", "progression"}});
  config.transforms = {{"standardize", {{"columns", "all"}}}};
  const DataSplits data = openData(config, ".");
  EXPECT_EQ(data.train->size(), 442);
  EXPECT_EQ(data.train->columns()[1], (ColumnSpec{"progression", DType::Float32, {1}, Role::Target, {}, {}}));
  Batch batch;
  data.train->read(data.trainSamples, batch);
  for (const NamedTensor& column : batch.columns) {
    double sum = 0, squares = 0;
    for (const float v : column.tensor.as<float>()) {
      sum += v;
      squares += double{v} * v;
    }
    const auto count = static_cast<double>(column.tensor.count());
    EXPECT_NEAR(sum / count, 0, 1e-6) << column.name;
    EXPECT_NEAR(squares / count, 1, 1e-5) << column.name;
  }
}

TEST_F(Builtin, Sunspots_AreWindowsInOrderOfTime) {
  DataConfig config = configOf("series", "builtin:sunspots", {{"window", int64_t{24}}, {"time", "YEAR"}});
  const DataSplits data = openData(config, ".");
  EXPECT_EQ(data.train->size(), 309 - 24);
  EXPECT_THAT(data.train->columns()[0].shape, testing::ElementsAre(24, 1));
  EXPECT_EQ(data.train->columns()[1].name, "SUNACTIVITY");
  EXPECT_EQ(values<float>(*data.train, "x")[2], 16);
  EXPECT_EQ(data.validationSamples.front() - data.trainSamples.back(), 25);
  EXPECT_EQ(data.test->size(), 57);
  EXPECT_EQ(data.test->sampleName(56), "the window from line 286 to 310 of sunspots_yearly.csv");
}

TEST_F(Builtin, Words_AreReadLetterByLetter) {
  DataConfig config = configOf("csv", "builtin:words", {{"text", "word"}, {"text_length", int64_t{16}}});
  config.split = SplitMode::Stratified;
  const DataSplits data = openData(config, ".");
  EXPECT_EQ(data.train->size(), 27000);
  EXPECT_EQ(data.train->columns()[0].classes.size(), 60u) << "the template's embedding has as many";
  EXPECT_THAT(data.train->columns()[1].classes, testing::ElementsAre("dutch", "english", "french", "german", "italian",
                                                                     "polish", "portuguese", "spanish", "swedish"));
  EXPECT_TRUE(data.notes.empty()) << data.notes.front();
}

TEST_F(Builtin, Alice_IsAText) {
  const DataSplits data = openData(configOf("text", "builtin:alice", {}), ".");
  EXPECT_EQ(data.train->columns()[0].classes.size(), 71u) << "the template's embedding has as many";
  EXPECT_GT(data.train->size(), 4000);
}

TEST_F(Builtin, SpokenDigits_AreThirtyOfEach) {
  const DataSplits data = openData(configOf("sounds", "builtin:spoken-digits", {{"length", int64_t{6400}}}), ".");
  EXPECT_EQ(data.train->size(), 300);
  EXPECT_EQ(data.train->columns()[1].classes.size(), 10u);
  std::map<int64_t, int> counts;
  for (const int64_t label : values<int64_t>(*data.train, "label")) ++counts[label];
  for (const auto& [label, count] : counts) EXPECT_EQ(count, 30) << label;
}

}  // namespace
}  // namespace netwright::data
