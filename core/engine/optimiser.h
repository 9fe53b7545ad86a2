// SPDX-License-Identifier: Apache-2.0
// Optimisers over LibTorch tensors, fused into one pass. Update rules and state names are PyTorch's. Internal to the
// engine.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/attribute.h"

namespace netwright::engine {

// Owns its state, one tensor per parameter and name, with the parameter's strides. One thread.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  virtual void step() = 0;  // reads the gradients; parameters without one are left alone
  void setLearningRate(double rate) { rate_ = rate; }
  double learningRate() const { return rate_; }
  void zeroGradients();
  struct State {
    std::string name;  // "exp_avg", "exp_avg_sq", "momentum_buffer", "step"
    size_t parameter;
    at::Tensor tensor;
  };
  virtual std::vector<State> state() const = 0;

 protected:
  Optimiser(std::vector<at::Tensor> parameters, double rate) : parameters_(std::move(parameters)), rate_(rate) {}
  // The parameters that have gradients, and those; checks the strides, because fused kernels do not.
  struct Work {
    std::vector<at::Tensor> parameters, gradients;
    std::vector<size_t> indices;
  };
  Work gather() const;
  static void bumpVersions(const std::vector<at::Tensor>& parameters);  // fused kernels write without telling autograd
  std::vector<at::Tensor> parameters_;
  double rate_;
};

// kind: an id of run::optimisers(); params complete.
std::unique_ptr<Optimiser> makeOptimiser(const std::string& kind, const Attributes& params,
                                         std::vector<at::Tensor> parameters);

}  // namespace netwright::engine
