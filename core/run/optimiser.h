// SPDX-License-Identifier: Apache-2.0
// The optimisers there are, as people choose them; the engine implements each (core/engine/optimisers). Names and
// defaults of parameters are PyTorch's; a pair of betas is beta1 and beta2. Torch-free; used by settings, forms, files
// and exports.
#pragma once

#include <string>
#include <vector>

#include "core/base/param_spec.h"

namespace netwright::run {

struct Optimiser {
  std::string kind = "adam";
  Attributes params;    // missing ones take their defaults
  std::string unknown;  // as in RunConfig
  bool operator==(const Optimiser&) const = default;
};

struct OptimiserSpec {
  std::string id, title, torchName, doc;  // torchName: empty where PyTorch has no such class
  std::string source;                     // the paper
  std::vector<ParamSpec> params;
  bool fused = false;     // PyTorch has a fused kernel for it
  bool searches = false;  // looks at the loss of a batch several times in a step, for all parameters together

  const ParamSpec* findParam(const std::string& name) const;
  bool hasMomentum() const { return findParam("beta1") || findParam("momentum"); }  // that a schedule can cycle
};
const std::vector<OptimiserSpec>& optimisers();
const OptimiserSpec* findOptimiser(const std::string& id);
// The optimiser's parameters with defaults filled in.
Attributes completeParams(const Optimiser& optimiser);
// Numbers that it keeps for each weight from step to step; the memory it needs. 0 for an unknown one.
double statesPerWeight(const Optimiser& optimiser);

}  // namespace netwright::run
