// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/full_like.h>
#include <ATen/ops/ones_like.h>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Riedmiller and Braun 1993, as torch.optim.Rprop: steps grow while the sign of the gradient stays and shrink where it
// changes, and there the weight waits.
class Rprop final : public Optimiser {
 public:
  explicit Rprop(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"prev", "step_size", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const override {
    if (name == 2) return scalar(0);
    return at::full_like(parameter.detach(), name == 1 ? group.rate : 0);
  }
  void update(const Group& group, Work& work, bool) override {
    const std::vector<double> etas = numbers(group.params.at("etas")).value(),
                              limits = numbers(group.params.at("step_sizes")).value();
    countSteps(work.state[2], [](double) {});
    for (size_t i = 0; i < work.parameters.size(); ++i) {
      at::Tensor &before = work.state[0][i], &size = work.state[1][i];
      const at::Tensor agreement = work.gradients[i].mul(before), turned = agreement.lt(0);
      at::Tensor scale = at::ones_like(size);
      scale.masked_fill_(turned, etas[0]).masked_fill_(agreement.gt(0), etas[1]);
      size.mul_(scale).clamp_(limits[0], limits[1]);
      before.copy_(work.gradients[i].masked_fill(turned, 0));
      work.parameters[i].addcmul_(before.sign(), size, -1);
    }
  }
};

}  // namespace

OptimiserKind rprop() { return {"rprop", makeAs<Rprop>}; }

}  // namespace netwright::engine::optimisers
