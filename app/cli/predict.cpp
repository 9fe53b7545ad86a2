// SPDX-License-Identifier: Apache-2.0
// predict: what a run's network says about samples of the data, or about arrays in files.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/sources/npy.h"
#include "core/project/export_graph.h"
#include "core/project/prepare.h"
#include "core/project/run_data.h"
#include "core/project/stored_run.h"
#include "core/run/engine_client.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, run = "latest", split = "test";
  std::vector<int64_t> samples;
  std::vector<std::string> inputs;
  bool json = false;
};

struct Question {
  std::vector<NamedTensor> inputs;
  std::vector<std::string> rows;    // what each row is
  std::vector<std::string> truths;  // the class it has; empty where unknown
};

// Samples of a split, chosen by their place in it.
Question samplesOf(const Options& o, const project::StoredRun& stored, const std::filesystem::path& folder,
                   std::vector<std::string>& classes) {
  const data::DataSplits data = project::openRunData(stored.project, folder, stored.checkpoint.data);
  const project::SplitSamples split = project::splitOf(data, o.split);
  std::vector<int64_t> chosen;
  for (const int64_t place : o.samples) {
    if (place < 0 || place >= static_cast<int64_t>(split.samples.size()))
      failInput(fmt::format("The {} split has no sample {}.", o.split, place),
                fmt::format("It has {} samples, counted from 0.", grouped(static_cast<int64_t>(split.samples.size()))),
                "");
    chosen.push_back(split.samples[static_cast<size_t>(place)]);
  }
  data::Batch batch;
  split.dataset.read(chosen, batch);
  const auto& columns = split.dataset.columns();
  const project::Prepared prepared = project::prepare(stored.project, columns);
  Question q;
  for (const int64_t sample : chosen) q.rows.push_back(split.dataset.sampleName(sample));
  q.truths.resize(chosen.size());
  const program::Program& program = prepared.lowered.program;
  for (size_t i = 0; i < program.inputs.size(); ++i) {
    const auto at = static_cast<size_t>(prepared.columns[i]);
    q.inputs.push_back({program.inputs[i].name, batch.columns[at].tensor});
    if (columns[at].role != data::Role::Target || columns[at].classes.empty() || !columns[at].shape.empty()) continue;
    classes = columns[at].classes;
    for (size_t row = 0; row < chosen.size(); ++row) {
      const auto label = static_cast<size_t>(batch.columns[at].tensor.as<int64_t>()[row]);
      if (label < classes.size()) q.truths[row] = classes[label];
    }
  }
  return q;
}

// Arrays as the network takes them, after all steps of the data, the batch first.
Question arraysOf(const Options& o, const project::StoredRun& stored) {
  const layers::Lowered lowered = layers::lowerGraph(stored.project.graph);
  Question q;
  for (const std::string& given : o.inputs) {
    const auto [name, file] = assignment(given, "--input");
    const auto& inputs = lowered.program.inputs;
    const auto port = std::find_if(inputs.begin(), inputs.end(), [&](const auto& p) { return p.name == name; });
    if (port == inputs.end()) {
      std::vector<std::string> names;
      for (const auto& p : inputs) names.push_back(p.name);
      failInput(fmt::format("The network has no input '{}'.", name), "",
                fmt::format("It has: {}.", joined(names, ", ")));
    }
    const DType wanted = lowered.program.tensorType(port->value).dtype;
    const std::string bytes = readFile(file);
    q.inputs.push_back(
        {name, data::toTensor(data::parseNpy(bytes, file), wanted == DType::DefaultFloat ? DType::Float32 : wanted)});
  }
  const auto& shape = q.inputs.front().tensor.shape;
  for (int64_t row = 0; row < (shape.empty() ? 0 : shape.front()); ++row) q.rows.push_back(fmt::format("row {}", row));
  q.truths.resize(q.rows.size());
  return q;
}

