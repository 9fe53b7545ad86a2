// SPDX-License-Identifier: Apache-2.0
// validate and summary: what a project is, without computing.
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/layers/registry.h"
#include "core/project/prepare.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> sets;
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

// Multiply-accumulates of one sample.
int64_t macsPerSample(const program::Dim& macs) { return macs.evaluate({{"N", 1}}).value_or(0); }

void summary(const Options& o) {
  const project::Project p = openProject(o.folder, o.sets);
  const layers::Lowered lowered = layers::lowerGraph(p.graph);
  Json rows = Json::array();
  if (!o.json)
    fmt::print("{}\n{:<16} {:<14} {:>22} {:>12} {:>12}\n", bold(p.name), "name", "layer", "output", "parameters",
               "MACs/sample");
  for (const graph::Node& n : p.graph.nodes) {
    const auto it = lowered.nodes.find(n.id);
    const layers::NodeReport report = it == lowered.nodes.end() ? layers::NodeReport{} : it->second;
    const layers::LayerSpec* layer = layers::findLayer(n.kind);
    const int64_t macs = macsPerSample(report.macs);
    rows.push_back({{"name", n.name},
                    {"kind", n.kind},
                    {"output", shapeText(report)},
                    {"parameters", report.parameters},
                    {"macs", macs}});
    if (!o.json)
      fmt::print("{:<16} {:<14} {:>22} {:>12} {:>12}\n", n.name, layer ? layer->title : n.kind + " (unknown)",
                 shapeText(report), report.parameters ? grouped(report.parameters) : "",
                 macs ? shortCount(static_cast<double>(macs)) : "");
  }
  const int64_t parameters = lowered.program.parameterCount(), macs = macsPerSample(lowered.program.macs());
  if (o.json)
    return printJson({{"name", p.name},
                      {"nodes", rows},
                      {"parameters", parameters},
                      {"macs_per_sample", macs},
                      {"ok", lowered.ok()},
                      {"diagnostics", toJson(lowered.diagnostics)}});
  fmt::print("{} parameters ({} as float32), {} MACs for each sample\n", grouped(parameters),
             byteText(static_cast<double>(parameters) * 4), shortCount(static_cast<double>(macs)));
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
  command->callback([o] { summary(*o); });
}

}  // namespace netwright::cli
