// SPDX-License-Identifier: Apache-2.0
#include "core/data/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/json.h"
#include "core/data/memory_dataset.h"

namespace netwright::data {
namespace {

TEST(Statistics, CountWhatIsThere) {
  HostTensor x(DType::Float32, {3, 2}), kind(DType::Int64, {3});
  const float values[] = {-1, 2, NAN, 4, 5, INFINITY};
  std::copy(std::begin(values), std::end(values), x.as<float>().begin());
  kind.as<int64_t>()[2] = 1;
  const std::vector<ColumnSpec> columns{{"x", DType::Float32, {2}, Role::Feature, {}, {"a", "b"}},
                                        {"kind", DType::Int64, {}, Role::Target, {"red", "blue", "green"}, {}}};
  const auto dataset = memoryDataset(columns, {x, kind});
  const Dataset& data = *dataset;
  const std::vector<int64_t> all{0, 1, 2}, none;
  const auto statistics = statisticsOf(data, all);
  ASSERT_EQ(statistics.size(), 2u);
  EXPECT_EQ(toJson(columns[0], statistics[0]).dump(),
            R"({"name":"x","role":"feature","type":"float32","shape":[2],"entries":["a","b"],"min":-1.0,"max":5.0,)"
            R"("mean":2.5,"not_finite":2})");
  EXPECT_EQ(toJson(columns[1], statistics[1]).at("classes").dump(), R"({"red":2,"blue":1,"green":0})");
  EXPECT_FALSE(toJson(columns[0], statisticsOf(data, none)[0]).contains("mean")) << "nothing was read";
}

}  // namespace
}  // namespace netwright::data
