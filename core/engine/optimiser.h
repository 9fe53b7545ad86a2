// SPDX-License-Identifier: Apache-2.0
// What all optimisers over LibTorch tensors share; each is a file in core/engine/optimisers. Update rules and state
// names are PyTorch's. Internal to the engine.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
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
  // Computes the loss and the gradients anew for weights that have been moved, and gives the loss.
  using Evaluate = std::function<double()>;
  // Reads the gradients; parameters without one are left alone. `loss` belongs to them; only methods that look at the
  // loss more than once in a step read it and call `evaluate`. Without it these take one move along the gradients.
  virtual void step(double loss = 0, const Evaluate& evaluate = {});
  // The rate of the first group; those of the others keep their ratio to it.
  void setLearningRate(double rate);
  // Of all groups: beta1 where the method has one, else momentum; nothing where it has neither.
  void setMomentum(double momentum);
  double learningRate() const { return groups_.front().rate; }
  void zeroGradients();
  std::vector<at::Tensor> parameters() const;  // of all groups, in the order of `State::parameter`

  struct State {
    std::string name;  // as in PyTorch: "exp_avg", "exp_avg_sq", "momentum_buffer", "square_avg", "step"
    size_t parameter;
    at::Tensor tensor;
  };
  virtual std::vector<State> state() const;  // of the parameters that have been stepped
  virtual void restore(const std::vector<State>& state);
  // Whether a state of that name and shape can belong to these parameters: a number, or as the parameter.
  virtual bool fits(const State& state) const;

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
  virtual at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const = 0;
  // `first`: none of these slots has been stepped before.
  virtual void update(const Group& group, Work& work, bool first) = 0;

  std::vector<Group> groups_;

 private:
  void step(Group& group, bool first);
  bool stepAgain(Group& group);  // with the lists of the step before; false where they do not serve
  void carryOut(const Group& group, Work& work, bool first);
};

// One method: a file in core/engine/optimisers has a function that returns it. Throws Error{Input} for settings that
// exclude each other.
struct OptimiserKind {
  std::string id;  // of run::optimisers()
  std::unique_ptr<Optimiser> (*make)(std::vector<OptimiserGroup> groups);
};
template <class T>
std::unique_ptr<Optimiser> makeAs(std::vector<OptimiserGroup> groups) {
  return std::make_unique<T>(std::move(groups));
}
std::unique_ptr<Optimiser> makeOptimiser(const std::string& kind, std::vector<OptimiserGroup> groups);

// As torch.nn.utils.clip_grad_norm_ and clip_grad_value_. clipNorm returns the norm before.
double clipNorm(const std::vector<at::Tensor>& parameters, double limit);
void clipValue(const std::vector<at::Tensor>& parameters, double limit);

}  // namespace netwright::engine
