// SPDX-License-Identifier: Apache-2.0
// The optimiser of train.py with its groups, limits of gradients and learning rate. Used by training_script.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/project/training/python_parts.h"
#include "core/run/config.h"

namespace netwright::project {

struct OptimiserParts {
  std::vector<std::string> create;    // lines that make it, before the first epoch
  std::string backward;               // arguments of backward()
  std::vector<std::string> limit;     // lines that limit the gradients
  std::vector<std::string> after;     // lines after a step
  std::vector<std::string> epochEnd;  // after the validation
  bool searches = false;              // step takes a function that computes loss and gradients anew
  // epochEnd reads `watched`: the loss of the validation or, without one, of the training.
  bool watchesLoss = false;
};
OptimiserParts addOptimiser(PythonParts& script, const run::RunConfig& config);  // of its first objective

}  // namespace netwright::project
