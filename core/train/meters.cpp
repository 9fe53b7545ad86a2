// SPDX-License-Identifier: Apache-2.0
#include "core/train/meters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

const HostTensor& valueAt(const engine::StepResult& result, const layers::MeasuredPlace& place) {
  return (place.output ? result.outputs : result.measured).at(static_cast<size_t>(place.index));
}

Measures measuresOf(const project::Prepared& prepared) {
  Measures measures;
  const layers::Lowered& lowered = prepared.lowered;
  for (size_t i = 0; i < lowered.losses.size(); ++i) {
    const layers::LossOrigin& origin = lowered.losses[i];
    const program::LossTerm& loss = lowered.program.losses[i];
    Measures::Term term{fmt::format("loss/{}-{}", i + 1, loss.name), loss.weight, prepared.targets.at(i), {}, {}};
    if (origin.node) term.name = "loss/" + loss.name;
    const Attributes& params = origin.params;
    if (const auto it = params.find("ignore_index"); it != params.end()) term.ignore = std::get<int64_t>(it->second);
    if (const auto it = params.find("weight"); it != params.end() && origin.loss != "minimize")
      term.classWeights = numbers(it->second).value_or(std::vector<double>());
    if (measures.loss.empty() && term.target >= 0) {
      const auto& outputs = lowered.program.outputs;
      for (size_t o = 0; o < outputs.size(); ++o)
        if (outputs[o].value == origin.output) measures.place = {true, static_cast<int>(o)};
      if (measures.place.index >= 0) {
        measures.loss = origin.loss;
        measures.target = term.target;
      }
    }
    measures.terms.push_back(std::move(term));
  }
  for (const project::Prepared::Metric& m : prepared.metrics)
    if (m.place.index >= 0 && m.target >= 0) measures.metrics.push_back(m);
  return measures;
}

Meters::Meters(const Measures& measures) : measures_(measures), terms_(measures.terms.size()) {
  for (const auto& metric : measures.metrics) metrics_.push_back(run::findMetric(metric.id)->make());
}

void Meters::add(const engine::StepResult& result, const data::Batch& batch) {
  for (size_t i = 0; i < terms_.size(); ++i)
    if (!std::isnan(result.terms[i])) terms_[i].add(result.terms[i], divisor(measures_.terms[i], batch));
  for (size_t i = 0; i < metrics_.size(); ++i) {
    const project::Prepared::Metric& metric = measures_.metrics[i];
    const HostTensor& target = batch.columns[static_cast<size_t>(metric.target)].tensor;
    metrics_[i]->add({valueAt(result, metric.place), target, metric.ignore});
  }
}

double Meters::loss() const {
  double sum = 0;
  for (size_t i = 0; i < terms_.size(); ++i) sum += measures_.terms[i].weight * terms_[i].value();
  return sum;
}

std::map<std::string, double> Meters::values() const {
  std::map<std::string, double> all{{"loss", loss()}};
  if (terms_.size() > 1)
    for (size_t i = 0; i < terms_.size(); ++i) all[measures_.terms[i].name] = terms_[i].value();
  for (size_t i = 0; i < metrics_.size(); ++i) all[measures_.metrics[i].name] = metrics_[i]->value();
  return all;
}

std::map<std::string, std::vector<double>> Meters::means() const {
  std::map<std::string, std::vector<double>> all;
  for (size_t i = 0; i < terms_.size(); ++i) all[std::to_string(i)] = terms_[i].state();
  return all;
}

std::map<std::string, std::vector<double>> Meters::metrics() const {
  std::map<std::string, std::vector<double>> all;
  for (size_t i = 0; i < metrics_.size(); ++i) all[measures_.metrics[i].name] = metrics_[i]->state();
  return all;
}

void Meters::restore(const std::map<std::string, std::vector<double>>& means,
                     const std::map<std::string, std::vector<double>>& metrics) {
  for (size_t i = 0; i < terms_.size(); ++i)
    if (const auto it = means.find(std::to_string(i)); it != means.end()) terms_[i].restore(it->second);
  for (size_t i = 0; i < metrics_.size(); ++i)
    if (const auto it = metrics.find(measures_.metrics[i].name); it != metrics.end()) metrics_[i]->restore(it->second);
}

}  // namespace netwright::train
