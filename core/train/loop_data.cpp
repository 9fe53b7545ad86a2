// SPDX-License-Identifier: Apache-2.0
// What the record of a run says of its data.
#include <algorithm>

#include "core/base/host_tensor.h"
#include "core/base/json.h"
#include "core/data/data_digest.h"
#include "core/data/statistics.h"
#include "core/train/loop.h"

namespace netwright::train {
namespace {

// Ranges and counts of the training samples as JSON: of the first ones where reading all would hold up the run.
std::string profileOf(const data::DataSplits& data) {
  constexpr int64_t kValues = 1'000'000;
  int64_t values = 1;  // of a sample
  for (const data::ColumnSpec& c : data.train->columns()) values += elementCount(c.shape);
  const auto count = std::min(data.trainSamples.size(), static_cast<size_t>(std::max<int64_t>(1, kValues / values)));
  const auto statistics = data::statisticsOf(*data.train, std::span(data.trainSamples).first(count));
  Json columns = Json::array();
  for (size_t c = 0; c < statistics.size(); ++c)
    columns.push_back(data::toJson(data.train->columns()[c], statistics[c]));
  return Json{{"samples", count}, {"columns", std::move(columns)}}.dump();
}

}  // namespace

void Loop::recordData() {
  const std::string digest = data::dataDigest(project_.data, session_.options_.folder);
  Json schema = Json::array();
  for (const data::ColumnSpec& c : data_.train->columns())
    schema.push_back({{"name", c.name}, {"dtype", name(c.dtype)}, {"shape", c.shape}});
  const std::string profile = profileOf(data_);
  const auto record = [&](const char* role, int64_t samples, std::optional<std::string> fitted) {
    if (samples > 0)
      log_.dataset(
          {role, project_.data.source, project_.data.path, digest, schema.dump(), samples, std::move(fitted), profile});
  };
  record("train", static_cast<int64_t>(data_.trainSamples.size()), data::toJson(data_.fitted).dump());
  record("val", static_cast<int64_t>(data_.validationSamples.size()), std::nullopt);
  record("test", data_.test ? data_.test->size() : 0, std::nullopt);
}

}  // namespace netwright::train
