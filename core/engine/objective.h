// SPDX-License-Identifier: Apache-2.0
// One objective of a network at work: its parameters, their optimiser and how gradients are clipped. Internal to the
// engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/engine/network.h"
#include "core/engine/optimiser.h"

namespace netwright::engine {

struct NamedParameter {
  std::string name;
  at::Tensor tensor;
};

class Objective {
 public:
  // `all`: every parameter of the network. Throws Error{Input} if the pattern chooses none.
  Objective(const ObjectiveOptions& options, const std::vector<NamedParameter>& all);

  void zeroGradients() { optimiser_->zeroGradients(); }
  // Adds the gradients of `loss` to those of this objective's parameters, and to no other's.
  void backward(const at::Tensor& loss);
  // Clips, then steps. `loss` belongs to the gradients; `evaluate` computes it anew with their gradients, from zero.
  void step(double loss, const Optimiser::Evaluate& evaluate);
  void setLearningRate(double rate) { optimiser_->setLearningRate(rate); }
  void setMomentum(double momentum) { optimiser_->setMomentum(momentum); }

  // "exp_avg.conv1.weight", ...
  std::vector<NamedTensor> state() const;
  // Throws Error{Input} naming a tensor that does not belong here or has another shape.
  void restore(const std::vector<NamedTensor>& state);

 private:
  void clip();

  std::vector<std::string> names_;  // of the optimiser's parameters, in its order
  std::vector<at::Tensor> parameters_;
  std::unique_ptr<Optimiser> optimiser_;
  double clipNorm_, clipValue_;
  bool everything_;  // no parameter of the network belongs to another
};

// Of all objectives together; names of the second one begin with "1/" and so on. restore() throws as theirs does.
std::vector<NamedTensor> stateOf(const std::vector<Objective>& objectives);
void restore(std::vector<Objective>& objectives, const std::vector<NamedTensor>& state);

}  // namespace netwright::engine
