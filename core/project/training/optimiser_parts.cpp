// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/optimiser_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/module_row.h"
#include "core/project/training/parameter_parts.h"
#include "core/project/training/schedule_parts.h"

namespace netwright::project {
namespace {

using convert::python::quoted;
using convert::pytorch::number;

double numberOf(const Attributes& params, const std::string& name) { return numbers(params.at(name)).value().front(); }

std::string literal(const ParamSpec& p, const Attribute& value) {
  if (p.kind == ParamKind::Float) return number(numbers(value).value().front());
  if (p.kind == ParamKind::FloatList) {
    const std::vector<double> list = numbers(value).value();
    return fmt::format("({}, {})", number(list.at(0)), number(list.at(1)));
  }
  if (p.kind == ParamKind::Choice && value == Attribute(std::string("none"))) return "None";
  return pythonText(value);
}

// Settings that differ from `usual`, under PyTorch's names; the rate in any case where asked for.
std::vector<std::pair<std::string, std::string>> settings(const run::OptimiserSpec& spec, const Attributes& params,
                                                          const Attributes& usual, bool rate) {
  std::vector<std::pair<std::string, std::string>> all;
  bool betas = false;
  for (const ParamSpec& p : spec.params) {
    const Attribute &value = params.at(p.name), &fallback = usual.at(p.name);
    const bool same = p.kind == ParamKind::Float || p.kind == ParamKind::FloatList ? numbers(value) == numbers(fallback)
                                                                                   : value == fallback;
    if (same && !(p.name == "lr" && rate)) continue;
    if (p.name == "beta1" || p.name == "beta2")
      betas = true;
    else
      all.emplace_back(p.name, literal(p, value));
  }
  if (betas)
    all.emplace_back("betas",
                     fmt::format("({}, {})", number(numberOf(params, "beta1")), number(numberOf(params, "beta2"))));
  return all;
}

class Writer {
 public:
  Writer(PythonParts& script, const run::RunConfig& config)
      : script_(script),
        config_(config),
        objective_(config.objectives.front()),
        spec_(*run::findOptimiser(objective_.optimiser.kind)),
        params_(run::completeParams(objective_.optimiser)) {}

  OptimiserParts write() {
    if (objective_.accumulate > 1)
      script_.setting("ACCUMULATE", std::to_string(objective_.accumulate), "batches whose gradients make a step");
    const bool grouped = !objective_.groups.empty();
    if (grouped)
      addGroups();
    else if (objective_.parameters != "*")
      addChosen();
    out_.create.push_back(fmt::format("parameters = {}",
                                      grouped || objective_.parameters != "*" ? "chosen_parameters(model)"
                                      : config_.frozen.empty()                ? "list(model.parameters())"
                                                               : "[p for p in model.parameters() if p.requires_grad]"));
    std::string more;
    for (const auto& [name, value] : settings(spec_, params_, defaults(spec_.params), true))
      more += fmt::format(", {}={}", name, value);
    if (spec_.fused) more += ", fused=True";
    if (spec_.torchName.empty()) script_.part(spec_.id);  // a class of its own
    out_.create.push_back(
        fmt::format("optimiser = {}(parameters{})", spec_.torchName.empty() ? spec_.title : spec_.torchName, more));
    if (grouped) out_.create.emplace_back("parameters = [p for group in parameters for p in group[\"params\"]]");
    if (objective_.parameters != "*") out_.backward = "inputs=parameters";
    addLimits();
    out_.searches = spec_.searches;
    addSchedule();
    return std::move(out_);
  }

 private:
  void addChosen() {
    script_.import("from fnmatch import fnmatchcase");
    script_.code(
        fmt::format("def chosen_parameters(model):\n    \"\"\"Those that are trained.\"\"\"\n    return [p for name, p "
                    "in model.named_parameters() if fnmatchcase(name, {}){}]\n",
                    pythonPattern(objective_.parameters), config_.frozen.empty() ? "" : " and p.requires_grad"));
  }

