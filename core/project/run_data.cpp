// SPDX-License-Identifier: Apache-2.0
#include "core/project/run_data.h"

#include <fmt/format.h>

#include <numeric>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/project/settle.h"

namespace netwright::project {

data::DataSplits openRunData(const Project& project, const std::filesystem::path& folder, const std::string& learnt) {
  const data::DataConfig config = settledData(project);
  if (learnt.empty()) return data::openData(config, folder);
  const data::Fitted fitted = data::fittedFromJson(parseJson(learnt, "The checkpoint"), "The checkpoint");
  return data::openData(config, folder, &fitted);
}

SplitSamples splitOf(const data::DataSplits& data, const std::string& split) {
  if (split == "train") return {*data.train, data.trainSamples};
  if (split == "validation") return {*data.train, data.validationSamples};
  if (split != "test")
    failInput(fmt::format("There is no split '{}'.", split), "", "Choose train, validation or test.");
  if (!data.test) failInput("The data has no test split.", "", "Evaluate on the validation split instead.");
  std::vector<int64_t> all(static_cast<size_t>(data.test->size()));
  std::iota(all.begin(), all.end(), 0);
  return {*data.test, std::move(all)};
}

}  // namespace netwright::project
