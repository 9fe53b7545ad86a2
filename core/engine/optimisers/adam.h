// SPDX-License-Identifier: Apache-2.0
// Kingma and Ba 2015, arXiv:1412.6980, and with decoupled decay Loshchilov and Hutter 2019, arXiv:1711.05101, as
// torch.optim.Adam and AdamW compute them. Used by adam.cpp and adamw.cpp.
#pragma once

#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros_like.h>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {

class Adam : public Optimiser {
 public:
  explicit Adam(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  virtual bool decoupled(const Attributes& params) const { return flag(params, "decoupled_weight_decay"); }
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg", "exp_avg_sq", "step", "max_exp_avg_sq"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const override {
    if (name == 3 && !flag(group.params, "amsgrad")) return {};
    return name == 2 ? deviceCounter(parameter) : at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const bool amsgrad = flag(p, "amsgrad");
    at::_foreach_add_(work.state[2], 1);
    const at::TensorList largest = amsgrad ? at::TensorList(work.state[3]) : at::TensorList();
    const auto step = [&](auto kernel) {
      kernel(work.parameters, work.gradients, work.state[0], work.state[1], largest, work.state[2], group.rate,
             number(p, "beta1"), number(p, "beta2"), number(p, "weight_decay"), number(p, "eps"), amsgrad,
             /*maximize=*/false);
    };
    if (decoupled(p))
      step([](auto&&... a) { at::_fused_adamw_(a...); });
    else
      step([](auto&&... a) { at::_fused_adam_(a...); });
  }
};

}  // namespace netwright::engine::optimisers
