// SPDX-License-Identifier: Apache-2.0
// Feeding batches to a network and measuring it over samples. Used by the session after each epoch and by the Evaluate
// command.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/data/data_config.h"
#include "core/data/dataset.h"
#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/project/run_data.h"
#include "core/train/meters.h"
#include "core/train/validation_view.h"

namespace netwright::train {

// Columns of a batch in the order of the program's inputs.
class Feeder {
 public:
  Feeder(const program::Program& program,
         std::vector<int> columns);  // columns: per input, as project::prepare finds them
  engine::Feeds feeds(const data::Batch& batch, bool withTargets) const;
  int firstInput() const;  // the column of the model's first input; -1 if it has none

 private:
  std::vector<int> columns_;
  std::vector<bool> target_;  // per input
};

// "loss" and the metrics, exact over the samples. `view`, if given, sees each batch too.
std::map<std::string, double> evaluateSamples(engine::Network& network, const Feeder& feeder,
                                              const project::SplitSamples& split, const Measures& measures,
                                              ValidationView* view = nullptr);

// Predictions for inputs given by name. Throws Error{Input} naming an input that is missing.
std::vector<NamedTensor> predict(engine::Network& network, const std::vector<NamedTensor>& inputs);
// The result of each op instead, by the name of its value.
std::vector<NamedTensor> values(engine::Network& network, const std::vector<NamedTensor>& inputs);

// The engine counts samples within its batch; people know them by their number in the data.
engine::NodeError named(const engine::NodeError& error, const std::vector<int64_t>& samples);

}  // namespace netwright::train
