// SPDX-License-Identifier: Apache-2.0
#include "core/train/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/base/error.h"

namespace netwright::train {
namespace {

constexpr size_t kEvaluationBatch = 500;

}  // namespace

Feeder::Feeder(const program::Program& program, std::vector<int> columns) : columns_(std::move(columns)) {
  for (const program::Port& port : program.inputs) {
    bool target = false, model = false;
    for (const program::Op& op : program.ops)
      for (const program::ValueId v : program::valuesOf(op))
        if (v == port.value) (op.part == program::Part::Loss ? target : model) = true;
    target_.push_back(target && !model);
  }
}

engine::Feeds Feeder::feeds(const data::Batch& batch, bool withTargets) const {
  engine::Feeds feeds;
  for (size_t i = 0; i < columns_.size(); ++i)
    feeds.push_back(target_[i] && !withTargets ? nullptr : &batch.columns[static_cast<size_t>(columns_[i])].tensor);
  return feeds;
}

int Feeder::firstInput() const {
  const auto it = std::find(target_.begin(), target_.end(), false);
  return it == target_.end() ? -1 : columns_[static_cast<size_t>(it - target_.begin())];
}

std::map<std::string, double> evaluateSamples(engine::Network& network, const Feeder& feeder,
                                              const project::SplitSamples& split, const Measures& measures,
                                              ValidationView* view) {
  Meters meters(measures);
  data::Batch batch;
  const std::span<const int64_t> samples(split.samples);
  for (size_t from = 0; from < samples.size(); from += kEvaluationBatch) {
    split.dataset.read(samples.subspan(from, std::min(kEvaluationBatch, samples.size() - from)), batch);
    try {
      const engine::StepResult result = network.evaluate(feeder.feeds(batch, true));
      meters.add(result, batch);
      if (view) view->add(result, batch);
    } catch (const engine::NodeError& e) {
      throw named(e, batch.samples);
    }
  }
  return meters.values();
}

namespace {

// Throws Error{Input} for an input that the model needs and that is not among the tensors.
engine::Feeds feedsOf(const program::Program& program, const std::vector<NamedTensor>& inputs) {
  engine::Feeds feeds;
  for (const program::Port& port : program.inputs) {
    const auto it =
        std::find_if(inputs.begin(), inputs.end(), [&](const NamedTensor& t) { return t.name == port.name; });
    feeds.push_back(it == inputs.end() ? nullptr : &it->tensor);
    const bool needed = std::any_of(program.ops.begin(), program.ops.end(), [&](const program::Op& op) {
      const std::vector<program::ValueId> read = program::valuesOf(op);
      return op.part == program::Part::Model && std::find(read.begin(), read.end(), port.value) != read.end();
    });
    if (needed && !feeds.back())
      failInput(fmt::format("The input '{}' is missing.", port.name), "", "Send one tensor for each input.");
  }
  return feeds;
}

}  // namespace

std::vector<NamedTensor> values(engine::Network& network, const std::vector<NamedTensor>& inputs) {
  return network.values(feedsOf(network.program(), inputs));
}

std::vector<NamedTensor> predict(engine::Network& network, const std::vector<NamedTensor>& inputs) {
  const program::Program& program = network.program();
  std::vector<HostTensor> outputs = network.predict(feedsOf(program, inputs));
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < outputs.size(); ++i) tensors.push_back({program.outputs[i].name, std::move(outputs[i])});
  return tensors;
}

engine::NodeError named(const engine::NodeError& error, const std::vector<int64_t>& samples) {
  if (error.sample < 0 || error.sample >= static_cast<int64_t>(samples.size())) return error;
  return error.atSample(samples[static_cast<size_t>(error.sample)]);
}

}  // namespace netwright::train
