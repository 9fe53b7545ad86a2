// SPDX-License-Identifier: Apache-2.0
// validate and summary: what a project is, without computing.
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/layers/node_spec.h"
#include "core/project/costs.h"
#include "core/project/settle.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> sets;
  int64_t batch = 0;  // 0: that of the settings
  bool json = false;
};

std::shared_ptr<Options> addOptions(CLI::App* command) {
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command
      ->add_option("--set", o->sets,
                   "Change a setting for this command: epochs=3 or conv1.kernel_size=5. May be repeated.")
      ->allow_extra_args(false);
  command->add_flag("--json", o->json, "Answer as JSON.");
  return o;
}

void validate(const Options& o) {
  const project::Project p = openProject(o.folder, o.sets);
  const project::Prepared prepared = project::prepare(p, project::projectFolder(o.folder));
  if (o.json)
    printJson({{"ok", prepared.ok()}, {"diagnostics", toJson(prepared.diagnostics)}});
  else {
    printDiagnostics(prepared.diagnostics);
    if (prepared.ok())
      fmt::print("{} {} is sound: {} layers, {} parameters, data and settings fit.\n", green("✓"), p.name,
                 p.graph.nodes.size(), grouped(prepared.lowered.program.parameterCount()));
  }
  if (!prepared.ok()) setExitCode(kInputError);
}

std::string shapeText(const layers::NodeReport& report) {
  return report.outputs.empty() ? "" : program::text(report.outputs.begin()->second);
}

std::string bytesText(int64_t bytes) { return byteText(static_cast<double>(bytes)); }

// Multiply-accumulates of one sample.
int64_t macsPerSample(const program::Dim& macs) { return macs.evaluate({{"N", 1}}).value_or(0); }

// Memory is that of a training step with the project's losses; without data there are none.
project::Prepared preparedFor(const project::Project& p, const std::string& folder) {
  try {
    return project::prepare(p, project::projectFolder(folder));
  } catch (const Error&) {
    return project::prepareWithoutData(p);
  }
}

void summary(const Options& o) {
  const project::Project p = openProject(o.folder, o.sets);
  const project::Prepared prepared = preparedFor(p, o.folder);
  const layers::Lowered& lowered = prepared.lowered;
  const int64_t batch = o.batch > 0 ? o.batch : project::settledRun(p).batchSize;
  const auto written = program::activationBytes(lowered.program);
  const auto memory = project::trainingMemory(p, prepared, batch);
  Json rows = Json::array();
  if (!o.json)
    fmt::print("{}\n{:<16} {:<14} {:>22} {:>12} {:>12}\n", bold(p.name), "name", "layer", "output", "parameters",
               "MACs/sample");
  for (const graph::Node& n : p.graph.nodes) {
    const auto it = lowered.nodes.find(n.id);
    const layers::NodeReport report = it == lowered.nodes.end() ? layers::NodeReport{} : it->second;
    const auto layer = layers::specOf(p.graph, n);
    const int64_t macs = macsPerSample(report.macs);
    std::optional<program::Dim> bytes;
    int64_t kept = 0;
    for (const NodeId id : lowered.inside(n.id)) {
      if (const auto own = written.find(id); own != written.end()) bytes = bytes ? *bytes + own->second : own->second;
      if (memory && memory->kept.contains(id)) kept += memory->kept.at(id);
    }
    Json row = {{"name", n.name},
                {"kind", n.kind},
                {"output", shapeText(report)},
                {"parameters", report.parameters},
                {"macs", macs},
                {"macs_formula", report.macs.text()}};
    if (bytes) row["activation_bytes_formula"] = bytes->text();
    if (memory) row["kept_bytes"] = kept;
    rows.push_back(row);
    if (!o.json)
      fmt::print("{:<16} {:<14} {:>22} {:>12} {:>12}\n", n.name, layer ? layer->title : n.kind + " (unknown)",
                 shapeText(report), report.parameters ? grouped(report.parameters) : "",
                 macs ? shortCount(static_cast<double>(macs)) : "");
  }
  const int64_t parameters = lowered.program.parameterCount(), macs = macsPerSample(lowered.program.macs());
  if (o.json) {
    Json answer = {{"name", p.name},          {"nodes", rows},      {"parameters", parameters},
                   {"macs_per_sample", macs}, {"ok", lowered.ok()}, {"diagnostics", toJson(lowered.diagnostics)}};
    if (memory)
      answer["training_memory"] = {{"batch", batch},
                                   {"weights", memory->weights},
                                   {"gradients", memory->gradients},
                                   {"optimiser", memory->states},
                                   {"activations", memory->activations},
                                   {"peak", memory->peak}};
    return printJson(answer);
  }
  fmt::print("{} parameters ({} as float32), {} MACs for each sample\n", grouped(parameters),
             byteText(static_cast<double>(parameters) * 4), shortCount(static_cast<double>(macs)));
  if (memory)
    fmt::print(
        "a training step of {} samples takes {}: weights {}, gradients {}, optimiser {}, kept for the way back {}\n",
        grouped(batch), bytesText(memory->peak), bytesText(memory->weights), bytesText(memory->gradients),
        bytesText(memory->states), bytesText(memory->activations));
  printDiagnostics(lowered.diagnostics);
}

}  // namespace

void addValidate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("validate", "List everything that is wrong with a project, with fixes.");
  auto o = addOptions(command);
  command->callback([o] { validate(*o); });
}

void addSummary(CLI::App& app) {
  CLI::App* command = app.add_subcommand("summary", "Show the layers with output shapes, parameters and cost.");
  auto o = addOptions(command);
  command->add_option("--batch", o->batch, "Samples in the step whose memory is told; that of the settings by default.")
      ->check(CLI::PositiveNumber);
  command->callback([o] { summary(*o); });
}

}  // namespace netwright::cli
