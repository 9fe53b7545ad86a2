// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/registry.h"
#include "core/data/split.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

constexpr std::string_view kBuiltin = "builtin:";

Json toJson(const TransformConfig& step) {
  Json params = Json::object();
  for (const auto& [name, value] : step.params) params[name] = netwright::toJson(value);
  return {{"kind", step.kind}, {"params", std::move(params)}};
}

const Json& member(const Json& json, const char* key, const Json& fallback, bool (Json::*isType)() const noexcept,
                   const std::string& sourceName) {
  const auto it = json.find(key);
  if (it == json.end()) return fallback;
  if (!((*it).*isType)())
    failInput(fmt::format("{}: '{}' should be {} but is {}.", sourceName, key,
                          fallback.is_array() ? "a list" : "an object", it->dump().substr(0, 60)),
              "", "Correct that value.");
  return *it;
}

TransformConfig transformFromJson(const Json& json, const std::string& sourceName) {
  static const Json kNone = Json::object();
  TransformConfig step;
  step.kind = jsonGet<std::string>(json, "kind", "", sourceName);
  if (step.kind.empty()) failInput(fmt::format("{}: a transform has no 'kind'.", sourceName), "", "Add it.");
  for (const auto& [name, value] : member(json, "params", kNone, &Json::is_object, sourceName).items())
    step.params[name] =
        attributeFromJson(value, fmt::format("{}: '{}' of transform '{}'", sourceName, name, step.kind));
  return step;
}

std::vector<std::string> builtinNames() {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(resourceFolder() / "data", ec))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path dataFolder(const DataConfig& config, const fs::path& projectFolder) {
  if (!config.path.starts_with(kBuiltin)) {
    const fs::path folder = projectFolder / config.path;  // an absolute path replaces the project's
    if (!fs::is_directory(folder))
      failInput(fmt::format("The data folder {} does not exist.", folder.lexically_normal().string()), "",
                "Choose the folder that holds the data files.");
    return folder;
  }
  const std::string name = config.path.substr(kBuiltin.size());
  const std::vector<std::string> names = builtinNames();
  if (std::find(names.begin(), names.end(), name) == names.end())
    failInput(fmt::format("There is no built-in data set '{}'.", name),
              fmt::format("Built in: {}.", joined(names, ", ")),
              names.empty() ? "" : fmt::format("Did you mean 'builtin:{}'?", nearest(name, names)));
  return resourceFolder() / "data" / name;
}

}  // namespace

Json toJson(const DataConfig& config) {
  Json steps = Json::array();
  for (const TransformConfig& step : config.transforms) steps.push_back(toJson(step));
  return {{"source", config.source},
          {"path", config.path},
          {"transforms", std::move(steps)},
          {"validation", config.validation},
          {"split_seed", config.splitSeed}};
}

DataConfig dataConfigFromJson(const Json& json, const std::string& sourceName) {
  static const Json kNone = Json::array();
  DataConfig config;
  config.source = jsonGet(json, "source", config.source, sourceName);
  config.path = jsonGet(json, "path", config.path, sourceName);
  config.validation = jsonGet(json, "validation", config.validation, sourceName);
  config.splitSeed = jsonGet(json, "split_seed", config.splitSeed, sourceName);
  for (const Json& step : member(json, "transforms", kNone, &Json::is_array, sourceName))
    config.transforms.push_back(transformFromJson(step, sourceName));
  return config;
}

DataSplits openData(const DataConfig& config, const fs::path& projectFolder) {
  const SourceSpec& source = sourceSpec(config.source);
  if (!(config.validation >= 0 && config.validation < 1))
    failInput(fmt::format("The validation share must be at least 0 and below 1 but is {}.", config.validation), "",
              "Set it to 0.1 to hold back one sample in ten.");
  for (const TransformConfig& step : config.transforms) transformSpec(step.kind);  // before the costly part

  SourceData data = source.open(dataFolder(config, projectFolder));
  Split split = splitSamples(data.train->size(), config.validation, config.splitSeed);
  DataSplits splits;
  splits.train = transformed(data.train, config.transforms);
  splits.test = data.test ? transformed(data.test, config.transforms) : nullptr;
  splits.trainSamples = std::move(split.train);
  splits.validationSamples = std::move(split.validation);
  return splits;
}

std::vector<ColumnSpec> describeData(const DataConfig& config, const fs::path& projectFolder) {
  const SourceSpec& source = sourceSpec(config.source);
  return transformedColumns(source.describe(dataFolder(config, projectFolder)), config.transforms);
}

}  // namespace netwright::data
