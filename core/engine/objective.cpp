// SPDX-License-Identifier: Apache-2.0
#include "core/engine/objective.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/pattern.h"
#include "core/engine/node_error.h"
#include "core/engine/tensor.h"

namespace netwright::engine {
Objective::Objective(const ObjectiveOptions& options, const std::vector<NamedParameter>& all)
    : clipNorm_(options.clipNorm), clipValue_(options.clipValue) {
  std::vector<OptimiserGroup> groups{{{}, options.params}};
  std::vector<std::string> patterns;
  for (const ParameterChoice& g : options.groups) {
    groups.push_back({{}, g.params});
    patterns.push_back(g.parameters);
  }
  std::vector<std::vector<std::string>> names(groups.size());
  for (const NamedParameter& p : all) {
    if (!matchesPattern(p.name, options.parameters)) continue;
    const size_t first = firstMatch(p.name, patterns), at = first == patterns.size() ? 0 : first + 1;
    groups[at].parameters.push_back(p.tensor);
    names[at].push_back(p.name);
  }
  for (const auto& list : names) names_.insert(names_.end(), list.begin(), list.end());
  if (names_.empty() && !all.empty())
    failInput(fmt::format("No parameter matches '{}': there is nothing to train.", options.parameters),
              fmt::format("The first parameters are called {}.", all.front().name),
              "Use * for all, or a pattern such as head.*");
  everything_ = names_.size() == all.size();
  optimiser_ = makeOptimiser(options.optimiser, std::move(groups));
  parameters_ = optimiser_->parameters();
}

void Objective::backward(const at::Tensor& loss) try {
  if (!loss.requires_grad()) return;  // nothing that is trained has a part in it
  if (everything_)
    loss.backward();
  else
    loss.backward({}, std::nullopt, false, parameters_);
} catch (const c10::Error& e) {
  failCompute({}, "The gradients", "backward", e);
}

void Objective::clip() {
  if (clipValue_ > 0) clipValue(parameters_, clipValue_);
  if (clipNorm_ > 0) clipNorm(parameters_, clipNorm_);
}

void Objective::step(double loss, const Optimiser::Evaluate& evaluate) try {
  clip();
  optimiser_->step(loss, [&] {
    const double again = evaluate();
    clip();
    return again;
  });
} catch (const c10::Error& e) {
  failCompute({}, "The optimiser", "step", e);
}

std::vector<NamedTensor> Objective::state() const {
  std::vector<NamedTensor> all;
  for (const Optimiser::State& s : optimiser_->state())
    all.push_back({s.name + "." + names_[s.parameter], toHost(s.tensor)});
  return all;
}

void Objective::restore(const std::vector<NamedTensor>& state) {
  std::vector<Optimiser::State> found;
  for (const NamedTensor& t : state) {
    const size_t dot = t.name.find('.');
    const std::string parameter = dot == std::string::npos ? "" : t.name.substr(dot + 1);
    const auto it = std::find(names_.begin(), names_.end(), parameter);
    const Optimiser::State state{t.name.substr(0, dot), static_cast<size_t>(it - names_.begin()), view(t.tensor)};
    if (it == names_.end() || !optimiser_->fits(state))
      failInput("The optimiser's state does not fit this network.",
                fmt::format("{} {}.", t.name, it == names_.end() ? "belongs to no parameter" : "has another shape"),
                "Choose a checkpoint of the same graph and settings.");
    found.push_back(state);
  }
  optimiser_->restore(found);
}

std::vector<NamedTensor> stateOf(const std::vector<Objective>& objectives) {
  std::vector<NamedTensor> all;
  for (size_t i = 0; i < objectives.size(); ++i)
    for (NamedTensor& t : objectives[i].state()) {
      if (i > 0) t.name = fmt::format("{}/{}", i, t.name);
      all.push_back(std::move(t));
    }
  return all;
}

void restore(std::vector<Objective>& objectives, const std::vector<NamedTensor>& state) {
  std::vector<std::vector<NamedTensor>> parts(objectives.size());
  for (const NamedTensor& t : state) {
    const size_t slash = t.name.find('/');
    const bool numbered = slash != std::string::npos && t.name.find_first_not_of("0123456789") == slash;
    const size_t index = numbered ? std::stoul(t.name) : 0;
    if (index >= parts.size())
      failInput("The optimiser's state does not fit this run.", fmt::format("{} belongs to no objective.", t.name),
                "Choose a checkpoint of the same settings.");
    parts[index].push_back({numbered ? t.name.substr(slash + 1) : t.name, t.tensor});
  }
  for (size_t i = 0; i < parts.size(); ++i) objectives[i].restore(parts[i]);
}

}  // namespace netwright::engine
