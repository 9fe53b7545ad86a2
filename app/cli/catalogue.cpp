// SPDX-License-Identifier: Apache-2.0
// ops and formats: what a network is made of and what it can be written as.
#include "core/program/catalogue.h"

#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/convert/exporter.h"
#include "core/project/export_run.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string id;
  bool json = false;
};

Json describe(const program::OpInfo& op) {
  return {{"id", op.id()},
          {"schema", op.schemaText},
          {"random", op.random},
          {"differentiable", op.differentiable},
          {"mutates", op.mutates}};
}

void ops(const Options& o) {
  const auto& all = program::catalogue();
  if (!o.id.empty() && !all.contains(o.id)) {
    std::vector<std::string> ids;
    for (const auto& [id, info] : all) ids.push_back(id);
    failInput(fmt::format("There is no op '{}'. Did you mean '{}'?", o.id, nearest(o.id, ids)), "",
              "'netwright-cli ops' lists all.");
  }
  Json list = Json::array();
  for (const auto& [id, info] : all) {
    if (!o.id.empty() && id != o.id) continue;
    if (o.json)
      list.push_back(describe(info));
    else
      fmt::print("{:34} {}\n", bold(id), dim(info.schemaText));
  }
  if (o.json) printJson(o.id.empty() ? list : list.front());
}

void formats(const Options& o) {
  Json list = Json::array();
  for (const auto& exporter : convert::registry()) {
    const convert::FormatInfo info = exporter->info();
    Json options = Json::array();
    std::string lines;
    for (const ParamSpec& spec : project::exportOptions(*exporter)) {
      options.push_back({{"name", spec.name}, {"default", toJson(spec.fallback)}, {"doc", spec.doc}});
      if (!spec.choices.empty()) options.back()["choices"] = spec.choices;
      const std::string fallback = toText(spec.fallback);
      lines += fmt::format("    {}{}  {}\n", spec.name, fallback.empty() ? "" : "=" + fallback, dim(spec.doc));
    }
    if (o.json)
      list.push_back({{"id", info.id},
                      {"title", info.title},
                      {"extensions", info.extensions},
                      {"doc", info.doc},
                      {"holds_graph", info.holdsGraph},
                      {"folder", info.folder},
                      {"options", options},
                      {"load", info.loadSnippet}});
    else
      fmt::print("{}  {}\n  {}\n{}", bold(fmt::format("{:12}", info.id)),
                 info.folder ? "a folder" : "." + joined(info.extensions, ", ."), info.doc, lines);
  }
  if (o.json) printJson(list);
}

}  // namespace

void addOps(CLI::App& app) {
  CLI::App* command = app.add_subcommand("ops", "List the primitive operations that layers are made of.");
  auto o = std::make_shared<Options>();
  command->add_option("OP", o->id, "Only this one: conv2d.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { ops(*o); });
}

void addFormats(CLI::App& app) {
  CLI::App* command = app.add_subcommand("formats", "List the formats that a network can be exported to.");
  auto o = std::make_shared<Options>();
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { formats(*o); });
}

}  // namespace netwright::cli
