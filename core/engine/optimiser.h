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

// Parameters that share their settings.
struct OptimiserGroup {
  std::vector<at::Tensor> parameters;
  Attributes params;  // complete
};

// Owns its state: tensors per parameter and name, with the parameter's strides. One thread.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  void step();  // reads the gradients; parameters without one are left alone
  // The rate of the first group; those of the others keep their ratio to it.
  void setLearningRate(double rate);
  double learningRate() const { return groups_.front().rate; }
  void zeroGradients();
  std::vector<at::Tensor> parameters() const;  // of all groups, in the order of `State::parameter`

  struct State {
    std::string name;  // as in PyTorch: "exp_avg", "exp_avg_sq", "momentum_buffer", "square_avg", "step"
    size_t parameter;
    at::Tensor tensor;
  };
  std::vector<State> state() const;  // of the parameters that have been stepped
  void restore(const std::vector<State>& state);

 protected:
  struct Slot {
    at::Tensor parameter;
    std::vector<at::Tensor> state;  // by stateNames(), some undefined; empty before the first step
  };
  // Lists that a fused kernel takes: the slots that have gradients, and those. Fused kernels do not check strides, so
  // gradients are brought to those of the weights.
  struct Work {
    std::vector<at::Tensor> parameters, gradients;
    std::vector<std::vector<at::Tensor>> state;  // [name][slot]
  };
  struct Group {
    std::vector<Slot> slots;
    Attributes params;
    double rate = 0, initialRate = 0;
    Work work;  // of all slots, once each has been stepped: saves making the lists again; no gradients between steps
  };
  explicit Optimiser(std::vector<OptimiserGroup> groups);
  using Names = std::vector<std::string>;
  virtual const Names& stateNames() const = 0;
  // Before the first step; undefined if these settings do not need it.
  virtual at::Tensor freshState(size_t name, const Attributes& params, const at::Tensor& parameter) const = 0;
  // `first`: none of these slots has been stepped before.
  virtual void update(const Group& group, Work& work, bool first) = 0;

  std::vector<Group> groups_;

 private:
  void step(Group& group, bool first);
  bool stepAgain(Group& group);  // with the lists of the step before; false where they do not serve
  void carryOut(const Group& group, Work& work, bool first);
};

// kind: an id of run::optimisers(). Throws Error{Input} for settings that exclude each other.
std::unique_ptr<Optimiser> makeOptimiser(const std::string& kind, std::vector<OptimiserGroup> groups);

// As torch.nn.utils.clip_grad_norm_ and clip_grad_value_. clipNorm returns the norm before.
double clipNorm(const std::vector<at::Tensor>& parameters, double limit);
void clipValue(const std::vector<at::Tensor>& parameters, double limit);

}  // namespace netwright::engine
