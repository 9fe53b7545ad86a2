// SPDX-License-Identifier: Apache-2.0
// Which data a project uses and how it is prepared and split. Part of the project file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/transform.h"

namespace netwright::data {

struct DataConfig {
  std::string source = "idx";
  std::string path = "builtin:mnist";  // "builtin:NAME", or a folder, relative to the project folder
  std::vector<TransformConfig> transforms;
  double validation = 0.1;  // share of the training samples, in [0, 1)
  uint64_t splitSeed = 0;
  bool operator==(const DataConfig&) const = default;
};

nlohmann::ordered_json toJson(const DataConfig& config);
// Unknown keys are ignored, absent ones keep their defaults. Throws Error{Input} that names `sourceName` and the key.
DataConfig dataConfigFromJson(const nlohmann::ordered_json& json, const std::string& sourceName);

struct DataSplits {
  std::shared_ptr<const Dataset> train, test;            // after the transforms; test is null where the source has none
  std::vector<int64_t> trainSamples, validationSamples;  // both index `train`
};

// Throw Error{Input} for whatever is wrong with the settings or the files.
DataSplits openData(const DataConfig& config, const std::filesystem::path& projectFolder);
// The columns after the transforms. Fast: reads headers and labels only.
std::vector<ColumnSpec> describeData(const DataConfig& config, const std::filesystem::path& projectFolder);

}  // namespace netwright::data
