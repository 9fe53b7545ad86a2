// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Dozat 2016, "Incorporating Nesterov Momentum into Adam", as torch.optim.NAdam.
class NAdam final : public Optimiser {
 public:
  explicit NAdam(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg", "exp_avg_sq", "step", "mu_product"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group&, const at::Tensor& parameter) const override {
    if (name >= 2) return scalar(name == 3 ? 1 : 0);
    return at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double beta1 = number(p, "beta1"), beta2 = number(p, "beta2"), slowing = number(p, "momentum_decay");
    Tensors &mean = work.state[0], &square = work.state[1];
    const auto momentumOf = [&](double step) { return beta1 * (1 - 0.5 * std::pow(0.96, step * slowing)); };
    std::vector<at::Scalar> corrections, ofGradient, ofMean;
    auto product = work.state[3].begin();
    countSteps(work.state[2], [&](double step) {
      const double mu = momentumOf(step), next = momentumOf(step + 1);
      const double all = valueOf((product++)->mul_(mu));
      corrections.emplace_back(std::sqrt(1 - std::pow(beta2, step)));
      ofGradient.emplace_back(-group.rate * (1 - mu) / (1 - all));
      ofMean.emplace_back(-group.rate * next / (1 - all * next));
    });
    const Tensors g = decayed(work.parameters, work.gradients, number(p, "weight_decay"), group.rate,
                              flag(p, "decoupled_weight_decay"));
    at::_foreach_lerp_(mean, g, 1 - beta1);
    at::_foreach_mul_(square, beta2);
    at::_foreach_addcmul_(square, g, g, 1 - beta2);
    Tensors size = at::_foreach_sqrt(square);
    at::_foreach_div_(size, corrections);
    at::_foreach_add_(size, number(p, "eps"));
    at::_foreach_addcdiv_(work.parameters, g, size, ofGradient);
    at::_foreach_addcdiv_(work.parameters, mean, size, ofMean);
  }
};

}  // namespace

OptimiserKind nadam() { return {"nadam", makeAs<NAdam>}; }

}  // namespace netwright::engine::optimisers
