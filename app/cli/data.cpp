// SPDX-License-Identifier: Apache-2.0
// data info and data preview: what a project's network is fed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/letters.h"
#include "core/data/registry.h"
#include "core/data/statistics.h"
#include "core/project/run_data.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, split = "train";
  std::vector<std::string> sets;
  int64_t rows = 5;
  bool json = false;
};

std::string shapeText(const std::vector<int64_t>& shape) {
  std::vector<std::string> sizes;
  for (const int64_t s : shape) sizes.push_back(std::to_string(s));
  return shape.empty() ? "one value" : joined(sizes, " × ");
}

void info(const Options& o) {
  const project::Project p = openProject(o.folder, o.sets);
  const data::DataSplits data = project::openRunData(p, project::projectFolder(o.folder), "");
  const project::SplitSamples train = project::splitOf(data, "train");
  const auto facts = data::statisticsOf(train.dataset, train.samples);
  const auto& columns = train.dataset.columns();
  Json json{{"source", p.data.source},
            {"path", p.data.path},
            {"train", data.trainSamples.size()},
            {"validation", data.validationSamples.size()},
            {"test", data.test ? data.test->size() : 0},
            {"notes", data.notes},
            {"columns", Json::array()}};
  for (size_t c = 0; c < columns.size(); ++c) json["columns"].push_back(data::toJson(columns[c], facts[c]));
  if (o.json) return printJson(json);
  fmt::print("{}  {}\n", bold(p.name), dim(fmt::format("{}, {}", data::sourceSpec(p.data.source).title, p.data.path)));
  fmt::print("{} samples to train, {} to validate, {} to test\n", grouped(json["train"].get<int64_t>()),
             grouped(json["validation"].get<int64_t>()), grouped(json["test"].get<int64_t>()));
  for (size_t c = 0; c < columns.size(); ++c) {
    const Json& column = json["columns"][c];
    fmt::print("  {:14} {:8} {:8} {}\n", bold(columns[c].name), column["role"].get<std::string>(),
               column["type"].get<std::string>(), shapeText(columns[c].shape));
    std::vector<std::string> counts;
    const Json classes = column.value("classes", Json::object());
    for (const auto& [label, count] : classes.items())
      counts.push_back(fmt::format("{} {}", label, grouped(count.get<int64_t>())));
    if (!counts.empty())
      fmt::print("    classes in training: {}\n", joined(counts, ", "));
    else if (column.contains("mean"))
      fmt::print("    from {:.4g} to {:.4g}, mean {:.4g}\n", column["min"].get<double>(), column["max"].get<double>(),
                 column["mean"].get<double>());
    if (facts[c].notFinite > 0)
      fmt::print("    {}\n", yellow(fmt::format("{} values are missing or not finite", grouped(facts[c].notFinite))));
  }
  for (const std::string& note : data.notes) fmt::print("{}\n", note);
}

double valueAt(const HostTensor& t, int64_t i) {
  const auto at = static_cast<size_t>(i);
  if (t.dtype == DType::Float32) return static_cast<double>(t.as<float>()[at]);
  if (t.dtype == DType::Float64) return t.as<double>()[at];
  if (t.dtype == DType::Int64) return static_cast<double>(t.as<int64_t>()[at]);
  return static_cast<double>(t.as<uint8_t>()[at]);
}

// Rows of an image, two pixels in height to a line, darkest to brightest.
std::string picture(const HostTensor& t, int64_t first, int64_t height, int64_t width) {
  const std::vector<std::string> shades{" ", "░", "▒", "▓", "█"};
  double low = INFINITY, high = -INFINITY;
  for (int64_t i = 0; i < height * width; ++i) {
    low = std::min(low, valueAt(t, first + i));
    high = std::max(high, valueAt(t, first + i));
  }
  std::string out;
  for (int64_t y = 0; y < height; y += 2) {
    out += "    ";
    for (int64_t x = 0; x < width; ++x) {
      const double above = valueAt(t, first + y * width + x);
      const double below = y + 1 < height ? valueAt(t, first + (y + 1) * width + x) : above;
      const double share = high > low ? ((above + below) / 2 - low) / (high - low) : 0;
      out += shades[static_cast<size_t>(std::min(share, 0.999) * static_cast<double>(shades.size()))];
    }
    out += "\n";
  }
  return out;
}

