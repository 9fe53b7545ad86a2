// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Liu et al. 2019, arXiv:1908.03265, as torch.optim.RAdam: as long as the variance of the adaptation is not tractable,
// a step of plain momentum.
class RAdam final : public Optimiser {
 public:
  explicit RAdam(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg", "exp_avg_sq", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group&, const at::Tensor& parameter) const override {
    return name == 2 ? scalar(0) : at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double beta1 = number(p, "beta1"), beta2 = number(p, "beta2"), end = 2 / (1 - beta2) - 1;
    Tensors &mean = work.state[0], &square = work.state[1];
    std::vector<at::Scalar> plain, adapted;  // one of the two is 0 for each weight
    countSteps(work.state[2], [&](double step) {
      const double correction = 1 - std::pow(beta2, step);
      const double length = end - 2 * step * std::pow(beta2, step) / correction;
      const double rate = -group.rate / (1 - std::pow(beta1, step));
      const bool tractable = length > 5;
      const double rectified =
          tractable ? std::sqrt((length - 4) * (length - 2) * end / ((end - 4) * (end - 2) * length)) : 0;
      plain.emplace_back(tractable ? 0.0 : rate);
      adapted.emplace_back(rate * std::sqrt(correction) * rectified);
    });
    const Tensors g = decayed(work.parameters, work.gradients, number(p, "weight_decay"), group.rate,
                              flag(p, "decoupled_weight_decay"));
    at::_foreach_lerp_(mean, g, 1 - beta1);
    at::_foreach_mul_(square, beta2);
    at::_foreach_addcmul_(square, g, g, 1 - beta2);
    for (size_t i = 0; i < work.parameters.size(); ++i) {
      at::Tensor& w = work.parameters[i];
      if (plain[i].toDouble() != 0)
        w.add_(mean[i], plain[i]);
      else
        w.addcdiv_(mean[i], square[i].sqrt().add_(number(p, "eps")), adapted[i]);
    }
  }
};

}  // namespace

OptimiserKind radam() { return {"radam", makeAs<RAdam>}; }

}  // namespace netwright::engine::optimisers
