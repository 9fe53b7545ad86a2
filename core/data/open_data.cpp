// SPDX-License-Identifier: Apache-2.0
// From settings to data sets: find the files, open the source, divide the samples, learn and apply the transforms.
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/data_config.h"
#include "core/data/data_digest.h"
#include "core/data/memory_dataset.h"
#include "core/data/registry.h"
#include "core/data/split.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

constexpr std::string_view kBuiltin = "builtin:";

std::vector<std::string> builtinNames() {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(resourceFolder() / "data", ec))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path dataPath(const DataConfig& config, const SourceSpec& source, const fs::path& projectFolder) {
  if (source.path == SourcePath::None) return {};
  const bool folderOnly = source.path == SourcePath::Folder;
  if (!config.path.starts_with(kBuiltin)) {
    const fs::path path = projectFolder / config.path;  // an absolute path replaces the project's
    if (folderOnly && !fs::is_directory(path))
      failInput(fmt::format("The data folder {} does not exist.", path.lexically_normal().string()), "",
                "Choose the folder that holds the data files.");
    if (!fs::exists(path) || config.path.empty())
      failInput(fmt::format("The data {} does not exist.", path.lexically_normal().string()), "",
                "Choose the file or folder that holds the data.");
    return path;
  }
  const std::string name = config.path.substr(kBuiltin.size());
  const std::vector<std::string> names = builtinNames();
  if (std::find(names.begin(), names.end(), name) == names.end())
    failInput(fmt::format("There is no built-in data set '{}'.", name),
              fmt::format("Built in: {}.", joined(names, ", ")),
              names.empty() ? "" : fmt::format("Did you mean 'builtin:{}'?", nearest(name, names)));
  return resourceFolder() / "data" / name;
}

SourceRequest requestFor(const DataConfig& config, const fs::path& projectFolder) {
  const SourceSpec& source = sourceSpec(config.source);
  return {dataPath(config, source, projectFolder),
          completeParams(fmt::format("Source '{}'", source.kind), source.params, config.params), projectFolder};
}

void requireShare(const char* noun, double share) {
  if (share >= 0 && share < 1) return;
  failInput(fmt::format("The {} share must be at least 0 and below 1 but is {}.", noun, share), "",
            "Set it to 0.1 to hold back one sample in ten.");
}

void requireShares(const DataConfig& config) {
  requireShare("validation", config.validation);
  requireShare("test", config.test);
  if (config.validation + config.test >= 1)
    failInput(fmt::format("The shares of validation ({}) and test ({}) leave nothing to train on.", config.validation,
                          config.test),
              "", "Lower one of them.");
}

std::vector<int64_t> labelsOf(const Dataset& dataset, std::span<const int64_t> samples) {
  const auto& columns = dataset.columns();
  const auto label = std::find_if(columns.begin(), columns.end(), [](const ColumnSpec& c) {
    return c.role == Role::Target && c.dtype == DType::Int64 && c.shape.empty();
  });
  if (label == columns.end())
    failInput("The data cannot be split by class: it has no target that holds classes.", "",
              "Split at random, or let the source read the target as classes.");
  std::vector<int64_t> labels;
  Batch batch;
  for (size_t from = 0; from < samples.size(); from += 1024) {
    dataset.read(samples.subspan(from, std::min<size_t>(1024, samples.size() - from)), batch);
    const auto part = batch.columns[static_cast<size_t>(label - columns.begin())].tensor.as<int64_t>();
    labels.insert(labels.end(), part.begin(), part.end());
  }
  return labels;
}

Split splitBy(const DataConfig& config, const SourceData& data, std::span<const int64_t> samples, Shares shares) {
  const auto size = static_cast<int64_t>(samples.size());
  if (data.series && config.split != SplitMode::Auto && config.split != SplitMode::Time)
    failInput(fmt::format("A series cannot be split '{}': neighbouring windows share values, so the network would be "
                          "tested on what it has seen.",
                          toText(splitParam(config, "split"))),
              "", "Split by 'time'.");
  if (data.series || config.split == SplitMode::Time) return splitByTime(size, shares, data.gap);
  if (config.split == SplitMode::Stratified)
    return splitStratified(labelsOf(*data.train, samples), shares, config.splitSeed);
  return splitSamples(size, shares, config.splitSeed);
}