std::string valuesText(const HostTensor& t, int64_t first, int64_t count) {
  constexpr int64_t kShown = 10;
  std::vector<std::string> words;
  for (int64_t i = 0; i < std::min(count, kShown); ++i) words.push_back(fmt::format("{:.4g}", valueAt(t, first + i)));
  return joined(words, " ") + (count > kShown ? fmt::format(" ... ({} values)", grouped(count)) : "");
}

void showColumn(const data::ColumnSpec& column, const HostTensor& t, int64_t row) {
  constexpr int64_t kWidest = 100;
  const int64_t count = elementCount(column.shape), first = row * count;
  if (!column.classes.empty() && count == 1) {
    const auto label = static_cast<size_t>(valueAt(t, first));
    return fmt::print("  {:14} {}\n", column.name, label < column.classes.size() ? column.classes[label] : "?");
  }
  if (data::holdsText(column)) {  // as JSON, so that line ends are seen
    const auto letters = t.as<int64_t>().subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    return fmt::print("  {:14} {}\n", column.name, Json(data::textOf(column, letters)).dump());
  }
  const auto rank = column.shape.size();
  const bool image = rank == 3 && column.shape[1] > 1 && column.shape[2] > 1 && column.shape[2] <= kWidest;
  if (image) return fmt::print("  {}\n{}", column.name, picture(t, first, column.shape[1], column.shape[2]));
  fmt::print("  {:14} {}\n", column.name, valuesText(t, first, count));
}

void preview(const Options& o) {
  const project::Project p = openProject(o.folder, o.sets);
  const data::DataSplits data = project::openRunData(p, project::projectFolder(o.folder), "");
  const project::SplitSamples split = project::splitOf(data, o.split);
  const auto rows = std::min<int64_t>(o.rows, static_cast<int64_t>(split.samples.size()));
  data::Batch batch;
  split.dataset.read(std::span(split.samples).first(static_cast<size_t>(rows)), batch);
  const auto& columns = split.dataset.columns();
  Json json = Json::array();
  for (int64_t row = 0; row < rows; ++row) {
    const std::string where = split.dataset.sampleName(split.samples[static_cast<size_t>(row)]);
    if (!o.json) fmt::print("{}\n", bold(where));
    Json one{{"sample", split.samples[static_cast<size_t>(row)]}, {"where", where}};
    for (size_t c = 0; c < columns.size(); ++c) {
      const HostTensor& t = batch.columns[c].tensor;
      if (!o.json) showColumn(columns[c], t, row);
      const int64_t count = elementCount(columns[c].shape);
      Json values = Json::array();
      for (int64_t i = 0; i < count; ++i) values.push_back(valueAt(t, row * count + i));
      one[columns[c].name] = columns[c].shape.empty() ? values.front() : values;
    }
    json.push_back(std::move(one));
  }
  if (o.json) printJson(json);
}

}  // namespace

void addData(CLI::App& app) {
  CLI::App* command = app.add_subcommand("data", "Look at the data of a project.");
  command->require_subcommand(1);
  auto o = std::make_shared<Options>();
  CLI::App* facts = command->add_subcommand("info", "Columns, sizes, classes and ranges, as the network is fed.");
  CLI::App* rows = command->add_subcommand("preview", "The first samples, as the network is fed.");
  for (CLI::App* c : {facts, rows}) {
    c->add_option("PROJECT", o->folder, "The project's folder.")->required();
    c->add_option("--set", o->sets, "Change a setting for this command: data.target=species. May be repeated.")
        ->allow_extra_args(false);
    c->add_flag("--json", o->json, "Answer as JSON.");
  }
  rows->add_option("--split", o->split, "train, validation or test.")->capture_default_str();
  rows->add_option("--rows", o->rows, "How many samples.")->capture_default_str()->check(CLI::Range(1, 1000));
  facts->callback([o] { info(*o); });
  rows->callback([o] { preview(*o); });
}

}  // namespace netwright::cli