std::vector<double> softmax(std::span<const float> scores) {
  const float top = *std::max_element(scores.begin(), scores.end());
  std::vector<double> shares;
  for (const float s : scores) shares.push_back(std::exp(static_cast<double>(s - top)));
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& s : shares) s /= sum;
  return shares;
}

// Scores as classes with their probabilities, the likeliest first.
Json likeliest(std::span<const float> scores, const std::vector<std::string>& classes) {
  constexpr size_t kShown = 3;
  const std::vector<double> shares = softmax(scores);
  std::vector<size_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return shares[a] > shares[b]; });
  Json out = Json::array();
  for (size_t i = 0; i < std::min(kShown, order.size()); ++i)
    out.push_back({{"class", classes[order[i]]}, {"probability", shares[order[i]]}});
  return out;
}

bool scoresClasses(const project::StoredRun& stored, const std::string& output, const HostTensor& values,
                   const std::vector<std::string>& classes) {
  return project::lossOf(stored.project, output) == "cross_entropy" && values.shape.size() == 2 &&
         values.shape[1] > 0 && values.shape[1] == static_cast<int64_t>(classes.size());
}

void print(const Json& row) {
  fmt::print("{}{}\n", bold(row["what"].get<std::string>()),
             row.contains("truth") ? "  " + dim("is " + row["truth"].get<std::string>()) : "");
  for (const auto& [name, output] : row["outputs"].items()) {
    std::vector<std::string> words;
    for (const Json& v : output)
      words.push_back(v.is_object() ? fmt::format("{} {:.1f} %", v["class"].get<std::string>(),
                                                  100 * v["probability"].get<double>())
                      : v.is_null() ? "nan"
                                    : fmt::format("{:.5g}", v.get<double>()));
    fmt::print("  {:14} {}\n", name, joined(words, output.front().is_object() ? ", " : " "));
  }
}

void predict(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  const project::StoredRun stored = project::openRun(folder, o.run);
  std::vector<std::string> classes;
  const Question q = o.inputs.empty() ? samplesOf(o, stored, folder, classes) : arraysOf(o, stored);
  run::EngineClient engine;
  engine.request(run::LoadModel{std::filesystem::absolute(folder).string(), o.run});
  const auto outputs = engine.request(run::Predict{}, q.inputs).tensors;
  Json rows = Json::array();
  for (size_t row = 0; row < q.rows.size(); ++row) {
    Json one{{"what", q.rows[row]}};
    if (!q.truths[row].empty()) one["truth"] = q.truths[row];
    for (const NamedTensor& out : outputs) {
      const auto each = static_cast<size_t>(out.tensor.count()) / q.rows.size();
      const std::span<const float> values = out.tensor.as<float>().subspan(row * each, each);
      Json list = Json::array();
      for (const float v : values) list.push_back(std::isfinite(v) ? Json(v) : Json());
      one["outputs"][out.name] =
          scoresClasses(stored, out.name, out.tensor, classes) && !o.json ? likeliest(values, classes) : list;
      if (scoresClasses(stored, out.name, out.tensor, classes)) one["likeliest"] = likeliest(values, classes);
    }
    if (!o.json) print(one);
    rows.push_back(std::move(one));
  }
  if (o.json) printJson({{"run", stored.summary.name}, {"predictions", rows}});
}

}  // namespace

void addPredict(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("predict", "Ask a run's network about samples of the data, or about arrays in files.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  command
      ->add_option("--sample", o->samples,
                   "Place of a sample in its split, from 0; may be repeated. The first if left out.")
      ->allow_extra_args(false);
  command->add_option("--split", o->split, "train, validation or test.")->capture_default_str();
  command
      ->add_option(
          "--input", o->inputs,
          "NAME=FILE.npy: an array for an input of the network, the batch first, after all steps of the data. May be "
          "repeated.")
      ->allow_extra_args(false);
  command->add_flag("--json", o->json, "Answer as JSON, with all numbers.");
  command->callback([o] {
    if (o->samples.empty()) o->samples = {0};
    predict(*o);
  });
}

}  // namespace netwright::cli