  void addGroups() {
    script_.import("from fnmatch import fnmatchcase");
    std::string list;
    const double base = numberOf(params_, "lr");
    for (const run::ParameterGroup& g : objective_.groups) {
      Attributes own = params_;
      for (const auto& [name, value] : g.params) own[name] = value;
      if (g.lrFactor != 1) own["lr"] = numberOf(own, "lr") * g.lrFactor;
      std::string dict;
      for (const auto& [name, value] : settings(spec_, own, params_, false))
        dict += fmt::format("{}{}: {}", dict.empty() ? "" : ", ", quoted(name), value);
      const double scale = base == 0 ? 1 : numberOf(own, "lr") / base;
      if (scale != 1 && objective_.schedule.kind != "constant")
        dict += fmt::format("{}\"scale\": {}", dict.empty() ? "" : ", ", number(scale));
      list += fmt::format("    ({}, {{{}}}),\n", pythonPattern(g.parameters), dict);
    }
    script_.setting("GROUPS", "[  # patterns of names, and what differs for these parameters\n" + list + "]");
    std::string chosen = "    for name, p in model.named_parameters():\n";
    if (!config_.frozen.empty()) chosen += "        if not p.requires_grad:\n            continue\n";
    if (objective_.parameters != "*")
      chosen += fmt::format("        if not fnmatchcase(name, {}):\n            continue\n",
                            pythonPattern(objective_.parameters));
    script_.code(
        "def chosen_parameters(model):\n    \"\"\"Each parameter is in the first group that fits, or in that of all "
        "others.\"\"\"\n    groups = [{\"params\": []}, *({\"params\": [], **differs} for _, differs in "
        "GROUPS)]\n" +
        chosen +
        "        at = next((i for i, (pattern, _) in enumerate(GROUPS, 1) if fnmatchcase(name, pattern)), 0)\n"
        "        groups[at][\"params\"].append(p)\n    return groups[:1] + [g for g in groups[1:] if g[\"params\"]]\n");
  }

  void addLimits() {
    if (objective_.clipValue > 0)
      out_.limit.push_back(fmt::format("nn.utils.clip_grad_value_(parameters, {})", number(objective_.clipValue)));
    if (objective_.clipNorm > 0)
      out_.limit.push_back(fmt::format("nn.utils.clip_grad_norm_(parameters, {})", number(objective_.clipNorm)));
  }

  // PyTorch's own, moved on after each step or epoch. It leads the first group; the others keep their ratio to it.
  void addSchedule() {
    const run::Schedule& schedule = objective_.schedule;
    if (schedule.kind == "constant") return;
    script_.import("from torch.optim import lr_scheduler");
    const Attributes params = run::completeParams(schedule);
    const auto interval = params.find("interval");
    const bool steps = interval != params.end() && interval->second == Attribute(std::string("step"));
    std::vector<std::string> lines = scheduleLines(schedule, numberOf(params_, "lr"), steps ? "steps" : "EPOCHS");
    if (joined(lines, "\n").find("steps") != std::string::npos && steps) {
      std::string count = config_.dropLast ? "len(train) // BATCH_SIZE" : "-(-len(train) // BATCH_SIZE)";
      if (objective_.accumulate > 1) count = fmt::format("-(-({}) // ACCUMULATE)", count);
      out_.create.push_back(fmt::format("steps = EPOCHS * ({})  # of the optimiser; -(-a // b) rounds up", count));
    }
    for (std::string& line : lines) out_.create.push_back(std::move(line));
    const bool ratio =
        std::any_of(objective_.groups.begin(), objective_.groups.end(),
                    [](const run::ParameterGroup& g) { return g.params.contains("lr") || g.lrFactor != 1; });
    if (ratio) {
      script_.code(
          "def keep_ratio(optimiser):\n    \"\"\"The schedule leads the first group; the others follow.\"\"\"\n"
          "    first, *others = optimiser.param_groups\n    for group in others:\n"
          "        group[\"lr\"] = first[\"lr\"] * group.get(\"scale\", 1.0)\n");
      out_.create.emplace_back("keep_ratio(optimiser)");
    }
    const bool watches = schedule.kind == "plateau";
    std::vector<std::string>& moving = steps ? out_.after : out_.epochEnd;
    moving.emplace_back(watches ? "schedule.step(watched)" : "schedule.step()");
    if (ratio) moving.emplace_back("keep_ratio(optimiser)");
    out_.watchesLoss = watches;
  }

  PythonParts& script_;
  const run::RunConfig& config_;
  const run::Objective& objective_;
  const run::OptimiserSpec& spec_;
  const Attributes params_;
  OptimiserParts out_;
};

}  // namespace

OptimiserParts addOptimiser(PythonParts& script, const run::RunConfig& config) {
  return Writer(script, config).write();
}

}  // namespace netwright::project
