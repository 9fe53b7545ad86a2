// SPDX-License-Identifier: Apache-2.0
#include "core/project/export_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/convert/model_part.h"
#include "core/layers/lower_graph.h"
#include "core/project/export_graph.h"
#include "core/project/prepare.h"
#include "core/project/run_data.h"
#include "core/project/stored_run.h"
#include "core/project/training_script.h"
#include "core/store/recorder.h"

namespace netwright::project {
namespace {

class EngineEvaluator final : public convert::Evaluator {
 public:
  EngineEvaluator(run::EngineClient& engine, const ExportGraph& graph) : engine_(engine), graph_(graph) {}
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    std::vector<NamedTensor> outputs = engine_.request(run::Predict{}, asStored(inputs)).tensors;
    std::map<std::string, std::string> inFile;
    for (const auto& [name, stored] : graph_.outputs) inFile[stored] = name;
    for (NamedTensor& t : outputs) {
      t.name = inFile.at(t.name);
      if (const auto ending = graph_.endings.find(t.name); ending != graph_.endings.end())
        t.tensor = ended(t.tensor, ending->second);
    }
    return outputs;
  }
  std::vector<NamedTensor> evaluateTorchScript(const std::filesystem::path& path,
                                               const std::vector<NamedTensor>& inputs) override {
    return engine_.request(run::RunTorchScript{std::filesystem::absolute(path).string()}, inputs).tensors;
  }

  std::optional<Outside> evaluateOnnx(const std::filesystem::path& path,
                                      const std::vector<NamedTensor>& inputs) override {
    auto answer = engine_.request(run::RunOnnx{std::filesystem::absolute(path).string()}, inputs);
    if (!answer.reply.texts.contains("by")) return std::nullopt;
    return Outside{answer.reply.texts.at("by"), std::move(answer.tensors)};
  }
  std::vector<NamedTensor> values(const std::vector<NamedTensor>& inputs) override {
    return engine_.request(run::Predict{true}, asStored(inputs)).tensors;
  }

 private:
  // Under the names of the stored run's network.
  std::vector<NamedTensor> asStored(std::vector<NamedTensor> inputs) const {
    for (NamedTensor& t : inputs) t.name = graph_.inputs.at(t.name);
    return inputs;
  }
  run::EngineClient& engine_;
  const ExportGraph& graph_;
};

// The options that the format itself has.
Attributes ofFormat(const ExportRequest& request) {
  Attributes own = request.options;
  for (const ParamSpec& spec : graphOptions()) own.erase(spec.name);
  return own;
}

// Everything an exporter reads, with the owners of what ExportInput refers to.
struct Material {
  StoredRun stored;
  ExportGraph exported;
  layers::Lowered lowered;
  convert::ExportInput input;
  explicit Material(const ExportRequest& request)
      : stored(openRun(request.folder, request.run)),
        exported(exportGraph(stored.project, request.options)),
        lowered(layers::lowerGraph(exported.graph)),
        input{lowered.program,           lowered.flat(exported.graph),
              stored.checkpoint.weights, stored.project.name,
              NETWRIGHT_VERSION,         "model",
              ofFormat(request)} {
    input.drawn = &exported.graph;
    if (!lowered.ok()) failWith(lowered.diagnostics);
    lowered.program = convert::modelOnly(std::move(lowered.program));
  }
  Material(const Material&) = delete;
};

// The first samples that the run did not train on (or the first at all), as a batch of one and a batch of seven, by the
// names of the inputs in the file. What hinders that is told: a proof on random inputs remains.
std::vector<std::vector<NamedTensor>> dataBatches(const Material& material, const ExportRequest& request,
                                                  std::string& hindrance) {
  std::vector<std::vector<NamedTensor>> batches;
  try {
    const StoredRun& stored = material.stored;
    const data::DataSplits data = openRunData(stored.project, request.folder, stored.checkpoint.data);
    SplitSamples split = splitOf(data, data.validationSamples.empty() ? "train" : "validation");
    const Prepared prepared = prepare(stored.project, split.dataset.columns());
    if (!prepared.ok()) return {};
    const auto fixed = request.options.find("batch");
    const auto* size = fixed == request.options.end() ? nullptr : std::get_if<int64_t>(&fixed->second);
    for (const int64_t count : size ? std::vector{*size} : std::vector<int64_t>{1, 7}) {
      if (count > static_cast<int64_t>(split.samples.size())) continue;
      data::Batch batch;
      split.dataset.read(std::span(split.samples).first(static_cast<size_t>(count)), batch);
      std::vector<NamedTensor>& inputs = batches.emplace_back();
      for (const program::Port* port : convert::modelPart(material.lowered.program).inputs) {
        const auto& known = prepared.lowered.program.inputs;
        const auto bound = std::find_if(known.begin(), known.end(), [&](const program::Port& p) {
          return p.name == material.exported.inputs.at(port->name);
        });
        const auto column = static_cast<size_t>(prepared.columns[static_cast<size_t>(bound - known.begin())]);
        inputs.push_back({port->name, batch.columns[column].tensor});
      }
    }
  } catch (const Error& e) {
    hindrance = fmt::format("Samples of the data could not be used: {}", e.title);
    batches.clear();
  }
  return batches;
}

convert::TrainingScript trainingOf(const Material& material, const std::filesystem::path& folder) {
  if (!material.exported.endings.empty())
    return {"", "What was exported gives probabilities, and the run was trained on the scores before them.", {}};
  return trainingScript(material.stored.project, folder, material.stored.checkpoint.data);
}

// Relative to the project folder if the file is inside, so that the project can move.
std::string recordedPath(const ExportRequest& request) {
  const auto output = std::filesystem::absolute(request.output).lexically_normal();
  const auto inside = output.lexically_relative(std::filesystem::absolute(request.folder).lexically_normal());
  return inside.empty() || *inside.begin() == ".." ? output.string() : inside.string();
}

}  // namespace

