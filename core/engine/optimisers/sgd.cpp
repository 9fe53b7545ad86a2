// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// As torch.optim.SGD: the first momentum buffer is the gradient itself.
class Sgd final : public Optimiser {
 public:
  explicit Sgd(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {
    for (const Group& g : groups_)
      if (flag(g.params, "nesterov") && (number(g.params, "momentum") <= 0 || number(g.params, "dampening") != 0))
        failInput("SGD with nesterov needs momentum above 0 and dampening 0.",
                  fmt::format("They are {} and {}.", number(g.params, "momentum"), number(g.params, "dampening")),
                  "Set momentum to 0.9, or switch nesterov off.");
  }

 private:
  const Names& stateNames() const override {
    static const Names kNames{"momentum_buffer"};
    return kNames;
  }
  at::Tensor freshState(size_t, const Group& group, const at::Tensor& parameter) const override {
    return number(group.params, "momentum") > 0 ? at::zeros_like(parameter.detach()) : at::Tensor();
  }
  void update(const Group& group, Work& work, bool first) override {
    const Attributes& p = group.params;
    const double momentum = number(p, "momentum");
    at::_fused_sgd_(work.parameters, work.gradients, momentum > 0 ? at::TensorList(work.state[0]) : at::TensorList(),
                    number(p, "weight_decay"), momentum, group.rate, number(p, "dampening"), flag(p, "nesterov"),
                    /*maximize=*/false, first);
  }
};

}  // namespace

OptimiserKind sgd() { return {"sgd", makeAs<Sgd>}; }

}  // namespace netwright::engine::optimisers
