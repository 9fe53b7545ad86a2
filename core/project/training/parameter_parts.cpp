// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/parameter_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/module_row.h"
#include "core/run/initialiser.h"

namespace netwright::project {
namespace {

using convert::pytorch::number;

// What differs from PyTorch's defaults, as arguments; those without a default of its own always.
std::string arguments(const run::InitialiserSpec& spec, const Attributes& params) {
  std::string text;
  for (const ParamSpec& p : spec.params) {
    const bool always = spec.id == "constant" || p.name == "sparsity";
    if (params.at(p.name) == p.fallback && !always) continue;
    const std::string value =
        p.kind == ParamKind::Float ? number(numbers(params.at(p.name)).value().front()) : pythonText(params.at(p.name));
    text += fmt::format(", {}={}", p.name, value);
  }
  return text;
}

std::string dimensions(const run::InitialiserSpec& spec) {
  if (spec.lowest == 0) return "";
  if (spec.lowest == spec.highest) return fmt::format(" and p.dim() == {}", spec.lowest);
  if (spec.highest < 10) return fmt::format(" and {} <= p.dim() <= {}", spec.lowest, spec.highest);
  return fmt::format(" and p.dim() >= {}", spec.lowest);
}

}  // namespace

std::string pythonPattern(const std::string& pattern) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == '\\' && i + 1 < pattern.size())
      out += fmt::format("[{}]", pattern[++i]);  // the sign after a backslash stands for itself
    else
      out += pattern[i];
  return convert::python::quoted(out);
}

std::vector<std::string> beginnings(PythonParts& script, const run::RunConfig& config) {
  std::vector<std::string> lines;
  if (!config.initialisers.empty() || !config.frozen.empty()) script.import("from fnmatch import fnmatchcase");
  for (const run::Initialiser& i : config.initialisers) {
    const run::InitialiserSpec& spec = *run::findInitialiser(i.kind);
    lines.emplace_back("for name, p in model.named_parameters():");
    lines.push_back(fmt::format("    if fnmatchcase(name, {}){}:", pythonPattern(i.parameters), dimensions(spec)));
    lines.push_back(fmt::format("        {}(p{})", spec.torchName, arguments(spec, run::completeParams(i))));
  }
  if (!config.frozen.empty()) {
    std::vector<std::string> patterns;
    for (const std::string& f : config.frozen) patterns.push_back(pythonPattern(f));
    script.setting("FROZEN", fmt::format("[{}]", joined(patterns, ", ")),
                   "patterns of parameters that are not trained");
    lines.emplace_back("for name, p in model.named_parameters():");
    lines.emplace_back("    p.requires_grad_(not any(fnmatchcase(name, pattern) for pattern in FROZEN))");
  }
  return lines;
}

std::string addRegulariser(PythonParts& script, const run::RunConfig& config, size_t index) {
  const run::Objective& objective = config.objectives.front();
  const run::Regulariser& r = objective.regularisers.at(index);
  script.import("from fnmatch import fnmatchcase");
  const std::string own =
      objective.parameters == "*" ? "" : fmt::format(" and fnmatchcase(name, {})", pythonPattern(objective.parameters));
  if (index == 0)
    script.code(fmt::format(
        "def named(model, pattern):\n    \"\"\"The parameters of that name that are trained.\"\"\"\n    return [p for "
        "name, p in model.named_parameters() if fnmatchcase(name, pattern){} and p.requires_grad]\n",
        own));
  const std::string chosen = fmt::format("named(model, {})", pythonPattern(r.parameters));
  if (r.kind == "l1") return fmt::format("sum(p.abs().sum() for p in {})", chosen);
  if (r.kind == "l2") return fmt::format("sum(p.square().sum() for p in {})", chosen);
  const auto before = objective.regularisers.begin() + static_cast<long>(index);
  const bool known = std::any_of(objective.regularisers.begin(), before,
                                 [](const run::Regulariser& o) { return o.kind == "orthogonal"; });
  if (!known)
    script.code(
        "def skewness(p):\n    \"\"\"How far the rows of a matrix, or the columns of a tall one, are from "
        "orthonormal.\"\"\"\n"
        "    w = p.flatten(1)\n    product = w @ w.T if len(w) <= w.shape[1] else w.T @ w\n"
        "    return (product - torch.eye(len(product), device=w.device)).square().sum()\n");
  return fmt::format("sum(skewness(p) for p in {} if p.dim() >= 2)", chosen);
}

}  // namespace netwright::project
