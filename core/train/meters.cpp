// SPDX-License-Identifier: Apache-2.0
#include "core/train/meters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/layers/registry.h"

namespace netwright::train {
namespace {

// What the mean of a term over a batch is a mean over: its samples, or the sum of their classes' weights.
double divisor(const Measures::Term& term, const data::Batch& batch) {
  if (term.target < 0 || (!term.ignore && term.classWeights.empty())) return static_cast<double>(batch.size());
  const HostTensor& target = batch.columns[static_cast<size_t>(term.target)].tensor;
  if (target.dtype != DType::Int64) return static_cast<double>(batch.size());
  double sum = 0;
  for (const int64_t label : target.as<int64_t>()) {
    if (term.ignore && label == *term.ignore) continue;
    const auto at = static_cast<size_t>(label);
    sum += at < term.classWeights.size() ? term.classWeights[at] : 1;
  }
  return sum;
}

}  // namespace

Measures measuresOf(const run::RunConfig& config, const project::Prepared& prepared) {
  Measures measures;
  measures.metrics = config.metrics;
  const auto& outputs = prepared.lowered.program.outputs;
  for (const run::Objective& objective : config.objectives)
    for (const run::LossTerm& t : objective.terms) {
      Measures::Term term{t.loss, t.weight, prepared.targets.at(measures.terms.size()), {}, {}};
      Attributes params = layers::findLayer(t.loss)->defaults();
      for (const auto& [name, value] : t.params) params[name] = value;
      if (const auto it = params.find("ignore_index"); it != params.end()) term.ignore = std::get<int64_t>(it->second);
      if (const auto it = params.find("weight"); it != params.end())
        term.classWeights = numbers(it->second).value_or(std::vector<double>());
      if (measures.terms.empty())
        for (size_t i = 0; i < outputs.size(); ++i)
          if (outputs[i].name == t.output) measures.output = i;
      measures.terms.push_back(std::move(term));
    }
  return measures;
}

Meters::Meters(const Measures& measures) : measures_(measures), terms_(measures.terms.size()) {
  for (const std::string& id : measures.metrics) metrics_.push_back(run::findMetric(id)->make());
}

void Meters::add(const engine::StepResult& result, const data::Batch& batch) {
  for (size_t i = 0; i < terms_.size(); ++i)
    if (!std::isnan(result.terms[i])) terms_[i].add(result.terms[i], divisor(measures_.terms[i], batch));
  if (metrics_.empty() || measures_.terms.empty() || measures_.terms.front().target < 0) return;
  const HostTensor& target = batch.columns[static_cast<size_t>(measures_.terms.front().target)].tensor;
  for (auto& metric : metrics_) metric->add({result.outputs[measures_.output], target, measures_.terms.front().ignore});
}

double Meters::loss() const {
  double sum = 0;
  for (size_t i = 0; i < terms_.size(); ++i) sum += measures_.terms[i].weight * terms_[i].value();
  return sum;
}

std::map<std::string, double> Meters::values() const {
  std::map<std::string, double> all{{"loss", loss()}};
  if (terms_.size() > 1)
    for (size_t i = 0; i < terms_.size(); ++i)
      all[fmt::format("loss/{}-{}", i + 1, measures_.terms[i].name)] = terms_[i].value();
  for (size_t i = 0; i < metrics_.size(); ++i) all[measures_.metrics[i]] = metrics_[i]->value();
  return all;
}

std::map<std::string, std::vector<double>> Meters::means() const {
  std::map<std::string, std::vector<double>> all;
  for (size_t i = 0; i < terms_.size(); ++i) all[std::to_string(i)] = terms_[i].state();
  return all;
}

std::map<std::string, std::vector<double>> Meters::metrics() const {
  std::map<std::string, std::vector<double>> all;
  for (size_t i = 0; i < metrics_.size(); ++i) all[measures_.metrics[i]] = metrics_[i]->state();
  return all;
}

void Meters::restore(const std::map<std::string, std::vector<double>>& means,
                     const std::map<std::string, std::vector<double>>& metrics) {
  for (size_t i = 0; i < terms_.size(); ++i)
    if (const auto it = means.find(std::to_string(i)); it != means.end()) terms_[i].restore(it->second);
  for (size_t i = 0; i < metrics_.size(); ++i)
    if (const auto it = metrics.find(measures_.metrics[i]); it != metrics.end()) metrics_[i]->restore(it->second);
}

}  // namespace netwright::train
