// SPDX-License-Identifier: Apache-2.0
#include "core/train/evaluation.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "core/base/text.h"

namespace netwright::train {
namespace {

constexpr size_t kEvaluationBatch = 500;

}  // namespace

Feeder::Feeder(const program::Program& program, std::vector<int> columns) : columns_(std::move(columns)) {
  for (const program::Port& port : program.inputs) {
    bool target = false;
    for (const program::Op& op : program.ops)
      for (const program::Argument& a : op.args)
        if (const auto* v = std::get_if<program::ValueId>(&a); v && *v == port.value)
          target = op.part == program::Part::Loss;
    target_.push_back(target);
  }
}

engine::Feeds Feeder::feeds(const data::Batch& batch, bool withTargets) const {
  engine::Feeds feeds;
  for (size_t i = 0; i < columns_.size(); ++i)
    feeds.push_back(target_[i] && !withTargets ? nullptr : &batch.columns[static_cast<size_t>(columns_[i])].tensor);
  return feeds;
}

int Feeder::targetColumn() const {
  const auto it = std::find(target_.begin(), target_.end(), true);
  return it == target_.end() ? -1 : columns_[static_cast<size_t>(it - target_.begin())];
}

Meters makeMetrics(const std::vector<std::string>& names) {
  Meters meters;
  for (const std::string& name : names) meters.emplace_back(name, run::findMetric(name)->make());
  return meters;
}

std::map<std::string, double> evaluateSamples(engine::Network& network, const Feeder& feeder,
                                              const data::Dataset& dataset, const std::vector<int64_t>& samples,
                                              const std::vector<std::string>& metrics) {
  run::SampleMean loss;
  Meters meters = makeMetrics(metrics);
  data::Batch batch;
  for (size_t from = 0; from < samples.size(); from += kEvaluationBatch) {
    dataset.read(std::span(samples).subspan(from, std::min(kEvaluationBatch, samples.size() - from)), batch);
    engine::StepResult result;
    try {
      result = network.evaluate(feeder.feeds(batch, true));
    } catch (const engine::NodeError& e) {
      throw named(e, batch.samples);
    }
    loss.add(result.loss, batch.size());
    if (const int target = feeder.targetColumn(); target >= 0)
      for (auto& [name, meter] : meters)
        meter->add({result.outputs.front(), batch.columns[static_cast<size_t>(target)].tensor});
  }
  std::map<std::string, double> values{{"loss", loss.value()}};
  for (const auto& [name, meter] : meters) values[name] = meter->value();
  return values;
}

engine::NodeError named(const engine::NodeError& error, const std::vector<int64_t>& samples) {
  if (error.sample < 0 || error.sample >= static_cast<int64_t>(samples.size())) return error;
  return error.atSample(samples[static_cast<size_t>(error.sample)]);
}

}  // namespace netwright::train
