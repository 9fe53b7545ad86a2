// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_foreach_abs.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_maximum.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Kingma and Ba 2015, arXiv:1412.6980, section 7.1, as torch.optim.Adamax.
class Adamax final : public Optimiser {
 public:
  explicit Adamax(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg", "exp_inf", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group&, const at::Tensor& parameter) const override {
    return name == 2 ? scalar(0) : at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double beta1 = number(p, "beta1");
    Tensors &mean = work.state[0], &largest = work.state[1];
    std::vector<at::Scalar> rates;
    countSteps(work.state[2], [&](double step) { rates.emplace_back(-group.rate / (1 - std::pow(beta1, step))); });
    const Tensors g = decayed(work.parameters, work.gradients, number(p, "weight_decay"), group.rate, false);
    at::_foreach_lerp_(mean, g, 1 - beta1);
    Tensors size = at::_foreach_abs(g);
    at::_foreach_add_(size, number(p, "eps"));
    at::_foreach_mul_(largest, number(p, "beta2"));
    at::_foreach_maximum_(largest, size);
    at::_foreach_addcdiv_(work.parameters, mean, largest, rates);
  }
};

}  // namespace

OptimiserKind adamax() { return {"adamax", makeAs<Adamax>}; }

}  // namespace netwright::engine::optimisers
