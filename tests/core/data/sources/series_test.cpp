// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

// t counts from 1, v is 10 t, w is -t.
Table series(int rows, const Attributes& params) {
  std::string text = "t,w,v\n";
  for (int t = 1; t <= rows; ++t)
    text += std::to_string(t) + "," + std::to_string(-t) + "," + std::to_string(10 * t) + "\n";
  return Table(text, "series", "t.csv", params);
}

Attributes windows(int64_t window, int64_t horizon, int64_t stride = 1) {
  return {{"window", window}, {"horizon", horizon}, {"stride", stride}};
}

TEST(Series, Series_CutsWindowsThatPredictTheNextValues) {
  const Table table = series(6, windows(3, 2));
  const auto data = table.open().train;
  const ColumnSpec x{"x", DType::Float32, {3, 1}, Role::Feature, {}, {"v"}};
  const ColumnSpec v{"v", DType::Float32, {2}, Role::Target, {}, {}};
  EXPECT_THAT(data->columns(), ElementsAre(x, v));
  EXPECT_EQ(table.describe(), data->columns());
  EXPECT_THAT(values<float>(*data, "x"), ElementsAre(10, 20, 30, 20, 30, 40));
  EXPECT_THAT(values<float>(*data, "v"), ElementsAre(40, 50, 50, 60));
  EXPECT_EQ(data->sampleName(1), "the window from line 3 to 7 of t.csv");
}

TEST(Series, Series_TakesSeveralChannelsAndStrides) {
  Attributes params = windows(2, 1, 3);
  params["features"] = "v, w";
  Table table = series(9, params);
  EXPECT_THAT(table.open().train->columns()[0].entries, ElementsAre("v", "w"));
  EXPECT_THAT(values<float>(*table.open().train, "x"), ElementsAre(10, -1, 20, -2, 40, -4, 50, -5, 70, -7, 80, -8));
  table.config.params["features"] = "*";
  EXPECT_THAT(table.open().train->columns()[0].entries, ElementsAre("t", "w", "v"));
  EXPECT_EQ(table.describe(), table.open().train->columns());
}

// The values (by their time) that the samples of a part see or predict.
std::set<float> touched(const Dataset& data, const std::vector<int64_t>& samples) {
  Batch batch;
  data.read(samples, batch);
  std::set<float> all;
  for (const NamedTensor& column : batch.columns)
    for (const float v : column.tensor.as<float>()) all.insert(v);
  return all;
}

TEST(Series, Series_NoValueIsInTwoParts) {
  for (const int64_t window : {1, 5, 12})
    for (const int64_t horizon : {1, 4})
      for (const int64_t stride : {1, 2, 7, 40}) {
        Table table = series(400, windows(window, horizon, stride));
        table.config.validation = 0.2;
        table.config.test = 0.2;
        const DataSplits data = table.open();
        std::vector<int64_t> test(static_cast<size_t>(data.test->size()));
        for (size_t i = 0; i < test.size(); ++i) test[i] = static_cast<int64_t>(i);
        const auto a = touched(*data.train, data.trainSamples), b = touched(*data.train, data.validationSamples),
                   c = touched(*data.test, test);
        ASSERT_FALSE(a.empty() || b.empty() || c.empty());
        EXPECT_LT(*a.rbegin(), *b.begin()) << window << " " << horizon << " " << stride;
        EXPECT_LT(*b.rbegin(), *c.begin()) << window << " " << horizon << " " << stride;
        EXPECT_EQ(*b.begin() - *a.rbegin() <= static_cast<float>(10 * stride), true);  // and no more is left out
      }
}

TEST(Series, Series_RefusesToBeSplitAtRandom) {
  Table table = series(20, windows(3, 1));
  table.config.validation = 0.2;
  table.config.split = SplitMode::Random;
  EXPECT_EQ(table.message(),
            "A series cannot be split 'random': neighbouring windows share values, so the network would be tested on "
            "what it has seen. Split by 'time'.");
  table.config.split = SplitMode::Time;
  EXPECT_EQ(table.open().validationSamples.back(), 16);
}

TEST(Series, Series_NamesTheCellThatIsMissingOrNoNumber) {
  EXPECT_EQ(Table("t,v\n1,2\n2,\n3,4\n", "series").message(),
            "t.csv, line 3, column 'v': there is no value. A series needs a number at each time. Fill it in, or set "
            "missing to previous.");
  EXPECT_EQ(Table("t,v\n1,2\n2,x\n3,4\n", "series").message(),
            "t.csv, line 3, column 'v': 'x' is not a number. A number was expected. Correct the value, or add it to "
            "missing_words.");
  Table first("t,v\n1,\n2,3\n", "series");
  first.config.params = {{"missing", "previous"}};
  EXPECT_EQ(first.message(),
            "t.csv, line 2, column 'v': there is no value, and none before it. Begin the series where its first value "
            "is.");
}

TEST(Series, Series_TakesThePreviousValueAndSaysSo) {
  Table table("t,v\n1,2\n2,\n3,NA\n4,5\n", "series");
  table.config.params = windows(2, 1);
  table.config.params["missing"] = "previous";
  const DataSplits data = table.open();
  EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(2, 2, 2, 2));
  EXPECT_THAT(values<float>(*data.train, "v"), ElementsAre(2, 5));
  EXPECT_THAT(data.notes, ElementsAre("t.csv: missing values in 2 of 4 rows were taken from the row before."));
}

TEST(Series, Series_ChecksTheOrderOfTime) {
  Table table("day,v\n2020-01-01,1\n2020-01-03,2\n2020-01-02,3\n", "series");
  table.config.params = windows(1, 1);
  EXPECT_EQ(table.message(), "no error");
  table.config.params["time"] = "day";
  EXPECT_EQ(table.message(),
            "t.csv, line 4, column 'day': '2020-01-02' does not come after '2020-01-03'. A series must be in order of "
            "time. Sort the file by that column.");
}

TEST(Series, Series_SaysWhenItIsTooShort) {
  EXPECT_EQ(
      series(20, windows(24, 1)).message(),
      "t.csv has 20 rows, but a window of 24 and a horizon of 1 need 25. Set window or horizon lower, or choose a "
      "longer series.");
  Table table = series(30, windows(12, 1));
  table.config.validation = 0.4;
  EXPECT_EQ(
      table.message(),
      "The series has only 18 windows: nothing is left to train on. Between two parts 12 windows are left out, so "
      "that no value is in both. Use a shorter window, smaller shares or a longer series.");
}

}  // namespace
}  // namespace netwright::data
