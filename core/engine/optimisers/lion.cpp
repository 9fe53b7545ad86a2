// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_sign.h>
#include <ATen/ops/zeros_like.h>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Chen et al. 2023, arXiv:2302.06675, Program 1. PyTorch has no such class; the names of its state are as of Adam.
class Lion final : public Optimiser {
 public:
  explicit Lion(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg"};
    return kNames;
  }
  at::Tensor freshState(size_t, const Group&, const at::Tensor& parameter) const override {
    return at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double decay = number(p, "weight_decay");
    Tensors direction = at::_foreach_lerp(work.state[0], work.gradients, 1 - number(p, "beta1"));
    at::_foreach_sign_(direction);
    // As the paper has it: 1 - rate · decay as a factor would be rounded to float32, the same way in each step.
    if (decay != 0) at::_foreach_add_(direction, work.parameters, decay);
    at::_foreach_add_(work.parameters, direction, -group.rate);
    at::_foreach_lerp_(work.state[0], work.gradients, 1 - number(p, "beta2"));
  }
};

}  // namespace

OptimiserKind lion() { return {"lion", makeAs<Lion>}; }

}  // namespace netwright::engine::optimisers
