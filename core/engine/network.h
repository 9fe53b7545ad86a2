// SPDX-License-Identifier: Apache-2.0
// A program with its weights on a device: initialise, train, evaluate. Torch-free to include; the engine's public face.
#pragma once

#include <cstdint>
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
};

struct OptimiserOptions {
  std::string kind;
  Attributes params;             // complete
  std::string parameters = "*";  // pattern over state names
};

// One tensor per input of the program, in its order; null for targets where no loss is computed. Batch dimension first.
using Feeds = std::vector<const HostTensor*>;

struct StepResult {
  double loss = 0;                  // weighted sum over the terms, mean over the batch
  std::vector<HostTensor> outputs;  // of the program, float32, row-major
};

// One thread at a time. Throws NodeError where a node fails on the batch (shape, label out of range, LibTorch).
class Network {
 public:
  Network(program::Program program, const NetworkOptions& options);
  Network(Network&&) noexcept;
  ~Network();
  const program::Program& program() const;

  // Draws all weights in module order, byte-equal to torch.manual_seed(seed) and the same torch.nn modules.
  void initialise(uint64_t seed);
  std::vector<NamedTensor> weights() const;  // every state, by name, row-major
  // Throws Error{Input} that lists what is missing or has another shape; nothing is changed then.
  void setWeights(const std::vector<NamedTensor>& weights);

  void setOptimiser(const OptimiserOptions& options);
  void setLearningRate(double rate);
  std::vector<NamedTensor> optimiserState() const;  // "exp_avg.conv1.weight", ...

  // Forward, backward and one step of the optimiser in training mode. (seed, step) decides all randomness.
  StepResult trainStep(const Feeds& feeds, uint64_t seed, int64_t step);
  StepResult evaluate(const Feeds& feeds);              // evaluation mode, with the loss
  std::vector<HostTensor> predict(const Feeds& feeds);  // evaluation mode, outputs only
  // Gradients of sum(output * weight) for checks: of every input and parameter, by name, in the given mode.
  std::vector<NamedTensor> gradients(const Feeds& feeds, const std::vector<HostTensor>& outputWeights, Mode mode,
                                     std::vector<HostTensor>* outputs);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace netwright::engine
