// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Polyak and Juditsky 1992, as torch.optim.ASGD. The average of the weights is kept in the state "ax"; the weights
// themselves are trained.
class Asgd final : public Optimiser {
 public:
  explicit Asgd(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"ax", "eta", "mu", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const override {
    if (name == 0) return at::zeros_like(parameter.detach());
    return scalar(name == 1 ? group.rate : name == 2 ? 1 : 0);
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double pull = number(p, "lambd"), decay = number(p, "weight_decay"), rate = group.rate;
    size_t i = 0;
    countSteps(work.state[3], [&](double step) {
      at::Tensor &w = work.parameters[i], &mean = work.state[0][i], &eta = work.state[1][i], &mu = work.state[2][i];
      const double now = valueOf(eta), share = valueOf(mu);
      const at::Tensor g = decay == 0 ? work.gradients[i] : work.gradients[i].add(w, decay);
      w.mul_(1 - pull * now).add_(g, -now);
      if (share == 1)
        mean.copy_(w);
      else
        mean.add_(w.sub(mean), share);
      eta.fill_(rate / std::pow(1 + pull * rate * step, number(p, "alpha")));
      mu.fill_(1 / std::max(1.0, step - number(p, "t0")));
      ++i;
    });
  }
};

}  // namespace

OptimiserKind asgd() { return {"asgd", makeAs<Asgd>}; }

}  // namespace netwright::engine::optimisers