// The sets that the source gives stay as they are; shares divide what it leaves to training.
Split splitOf(const DataConfig& config, const SourceData& data) {
  Split given;
  if (data.given) given = *data.given;
  if (!data.given)
    for (int64_t i = 0; i < data.train->size(); ++i) given.train.push_back(i);
  const Shares shares{given.validation.empty() ? config.validation : 0,
                      given.test.empty() && !data.test ? config.test : 0};
  Split split = ofSamples(splitBy(config, data, given.train, shares), given.train);
  if (!given.validation.empty()) split.validation = given.validation;
  if (!given.test.empty()) split.test = given.test;
  if (split.train.empty() && data.series)
    failInput(fmt::format("The series has only {} windows: nothing is left to train on.", data.train->size()),
              fmt::format("Between two parts {} windows are left out, so that no value is in both.", data.gap),
              "Use a shorter window, smaller shares or a longer series.");
  if (split.train.empty()) failInput("There is no sample to train on.", "", "Lower the shares, or choose other data.");
  return split;
}

// In memory after the transforms if it fits. Bytes stay bytes: a table turns them into numbers as fast as a copy.
std::shared_ptr<const Dataset> prepared(const std::shared_ptr<const Dataset>& source, const DataConfig& config,
                                        const Fitted& fitted) {
  const auto& columns = source->columns();
  const bool numbers =
      std::any_of(columns.begin(), columns.end(), [](const ColumnSpec& c) { return c.dtype == DType::Float32; });
  std::shared_ptr<const Dataset> dataset = transformed(source, config.transforms, fitted);
  if (!numbers) return dataset;
  if (dataset != source && memoryOf(*dataset) <= memoryLimit()) dataset = loaded(dataset);
  requireNumbers(*dataset);
  return dataset;
}

}  // namespace

DataSplits openData(const DataConfig& config, const fs::path& projectFolder, const Fitted* stored) {
  const SourceSpec& source = sourceSpec(config.source);
  requireShares(config);
  for (const TransformConfig& step : config.transforms) transformSpec(step.kind);  // before the costly part

  SourceData data = source.open(requestFor(config, projectFolder));
  transformedColumns(data.train->columns(), config.transforms);
  Split split = splitOf(config, data);
  DataSplits splits;
  splits.fitted = stored ? *stored : fit(data.train, split.train, config.transforms);
  splits.train = prepared(data.train, config, splits.fitted);
  if (data.test) splits.test = prepared(data.test, config, splits.fitted);
  if (!split.test.empty()) splits.test = subset(splits.train, std::move(split.test));
  splits.trainSamples = std::move(split.train);
  splits.validationSamples = std::move(split.validation);
  splits.notes = std::move(data.notes);
  return splits;
}

DataSplits openSource(const DataConfig& config, const fs::path& projectFolder) {
  requireShares(config);
  SourceData data = sourceSpec(config.source).open(requestFor(config, projectFolder));
  Split split = splitOf(config, data);
  DataSplits splits{data.train,           data.test, std::move(split.train), std::move(split.validation), {},
                    std::move(data.notes)};
  if (!split.test.empty()) splits.test = subset(splits.train, std::move(split.test));
  return splits;
}

std::vector<ColumnSpec> describeData(const DataConfig& config, const fs::path& projectFolder) {
  const SourceSpec& source = sourceSpec(config.source);
  return transformedColumns(source.describe(requestFor(config, projectFolder)), config.transforms);
}

std::string dataDigest(const DataConfig& config, const fs::path& projectFolder) {
  Json settings = toJson(config);
  settings.erase("path");  // the same files elsewhere are the same data
  std::string all = settings.dump();
  const fs::path path = dataPath(config, sourceSpec(config.source), projectFolder);
  std::vector<fs::path> files;
  if (fs::is_regular_file(path)) files.push_back(path);
  if (fs::is_directory(path))
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    all += "\n" + file.lexically_relative(path).generic_string() + " " + sha256Hex(readFile(file));
  return sha256Hex(all);
}

}  // namespace netwright::data