std::vector<ParamSpec> exportOptions(const convert::Exporter& format) {
  const convert::FormatInfo info = format.info();
  std::vector<ParamSpec> all = info.options;
  if (info.holdsGraph) all.insert(all.begin(), graphOptions().begin(), graphOptions().end());
  return all;
}

Diagnostics checkExport(const ExportRequest& request) {
  convert::checkOptions(request.format->info(), ofFormat(request));
  const Material material(request);
  return request.format->check(material.input);
}

ExportOutcome exportRun(const ExportRequest& request, run::EngineClient& engine, const std::stop_token& stop) {
  Material material(request);
  if (request.format->info().repeatsTraining) material.input.training = trainingOf(material, request.folder);
  if (stop.stop_requested()) failInput("The export was cancelled.", "Nothing was written.", "");
  const std::vector<std::filesystem::path> written = request.format->write(material.input, request.output);
  ExportOutcome outcome{material.stored.summary.name, request.output, 0, {}, {}};
  if (const std::string& why = material.input.training.refusal; !why.empty())
    outcome.notes.push_back("There is no train.py: " + why);
  for (const auto& file : written) outcome.size += static_cast<int64_t>(std::filesystem::file_size(file));
  std::string hindrance;
  if (request.format->info().holdsGraph) material.input.samples = dataBatches(material, request, hindrance);
  const std::stop_callback end(stop, [&engine] { engine.kill(); });
  try {
    engine.request(run::LoadModel{std::filesystem::absolute(request.folder).string(),
                                  std::to_string(material.stored.summary.id.value)});
    EngineEvaluator evaluator(engine, material.exported);
    outcome.comparison = request.format->verify(material.input, request.output, evaluator, stop);
  } catch (const Error&) {
    if (!stop.stop_requested()) throw;
    outcome.comparison.incomparable = "the proof was cancelled. The file is whole.";
  }
  if (!hindrance.empty()) outcome.comparison.also.push_back(hindrance);
  store::Recorder recorder(databaseFile(request.folder));
  recorder.artifact(material.stored.summary.id,
                    {"export", recordedPath(request), outcome.size, sha256OfFile(written.front())});
  return outcome;
}

}  // namespace netwright::project
