// SPDX-License-Identifier: Apache-2.0
// A program with its weights on a device: initialise, train, evaluate. Torch-free to include; the engine's public face.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/host_tensor.h"
#include "core/program/program.h"

namespace netwright::engine {

struct NetworkOptions {
  std::string device = "cpu";    // as resolveDevice returns it
  DType dtype = DType::Float32;  // of DefaultFloat: Float32 or Float64
  bool channelsLast = false;     // memory order of 4-D tensors
  bool autocast = false;         // forward in bf16 where PyTorch's autocast does so; weights stay as they are
  bool parity = false;           // random ops draw from the default generator's stream instead of one seed each
};

// Parameters, chosen by a pattern over their names, with all settings of the optimiser for them.
struct ParameterChoice {
  std::string parameters = "*";
  Attributes params;  // complete
};

// How an objective lowers its terms of the program's losses: an index into the list given to setObjectives is the
// `objective` of program::LossTerm.
struct ObjectiveOptions {
  std::string optimiser = "adam";
  std::string parameters = "*";         // pattern over state names
  Attributes params;                    // complete
  std::vector<ParameterChoice> groups;  // parameters with other settings; the first that matches counts
  double clipNorm = 0, clipValue = 0;   // 0: no limit
};

// One tensor per input of the program, in its order; null for targets where no loss is computed. Batch dimension first.
using Feeds = std::vector<const HostTensor*>;

// Of one node in one batch.
struct NodeStatistic {
  NodePath node;
  double mean = 0, deviation = 0;                              // of what it puts out
  double gradient = std::numeric_limits<double>::quiet_NaN();  // 2-norm over its parameters; NaN where it has none
  std::vector<int64_t> runs;                                   // of control flow: how often each of its bodies ran
};

struct StepResult {
  double loss = 0;                   // weighted sum over the terms of the objectives that took part
  std::vector<double> terms;         // per term of program.losses, without its weight; NaN where it took no part
  std::vector<HostTensor> outputs;   // of the program, float32 or int64, row-major
  std::vector<HostTensor> measured;  // of the program, likewise
  std::vector<NodeStatistic> nodes;  // after watchNext()
};

// The place of a batch in a run. (seed, step) decides all its randomness.
struct StepPlace {
  uint64_t seed = 0;
  int64_t step = 0;
};

// What one objective does with a batch: gradients are averaged over a group of batches before the optimiser steps.
struct Turn {
  size_t objective = 0;
  double share = 1;   // 1 / batches of the group
  bool first = true;  // of the group: gradients start at zero
  bool last = true;   // of the group: the optimiser steps
};

// Thrown out of trainStep when the flag of setInterrupt was seen; the batch has left no trace.
struct Interrupted {};

// One thread at a time. Throws NodeError where a node fails on the batch (shape, label out of range, LibTorch, a result
// that is not finite); a failed training step leaves weights, running statistics and optimiser as they were before,
// unless whole() says otherwise.
class Network {
 public:
  Network(program::Program program, const NetworkOptions& options);
  Network(Network&&) noexcept;
  ~Network();
  const program::Program& program() const;

  // Draws all weights in module order, byte-equal to torch.manual_seed(seed) and the same torch.nn modules.
  void initialise(uint64_t seed);
  // Scales the weights that begin by LSUV so that, on this batch, what their layers put out has variance 1 (Mishkin and
  // Matas 2015). Does nothing where there are none.
  void startFromData(const Feeds& feeds);
  std::vector<NamedTensor> weights() const;  // every state, by name, row-major
  // Throws Error{Input} that lists what is missing or has another shape; nothing is changed then.
  void setWeights(const std::vector<NamedTensor>& weights);

  void setObjectives(const std::vector<ObjectiveOptions>& objectives);
  void setLearningRate(size_t objective, double rate);  // groups keep their ratio to it
  void setMomentum(size_t objective, double momentum);  // of all groups; beta1 where the optimiser has one
  std::vector<NamedTensor> optimiserState() const;      // "exp_avg.conv1.weight", ...; of objective 1 "1/exp_avg..."
  // Throws Error{Input} naming what does not fit. Parameters that are not listed have never been stepped.
  void setOptimiserState(const std::vector<NamedTensor>& state);
  // Looked at between instructions; may be null. Must outlive its use.
  void setInterrupt(const std::atomic<bool>* flag);
  // Of the default generator of random numbers, which parity mode draws from.
  std::vector<uint8_t> generatorState() const;
  void setGeneratorState(const std::vector<uint8_t>& state);

  // Forward, backward and, at the end of a group of batches, one step of the optimiser, for each turn in their order.
  StepResult trainStep(const Feeds& feeds, const StepPlace& place, const std::vector<Turn>& turns = {Turn{}});
  void watchNext();  // the next training step tells the statistics of its nodes; they cost it a little time, no bit
  // False after a step that failed when weights had been changed: memory ran out in the optimiser, or a later turn of
  // the batch failed. What the network holds then belongs to no batch and must not be kept.
  bool whole() const;
  StepResult evaluate(const Feeds& feeds);              // evaluation mode, with the loss
  std::vector<HostTensor> predict(const Feeds& feeds);  // evaluation mode, outputs only
  // The same, but the first result of each op in the order of execution, by the name of its value.
  std::vector<NamedTensor> values(const Feeds& feeds);
  // Gradients of sum(output * weight) for checks: of every input and parameter, by name, in the given mode.
  std::vector<NamedTensor> gradients(const Feeds& feeds, const std::vector<HostTensor>& outputWeights, Mode mode,
                                     std::vector<HostTensor>* outputs);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace netwright::engine
