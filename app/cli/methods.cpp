// SPDX-License-Identifier: Apache-2.0
// optimisers and schedules: how a network can be trained, with the settings that --set takes.
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/help/param_text.h"
#include "core/run/optimiser.h"
#include "core/run/schedule_spec.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string id;
  bool json = false;
};

// `more`: what is particular to its kind.
template <class Spec>
void tell(const Spec& spec, const std::string& more, bool whole) {
  fmt::print("{:16} {}\n", bold(spec.id), whole ? spec.title : spec.doc);
  if (!whole) return;
  fmt::print("{}\n{}", spec.doc, more);
  if (!spec.torchName.empty()) fmt::print("PyTorch: {}\n", spec.torchName);
  for (const ParamSpec& p : spec.params)
    fmt::print("  {}={}  {}{}\n", p.name, toText(p.fallback), p.doc, dim(" (" + help::rangeText(p) + ")"));
}

template <class Spec>
Json describe(const Spec& spec) {
  Json params = Json::array();
  for (const ParamSpec& p : spec.params) {
    params.push_back({{"name", p.name}, {"default", toJson(p.fallback)}, {"doc", p.doc}});
    if (!p.choices.empty()) params.back()["choices"] = p.choices;
  }
  return {{"id", spec.id}, {"title", spec.title}, {"torch", spec.torchName}, {"doc", spec.doc}, {"params", params}};
}

std::string moreOf(const run::OptimiserSpec& spec) { return spec.source + "\n"; }
std::string moreOf(const run::ScheduleSpec& spec) {
  if (!spec.combines()) return "";
  return fmt::format("Its parts are other schedules: --set 'schedule={}({})'\n", spec.id, spec.usualParts);
}

template <class Spec>
void list(const std::vector<Spec>& all, const char* what, const Options& o) {
  Json json = Json::array();
  std::vector<std::string> ids;
  bool found = o.id.empty();
  for (const Spec& spec : all) {
    ids.push_back(spec.id);
    if (!o.id.empty() && spec.id != o.id) continue;
    found = true;
    if (o.json)
      json.push_back(describe(spec));
    else
      tell(spec, moreOf(spec), !o.id.empty());
  }
  if (!found)
    failInput(fmt::format("There is no {} '{}'. Did you mean '{}'?", what, o.id, nearest(o.id, ids)), "",
              fmt::format("'netwright-cli {}s' lists all.", what));
  if (o.json) printJson(o.id.empty() ? json : json.front());
}

std::shared_ptr<Options> optionsOf(CLI::App& command, const char* example) {
  auto o = std::make_shared<Options>();
  command.add_option("NAME", o->id, fmt::format("Only this one, with its settings: {}.", example));
  command.add_flag("--json", o->json, "Answer as JSON.");
  return o;
}

}  // namespace

void addOptimisers(CLI::App& app) {
  CLI::App* command = app.add_subcommand("optimisers", "List the optimisers that a network can be trained with.");
  const auto o = optionsOf(*command, "adamw");
  command->callback([o] { list(run::optimisers(), "optimiser", *o); });
}

void addSchedules(CLI::App& app) {
  CLI::App* command = app.add_subcommand("schedules", "List the schedules that the learning rate can follow.");
  const auto o = optionsOf(*command, "cosine");
  command->callback([o] { list(run::schedules(), "schedule", *o); });
}

}  // namespace netwright::cli
