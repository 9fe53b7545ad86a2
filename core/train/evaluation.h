// SPDX-License-Identifier: Apache-2.0
// Feeding batches to a network and measuring it over samples. Used by the session after each epoch and by the Evaluate
// command.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/run/metric.h"

namespace netwright::train {

// Columns of a batch in the order of the program's inputs.
class Feeder {
 public:
  Feeder(const program::Program& program,
         std::vector<int> columns);  // columns: per input, as project::prepare finds them
  engine::Feeds feeds(const data::Batch& batch, bool withTargets) const;
  int targetColumn() const;  // of the first loss; -1 if there is none

 private:
  std::vector<int> columns_;
  std::vector<bool> target_;  // per input
};

using Meters = std::vector<std::pair<std::string, std::unique_ptr<run::Metric>>>;
Meters makeMetrics(const std::vector<std::string>& names);

// "loss" and the metrics, exact over the samples.
std::map<std::string, double> evaluateSamples(engine::Network& network, const Feeder& feeder,
                                              const data::Dataset& dataset, const std::vector<int64_t>& samples,
                                              const std::vector<std::string>& metrics);

// The engine counts samples within its batch; people know them by their number in the data.
engine::NodeError named(const engine::NodeError& error, const std::vector<int64_t>& samples);

}  // namespace netwright::train
