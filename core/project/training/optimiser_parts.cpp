// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/optimiser_parts.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/module_row.h"

namespace netwright::project {
namespace {

using convert::python::quoted;
using convert::pytorch::number;

double numberOf(const Attributes& params, const std::string& name) { return numbers(params.at(name)).value().front(); }

// Settings that differ from `usual`, under PyTorch's names; the rate in any case where asked for..
std::vector<std::pair<std::string, std::string>> settings(const run::OptimiserSpec& spec, const Attributes& params,
                                                          const Attributes& usual, bool rate) {
  std::vector<std::pair<std::string, std::string>> all;
  bool betas = false;
  for (const ParamSpec& p : spec.params) {
    const bool real = p.kind == ParamKind::Float;
    const bool same =
        real ? numberOf(params, p.name) == numberOf(usual, p.name) : params.at(p.name) == usual.at(p.name);
    if (same && !(p.name == "lr" && rate)) continue;
    if (p.name == "beta1" || p.name == "beta2")
      betas = true;
    else
      all.emplace_back(p.name, real ? number(numberOf(params, p.name)) : pythonText(params.at(p.name)));
  }
  if (betas)
    all.emplace_back("betas",
                     fmt::format("({}, {})", number(numberOf(params, "beta1")), number(numberOf(params, "beta2"))));
  return all;
}

// A pattern of the C library as fnmatchcase of Python reads it: the sign after a backslash stands for itself.
std::string pattern(const std::string& given) {
  std::string out;
  for (size_t i = 0; i < given.size(); ++i)
    if (given[i] == '\\' && i + 1 < given.size())
      out += fmt::format("[{}]", given[++i]);
    else
      out += given[i];
  return quoted(out);
}

class Writer {
 public:
  Writer(PythonParts& script, const run::Objective& objective)
      : script_(script),
        objective_(objective),
        spec_(*run::findOptimiser(objective.optimiser.kind)),
        params_(run::completeParams(objective.optimiser)),
        schedule_(run::completeParams(objective.schedule)) {}

  OptimiserParts write() {
    if (objective_.accumulate > 1)
      script_.setting("ACCUMULATE", std::to_string(objective_.accumulate), "batches whose gradients make a step");
    const bool grouped = !objective_.groups.empty();
    if (grouped)
      addGroups();
    else if (objective_.parameters != "*")
      addChosen();
    out_.create.push_back(fmt::format("parameters = {}", grouped || objective_.parameters != "*"
                                                             ? "chosen_parameters(model)"
                                                             : "list(model.parameters())"));
    std::string more;
    for (const auto& [name, value] : settings(spec_, params_, defaults(spec_.params), true))
      more += fmt::format(", {}={}", name, value);
    if (spec_.id != "rmsprop") more += ", fused=True";
    out_.create.push_back(fmt::format("optimiser = {}(parameters{})", spec_.torchName, more));
    if (grouped) out_.create.emplace_back("parameters = [p for group in parameters for p in group[\"params\"]]");
    if (objective_.parameters != "*") out_.backward = "inputs=parameters";
    addRate();
    addLimits();
    out_.step.emplace_back("optimiser.step()");
    return std::move(out_);
  }

 private:
  void addChosen() {
    script_.import("from fnmatch import fnmatchcase");
    script_.code(
        fmt::format("def chosen_parameters(model):\n    \"\"\"Those that are trained.\"\"\"\n    return [p for name, p "
                    "in model.named_parameters() if fnmatchcase(name, {})]\n",
                    pattern(objective_.parameters)));
  }

  void addGroups() {
    script_.import("from fnmatch import fnmatchcase");
    std::string list;
    const double base = numberOf(params_, "lr");
    for (const run::ParameterGroup& g : objective_.groups) {
      Attributes own = params_;
      for (const auto& [name, value] : g.params) own[name] = value;
      std::string dict;
      for (const auto& [name, value] : settings(spec_, own, params_, false))
        dict += fmt::format("{}{}: {}", dict.empty() ? "" : ", ", quoted(name), value);
      const double scale = base == 0 ? 1 : numberOf(own, "lr") / base;
      if (scale != 1 && objective_.schedule.kind != "constant")
        dict += fmt::format("{}\"scale\": {}", dict.empty() ? "" : ", ", number(scale));
      list += fmt::format("    ({}, {{{}}}),\n", pattern(g.parameters), dict);
    }
    script_.setting("GROUPS", "[  # patterns of names, and what differs for these parameters\n" + list + "]");
    std::string chosen = "    for name, p in model.named_parameters():\n";
    if (objective_.parameters != "*")
      chosen +=
          fmt::format("        if not fnmatchcase(name, {}):\n            continue\n", pattern(objective_.parameters));
    script_.code(
        "def chosen_parameters(model):\n    \"\"\"Each parameter is in the first group that fits, or in that of all "
        "others.\"\"\"\n    groups = [{\"params\": []}, *({\"params\": [], **differs} for _, differs in "
        "GROUPS)]\n" +
        chosen +
        "        at = next((i for i, (pattern, _) in enumerate(GROUPS, 1) if fnmatchcase(name, pattern)), 0)\n"
        "        groups[at][\"params\"].append(p)\n    return [g for g in groups if g[\"params\"]]\n");
  }

