// SPDX-License-Identifier: Apache-2.0
#include "core/project/from_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/sources/csv_file.h"
#include "core/layers/registry.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

// What people call the column that they want to predict.
constexpr std::array kTargetNames{"target",  "label",    "class",  "species", "diagnosis", "outcome",  "y",
                                  "quality", "survived", "result", "price",   "cultivar",  "category", "progression"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string guessTarget(const std::vector<std::string>& header) {
  for (const char* known : kTargetNames)
    for (const std::string& name : header)
      if (lower(name) == known) return name;
  return header.back();
}

graph::Document networkFor(const std::string& target, int64_t features, int64_t outputs, int64_t rows) {
  constexpr double kColumn = 270, kRow = 140;
  const int64_t width = rows < 200 ? 16 : rows < 2000 ? 32 : 64;
  graph::Document d;
  const auto add = [&](const char* kind, const Attributes& params) -> graph::Node& {
    const auto at = static_cast<int>(d.nodes.size());
    graph::Node n = layers::newNode(*layers::findLayer(kind), d, {at % 3 * kColumn, at / 3 * kRow});
    for (const auto& [key, value] : params) n.params[key] = value;
    d.nodes.push_back(n);
    if (at > 0) d.wires.push_back({{d.nodes[d.nodes.size() - 2].id, "y"}, {n.id, "x"}});
    return d.nodes.back();
  };
  add("input", {{"shape", std::vector<int64_t>{features}}}).name = "x";
  for (int hidden = 0; hidden < (rows < 1000 ? 1 : 2); ++hidden) {
    add("linear", {{"out_features", width}});
    add("relu", {});
  }
  add("linear", {{"out_features", outputs}});
  graph::Node& last = add("output", {});
  last.name = target == "x" ? "y" : target;
  return d;
}

run::RunConfig settingsFor(bool classes, int64_t rows) {
  constexpr int64_t kSteps = 1500;
  run::RunConfig config;
  config.batchSize = rows < 500 ? 16 : rows < 5000 ? 32 : 128;
  config.epochs = std::clamp<int64_t>(kSteps * config.batchSize / std::max<int64_t>(rows, 1), 5, 60);
  config.seed = 1;
  run::Objective& o = config.objectives.front();
  o.terms.front().loss = classes ? "cross_entropy" : "mse";
  o.optimiser = {"adam", {{"lr", 0.003}}};
  config.metrics = classes ? std::vector<std::string>{"accuracy"} : std::vector<std::string>{"mae", "r2"};
  return config;
}

data::DataConfig dataFor(const fs::path& relative, const std::string& target) {
  data::DataConfig d;
  d.source = "csv";
  d.path = relative.string();
  d.params = {{"target", target}};
  d.validation = 0.15;
  d.test = 0.15;
  return d;
}

// The folder of a project that could not be made is not left behind.
struct Cleaner {
  fs::path folder;
  bool kept = false;
  ~Cleaner() {
    std::error_code ignored;
    if (!kept) fs::remove_all(folder, ignored);
  }
};

}  // namespace

bool isTable(const fs::path& file) {
  std::string name = lower(file.filename().string());
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name.ends_with(".csv") || name.ends_with(".tsv");
}

Project createFromTable(const fs::path& folder, const fs::path& table, TableGuess* guess) {
  std::error_code ec;
  if (!fs::is_regular_file(table, ec))
    failInput(fmt::format("There is no table {}.", table.string()), "", "Check the path.");
  if (fs::exists(folder, ec) && !(fs::is_directory(folder, ec) && fs::is_empty(folder, ec)))
    failInput(fmt::format("{} exists already and is not empty.", folder.string()), "",
              "Choose another folder; nothing was changed.");
  Attributes defaults;
  for (const ParamSpec& p : data::csvParams()) defaults[p.name] = p.fallback;
  const data::CsvFile file(table, defaults);
  TableGuess found;
  file.forRows([&](const auto&, int64_t) { ++found.rows; });
  found.target = guessTarget(file.header());
  Cleaner cleaner{folder};
  const fs::path relative = fs::path("data") / table.filename();
  fs::create_directories(folder / "data", ec);
  if (!ec) fs::copy_file(table, folder / relative, ec);
  if (ec)
    failEnvironment(fmt::format("{} could not be copied to {}.", table.string(), folder.string()), ec.message() + ".",
                    "Choose a folder that you may write to, with room for the table.");
  Project project;
  project.name = folder.filename().string();
  project.data = dataFor(relative, found.target);
  for (const data::ColumnSpec& column : data::describeData(project.data, folder)) {
    if (column.role == data::Role::Target) found.classes = static_cast<int64_t>(column.classes.size());
    if (column.role == data::Role::Feature && !column.shape.empty()) found.features = column.shape.front();
  }
  if (found.features == 0)
    failInput(fmt::format("{} has no column to predict '{}' from.", table.filename().string(), found.target), "",
              "A table needs at least two columns.");
  const bool classes = found.classes > 0;
  project.data.split = classes ? data::SplitMode::Stratified : data::SplitMode::Random;
  project.data.transforms = {{"impute", {{"strategy", std::string("median")}}, ""},
                             {"standardize", classes ? Attributes{} : Attributes{{"columns", std::string("all")}}, ""}};
  project.graph = networkFor(found.target, found.features, classes ? found.classes : 1, found.rows);
  project.run = settingsFor(classes, found.rows);
  found.text = fmt::format("{} rows: '{}' is predicted, {}, from {} features.", grouped(found.rows), found.target,
                           classes ? fmt::format("one of {} classes", found.classes) : "a number", found.features);
  project.description = fmt::format("Made from {}. {}", table.filename().string(), found.text);
  save(project, folder);
  cleaner.kept = true;
  if (guess) *guess = found;
  return project;
}

}  // namespace netwright::project
