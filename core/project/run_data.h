// SPDX-License-Identifier: Apache-2.0
// The samples that a run was trained, validated and tested on. Used by the engine and by commands that show samples.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/data_config.h"
#include "core/data/dataset.h"
#include "core/project/project.h"

namespace netwright::project {

// The data of a run, prepared as its training did. `learnt`: Checkpoint::data; empty to learn from the training
// samples. Throws Error{Input} for whatever is wrong with the data.
data::DataSplits openRunData(const Project& project, const std::filesystem::path& folder, const std::string& learnt);

// Samples of a split: "train", "validation" or "test". Refers to the data. Throws Error{Input} if there is no such
// split.
struct SplitSamples {
  const data::Dataset& dataset;
  std::vector<int64_t> samples;
};
SplitSamples splitOf(const data::DataSplits& data, const std::string& split);

}  // namespace netwright::project
