// SPDX-License-Identifier: Apache-2.0
// eval and export: what is done with a trained run.
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/export_run.h"

namespace netwright::cli {
namespace {

struct EvalOptions {
  std::string folder, run = "latest", split = "test";
  bool json = false;
};

void evaluate(const EvalOptions& o) {
  const auto folder = project::projectFolder(o.folder);
  run::EngineClient engine;
  const run::Reply reply =
      engine.request(run::Evaluate{std::filesystem::absolute(folder).string(), o.run, o.split}).reply;
  if (o.json) {
    Json json{{"run", o.run}, {"split", o.split}};
    for (const auto& [name, value] : reply.values) json[name] = value;
    return printJson(json);
  }
  fmt::print("{} on {} samples of the {} split (weights after epoch {})\n", bold(o.run),
             grouped(static_cast<int64_t>(reply.values.at("samples"))), o.split, reply.values.at("epoch"));
  for (const auto& [name, value] : reply.values)
    if (name != "samples" && name != "epoch")
      fmt::print("  {:12} {}\n", name,
                 name == "accuracy" ? fmt::format("{:.2f} %", 100 * value) : fmt::format("{:.5f}", value));
}

struct ExportOptions {
  std::string folder, run = "latest", format, output;
  std::vector<std::string> set;
  bool json = false;
};

// "opset=20" by the format's options.
Attributes readOptions(const convert::Exporter& format, const std::vector<std::string>& given) {
  const std::vector<ParamSpec> specs = project::exportOptions(format);
  std::vector<std::string> names;
  for (const ParamSpec& spec : specs) names.push_back(spec.name);
  Attributes options;
  for (const std::string& pair : given) {
    const size_t sign = pair.find('=');
    const std::string name = pair.substr(0, sign);
    const auto spec = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& s) { return s.name == name; });
    if (spec == specs.end() || sign == std::string::npos)
      failInput(fmt::format("{} has no option '{}'.", format.info().title, pair),
                names.empty() ? "It has none at all." : fmt::format("It has: {}.", joined(names, ", ")),
                "Write --set NAME=VALUE; netwright-cli formats tells what each does.");
    options[name] = spec->parse(pair.substr(sign + 1));
  }
  return options;
}

const convert::Exporter& chooseFormat(const ExportOptions& o) {
  const convert::Exporter* format =
      o.format.empty() ? convert::exporterForPath(o.output) : convert::findExporter(o.format);
  if (format) return *format;
  std::vector<std::string> ids;
  for (const auto& e : convert::registry()) ids.push_back(e->info().id);
  failInput(o.format.empty()
                ? fmt::format("The file name {} does not tell the format.", o.output)
                : fmt::format("There is no format '{}'. Did you mean '{}'?", o.format, nearest(o.format, ids)),
            "", fmt::format("Choose one with --format: {}.", joined(ids, ", ")));
}

void exportRun(const ExportOptions& o) {
  const convert::Exporter& format = chooseFormat(o);
  const convert::FormatInfo info = format.info();
  const std::string output = !o.output.empty() ? o.output
                             : info.folder     ? info.id + "-model"
                                               : "model." + info.extensions.front();
  const project::ExportRequest request{project::projectFolder(o.folder), o.run, &format, output,
                                       readOptions(format, o.set)};
  if (const Diagnostics problems = project::checkExport(request); hasErrors(problems)) {
    if (o.json)
      printJson({{"ok", false}, {"diagnostics", toJson(problems)}});
    else
      printDiagnostics(problems);
    return setExitCode(kInputError);
  } else if (!o.json)
    printDiagnostics(problems);
  const Interrupt interrupt;
  run::EngineClient engine;
  const project::ExportOutcome outcome = project::exportRun(request, engine, interrupt.token());
  if (o.json) {
    Json outputs = Json::array();
    for (const auto& out : outcome.comparison.outputs)
      outputs.push_back({{"name", out.name}, {"max_abs", out.maxAbs}, {"max_relative", out.maxRelative}});
    printJson({{"ok", outcome.comparison.equal},
               {"run", outcome.run},
               {"format", format.info().id},
               {"file", output},
               {"bytes", outcome.size},
               {"proof", outcome.comparison.text()},
               {"notes", outcome.notes},
               {"outputs", outputs}});
  } else {
    fmt::print("{} Wrote {} ({}, {}) from {}.\n", green("✓"), output, format.info().title,
               byteText(static_cast<double>(outcome.size)), outcome.run);
    fmt::print("{} {}\n", outcome.comparison.equal ? green("✓") : red("✗"), outcome.comparison.text());
    for (const std::string& note : outcome.notes) fmt::print("  {}\n", note);
  }
  if (!outcome.comparison.equal) setExitCode(kInputError);
}

}  // namespace

void addEval(CLI::App& app) {
  CLI::App* command = app.add_subcommand("eval", "Measure a run on a split of its data.");
  auto o = std::make_shared<EvalOptions>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  command->add_option("--split", o->split, "train, validation or test.")->capture_default_str();
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { evaluate(*o); });
}

void addExport(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("export", "Write a run's network in a format that other programs read, and prove it.");
  auto o = std::make_shared<ExportOptions>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  std::vector<std::string> ids;
  for (const auto& e : convert::registry()) ids.push_back(e->info().id);
  command->add_option("--format", o->format, fmt::format("{}. If left out, the file name tells.", joined(ids, ", ")));
  command->add_option("-o,--output", o->output, "The file or folder to write.");
  command->add_option("--set", o->set, "An option of the format: opset=20. May be given several times.")
      ->type_name("NAME=VALUE");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { exportRun(*o); });
}

}  // namespace netwright::cli
