// SPDX-License-Identifier: Apache-2.0
// A program made ready to run in one mode: operator handles, argument templates, slots and last uses. Internal to the
// engine.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/program/control.h"

namespace netwright::engine {

struct ControlPlan;

struct Instruction {
  const program::Op* op = nullptr;
  std::optional<c10::OperatorHandle> handle;               // none: control flow
  torch::jit::Stack arguments;                             // constants in place; tensor places are filled from slots
  std::vector<std::pair<size_t, int>> tensors;             // argument -> slot
  std::vector<std::pair<size_t, std::vector<int>>> lists;  // argument that takes a list of tensors -> slots
  std::vector<std::pair<size_t, const program::Shape*>> sizes;  // argument whose sizes only a batch tells
  std::vector<const program::IndexGuard*> guards;               // on results
  std::vector<int> results;                                     // slots
  std::vector<int> lastUses;                                    // slots that no later instruction reads
  std::vector<int> restrided;                                   // slots whose gradients are brought to channels_last
  std::shared_ptr<const ControlPlan> control;                   // of control flow
};

// What an op of control flow runs. Slots are value indices of the region.
struct RegionPlan {
  std::shared_ptr<const program::Program> program;
  std::vector<Instruction> instructions;
  std::vector<int> inputs, outputs;
  std::vector<std::pair<size_t, const program::IndexGuard*>> guards;  // on the inputs of these places
  bool random = false;                                                // draws from a generator
};

struct ControlPlan {
  std::vector<RegionPlan> regions;
  std::variant<program::Branch, program::Loop> way;
  std::vector<program::DecidedSize> decides;
};

struct Plan {
  std::vector<Instruction> forward, afterBackward;
  bool training = false;
};

struct PlanOptions {
  Mode mode = Mode::Eval;         // of ops that follow the run
  bool withLoss = false;          // losses too, else only the model
  bool channelsLast = false;      // 4-D tensors are in this memory order
  bool rewrite = true;            // the passes of passes.h; off where every op's own result is to be seen
  DType floats = DType::Float32;  // what DefaultFloat stands for
  bool keepInputs = false;        // inputs are read again
};
// Slots are value indices of the program. The program must outlive the plan.
Plan makePlan(const program::Program& program, const PlanOptions& options);

std::vector<int> inputs(const Instruction& instruction);  // every slot that it reads

// Random ops draw from a generator seeded by (seed, step, invocation, op), so any batch can be replayed.
struct RandomKey {
  uint64_t seed = 0;
  int64_t step = 0;
  int64_t invocation = 0;  // counts the forward passes over one batch
  bool reseed = true;      // false: the default generator goes on (parity mode)
};
RandomKey atStep(const RandomKey& key, uint64_t op, int64_t step);  // of what a loop runs
uint64_t randomSeed(const RandomKey& key, uint64_t op);             // of the op's draw
// How often each body of a node of control flow ran; of a loop its steps.
using Runs = std::map<NodePath, std::vector<int64_t>>;

// Throws Interrupted when `interrupt` is set, NodeError when an op fails. `seen`, if given, is called with each result.
struct Execution {
  RandomKey key;
  const std::atomic<bool>* interrupt = nullptr;
  std::function<void(const Instruction&, const at::Tensor&)> seen;
  const program::Bindings* sizes = nullptr;  // of the batch's symbols; needed where sizes depend on them
  Runs* runs = nullptr;                      // counted if given
};
void run(const std::vector<Instruction>& instructions, std::vector<at::Tensor>& slots, const Execution& execution);

}  // namespace netwright::engine
