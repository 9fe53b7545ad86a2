// SPDX-License-Identifier: Apache-2.0
// The weights that a run begins with: as initialised by the seed, or those of a stored run or a file.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/base/safetensors.h"
#include "core/data/sampler.h"
#include "core/project/stored_run.h"
#include "core/train/loop.h"

namespace netwright::train {
namespace {

// The network's weights with those that the file has; it may lack some: a new head starts as initialised.
std::vector<NamedTensor> merged(std::vector<NamedTensor> weights, const SafetensorsFile& file, const std::string& name,
                                std::string& note) {
  size_t found = 0;
  for (NamedTensor& w : weights)
    if (const HostTensor* given = file.find(w.name)) {
      w.tensor = *given;
      ++found;
    }
  if (found == 0)
    failInput(fmt::format("{} holds no weight of this network.", name), "No name agrees.",
              "Open it with netwright-cli weights, which matches names, or set start to init.");
  note = fmt::format("{} of {} weights are those of {}.", found, weights.size(), name);
  return weights;
}

}  // namespace

// What the first batch tells of how weights begin.
void Loop::startFromData() {
  const auto& starts = network_->program().starts;
  if (std::none_of(starts.begin(), starts.end(), [](const program::Start& s) { return s.kind == "lsuv"; })) return;
  const std::vector<int64_t> order =
      config_.shuffle ? data::epochOrder(data_.trainSamples, config_.seed, 1) : data_.trainSamples;
  data::Batch batch;
  data_.train->read(std::span(order).first(std::min(order.size(), static_cast<size_t>(config_.batchSize))), batch);
  network_->startFromData(feeder_->feeds(batch, true));
}

std::string Loop::startWeights() {
  network_->initialise(config_.seed);
  startFromData();
  const auto& folder = session_.options_.folder;
  std::string note;
  if (config_.start.starts_with("file:")) {
    const std::string name = config_.start.substr(5);
    network_->setWeights(merged(network_->weights(), readSafetensors(folder / name), name, note));
  }
  if (config_.start.starts_with("run:")) {
    const std::string name = config_.start.substr(4);
    const project::StoredRun stored = project::openRun(folder, name);
    try {
      network_->setWeights(stored.checkpoint.weights);
    } catch (const Error& e) {
      if (stored.checkpoint.graphHash == graphHash_) throw;
      failInput(fmt::format("The checkpoint of run '{}' belongs to another graph.", name), e.why,
                "Choose a run of this graph, or set start to init.");
    }
  }
  return note;
}

}  // namespace netwright::train