  void addLimits() {
    if (objective_.clipValue > 0)
      out_.step.push_back(fmt::format("nn.utils.clip_grad_value_(parameters, {})", number(objective_.clipValue)));
    if (objective_.clipNorm > 0)
      out_.step.push_back(fmt::format("nn.utils.clip_grad_norm_(parameters, {})", number(objective_.clipNorm)));
  }

  double param(const char* name) const { return numberOf(schedule_, name); }

  // learning_rate(step): of the optimiser's step with this number, which counts from 0.
  void addRate() {
    const std::string& kind = objective_.schedule.kind;
    if (kind == "constant") return;
    const std::string base = number(numberOf(params_, "lr"));
    const std::string groups =
        objective_.accumulate > 1 ? "-(-len(batches) // ACCUMULATE)" : "len(batches)";  // rounded up
    const std::string number_ =
        fmt::format("(epoch - 1) * {} + index{}", groups, objective_.accumulate > 1 ? " // ACCUMULATE" : "");
    std::string head = "def learning_rate(step, per_epoch):\n", body;
    if (kind == "step") {
      head += "    \"\"\"As torch.optim.lr_scheduler.StepLR.\"\"\"\n";
      body = fmt::format("    return {} * {} ** (step // per_epoch // {})\n", base, number(param("gamma")),
                         static_cast<int64_t>(param("step_size")));
    } else if (kind == "cosine") {
      script_.import("import math");
      head += "    \"\"\"Rises in the first steps, then falls along a cosine to the end of the run.\"\"\"\n";
      body = fmt::format(
          "    warmup, low = {}, {}\n    if step < warmup:\n        return {} * (step + 1) / warmup\n"
          "    share = min(1.0, (step - warmup) / max(1, per_epoch * EPOCHS - warmup))\n"
          "    return low + ({} - low) / 2 * (math.cos(math.pi * share) + 1)\n",
          static_cast<int64_t>(param("warmup_steps")), number(std::min(numberOf(params_, "lr"), param("eta_min"))),
          base, base);
    } else if (kind == "one_cycle") {
      script_.import("import math");
      head += "    \"\"\"As torch.optim.lr_scheduler.OneCycleLR.\"\"\"\n";
      body = fmt::format(
          "    high, steps = {}, per_epoch * EPOCHS\n    first = high / {}\n    last = first / {}\n"
          "    rise, end = {} * steps - 1, steps - 1\n"
          "    if step <= rise and rise > 0:\n        return high + (first - high) / 2 * (math.cos(math.pi * step / "
          "rise) "
          "+ 1)\n    share = min(1.0, (step - rise) / (end - rise)) if end > rise else 1.0\n"
          "    return last + (high - last) / 2 * (math.cos(math.pi * share) + 1)\n",
          base, number(param("div_factor")), number(param("final_div_factor")), number(param("pct_start")));
    } else {
      return addPlateau();
    }
    script_.code(head + body);
    out_.readsIndex = true;
    out_.step.push_back(fmt::format("rate = learning_rate({}, {})", number_, groups));
    addSetting();
  }

  void addSetting() {
    out_.step.emplace_back("for group in optimiser.param_groups:");
    out_.step.push_back(
        fmt::format("    group[\"lr\"] = rate{}", objective_.groups.empty() ? "" : " * group.get(\"scale\", 1.0)"));
  }

  // The rate changes between epochs only.
  void addPlateau() {
    script_.part("plateau");
    const double base = numberOf(params_, "lr");
    out_.create.push_back(fmt::format("plateau = Plateau({}, {}, {}, {}, {}, {})", number(base),
                                      number(param("factor")), static_cast<int64_t>(param("patience")),
                                      number(param("threshold")), static_cast<int64_t>(param("cooldown")),
                                      number(std::min(base, param("min_lr")))));
    out_.step.emplace_back("rate = plateau.rate");
    addSetting();
    out_.watchesLoss = true;
    out_.epochEnd.emplace_back("plateau.epoch_ended(watched)");
  }

  PythonParts& script_;
  const run::Objective& objective_;
  const run::OptimiserSpec& spec_;
  const Attributes params_, schedule_;
  OptimiserParts out_;
};

}  // namespace

OptimiserParts addOptimiser(PythonParts& script, const run::Objective& objective) {
  return Writer(script, objective).write();
}

}  // namespace netwright::project
