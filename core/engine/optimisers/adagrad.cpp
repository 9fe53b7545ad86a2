// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_fused_adagrad.h>
#include <ATen/ops/full_like.h>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Duchi et al. 2011 (JMLR 12), as torch.optim.Adagrad.
class Adagrad final : public Optimiser {
 public:
  explicit Adagrad(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"sum", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const override {
    if (name == 1) return deviceCounter(parameter);
    return at::full_like(parameter.detach(), number(group.params, "initial_accumulator_value"));
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    at::_foreach_add_(work.state[1], 1);
    at::_fused_adagrad_(work.parameters, work.gradients, work.state[0], work.state[1], group.rate,
                        number(p, "lr_decay"), number(p, "weight_decay"), number(p, "eps"), /*maximize=*/false);
  }
};

}  // namespace

OptimiserKind adagrad() { return {"adagrad", makeAs<Adagrad>}; }

}  // namespace netwright::engine::optimisers
