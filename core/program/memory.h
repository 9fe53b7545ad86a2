// SPDX-License-Identifier: Apache-2.0
// What a network needs of memory, from its program alone. All sizes are bytes; float32 where the run decides. Used by
// the window's costs, `netwright-cli summary` and the check before a run.
#pragma once

#include <map>
#include <optional>

#include "core/program/program.h"

namespace netwright::program {

// What each node writes in one forward pass, as a formula over the batch N and other open sizes; the inputs count at
// their Input nodes. Results that share the memory of an argument (views such as a flatten) are free. Nodes that lead
// to no output are missing.
std::map<NodeId, Dim> activationBytes(const Program& program);

struct TrainingMemory {
  int64_t weights = 0;             // parameters and buffers
  int64_t gradients = 0;           // of the parameters
  int64_t states = 0;              // of the optimiser
  int64_t activations = 0;         // kept for the way back when the loss is computed, the batch itself too
  int64_t peak = 0;                // most at any time of a step: activations go while gradients come
  std::map<NodeId, int64_t> kept;  // activations, by the node that computed them
};

// One step with `statesPerWeight` numbers of the optimiser for each weight (run::statesPerWeight). None if a size
// depends on more than the bindings. Of control flow it is rough: what its steps keep, as often as it is known that
// they run. What kernels need as scratch space is not counted.
std::optional<TrainingMemory> trainingMemory(const Program& program, const Bindings& sizes, double statesPerWeight);

}  // namespace netwright::program
