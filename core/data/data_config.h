// SPDX-License-Identifier: Apache-2.0
// Which data a project uses and how it is prepared and split. Part of the project file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/formulas.h"
#include "core/base/param_spec.h"
#include "core/data/dataset.h"
#include "core/data/fitted.h"
#include "core/data/transform.h"

namespace netwright::data {

// How samples are divided where the source gives no sets of its own. Auto: by time for series, else random.
enum class SplitMode { Auto, Random, Stratified, Time };

struct DataConfig {
  std::string source = "idx";
  std::string path = "builtin:mnist";  // "builtin:NAME", or a file or folder, relative to the project folder
  std::vector<TransformConfig> transforms;
  double validation = 0.1;  // share of the samples that training may use, in [0, 1)
  uint64_t splitSeed = 0;
  Attributes params;  // of the source; absent ones have their defaults
  double test = 0;    // share of all samples, in [0, 1); unused where the source has a test set
  SplitMode split = SplitMode::Auto;
  std::string unknown;  // raw JSON members this version does not know, written back unchanged
  Attributes formulas;  // of splitParams(); params and those of transforms hold theirs themselves. settle() ends them
  bool operator==(const DataConfig&) const = default;
};

nlohmann::ordered_json toJson(const DataConfig& config);
// Unknown keys are kept, absent ones keep their defaults. Throws Error{Input} that names `sourceName` and the key.
DataConfig dataConfigFromJson(const nlohmann::ordered_json& json, const std::string& sourceName);

// The settings that every source has (validation, test, split, split_seed), for forms, help and the command line.
const std::vector<ParamSpec>& splitParams();
Attribute splitParam(const DataConfig& config, const std::string& name);
void setSplitParam(DataConfig& config, const std::string& name, const Attribute& value);
void eachFormula(DataConfig& config, const FormulaVisit& visit);
// Puts values in place of formulas. What has none, or one that is not legal, takes its default and is told.
Diagnostics settle(DataConfig& config, const FormulaValue& value);
// Any setting as typed: source, path, one of splitParams(), or a param of the source. Throws Error{Input} that names
// the nearest.
void setDataByName(DataConfig& config, const std::string& name, const std::string& value);

struct DataSplits {
  std::shared_ptr<const Dataset> train, test;            // after the transforms; test is null where there is none
  std::vector<int64_t> trainSamples, validationSamples;  // both index `train`, which may hold samples of neither
  Fitted fitted;                   // what the transforms learnt from trainSamples: to be stored with the run
  std::vector<std::string> notes;  // whole sentences for the user: rows left out, an encoding that was guessed
};

// Throw Error{Input} for whatever is wrong with the settings or the files.
// fitted: values stored with a run, used instead of learning; null to learn.
DataSplits openData(const DataConfig& config, const std::filesystem::path& projectFolder,
                    const Fitted* fitted = nullptr);
// The source's own values, before the transforms; a missing number is NaN. The samples are those of openData.
DataSplits openSource(const DataConfig& config, const std::filesystem::path& projectFolder);
// The columns after the transforms. Reads headers and labels only, but all of a CSV file: what its columns are shows
// in their values.
std::vector<ColumnSpec> describeData(const DataConfig& config, const std::filesystem::path& projectFolder);

}  // namespace netwright::data
