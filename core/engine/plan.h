// SPDX-License-Identifier: Apache-2.0
// A program made ready to run in one mode: operator handles, argument templates, slots and last uses. Internal to the
// engine.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <vector>

#include "core/program/program.h"

namespace netwright::engine {

struct Instruction {
  const program::Op* op = nullptr;
  c10::OperatorHandle handle;
  torch::jit::Stack arguments;                  // constants in place; tensor places are filled from slots
  std::vector<std::pair<size_t, int>> tensors;  // argument -> slot
  std::vector<int> results;                     // slots
  std::vector<int> lastUses;                    // slots that no later instruction reads
};

struct Plan {
  std::vector<Instruction> forward, afterBackward;
  bool training = false;
};

// `withLoss`: losses too, else only the model. Slots are value indices of the program. The program must outlive the
// plan.
Plan makePlan(const program::Program& program, Mode runMode, bool withLoss);

// Random ops draw from a generator seeded by (seed, step, op), so any batch can be replayed.
struct RandomKey {
  uint64_t seed = 0;
  int64_t step = 0;
};
uint64_t randomSeed(const RandomKey& key, uint64_t op);  // of the op's draw
void run(const std::vector<Instruction>& instructions, std::vector<at::Tensor>& slots, const RandomKey& key);

}  // namespace netwright::engine
