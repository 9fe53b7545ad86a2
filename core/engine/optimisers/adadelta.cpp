// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/zeros_like.h>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Zeiler 2012, arXiv:1212.5701, as torch.optim.Adadelta.
class Adadelta final : public Optimiser {
 public:
  explicit Adadelta(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"square_avg", "acc_delta", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group&, const at::Tensor& parameter) const override {
    return name == 2 ? scalar(0) : at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const double rho = number(p, "rho"), eps = number(p, "eps");
    Tensors &squares = work.state[0], &moves = work.state[1];
    countSteps(work.state[2], [](double) {});
    const Tensors g = decayed(work.parameters, work.gradients, number(p, "weight_decay"), group.rate, false);
    at::_foreach_mul_(squares, rho);
    at::_foreach_addcmul_(squares, g, g, 1 - rho);
    Tensors size = at::_foreach_add(squares, eps), change = at::_foreach_add(moves, eps);
    at::_foreach_sqrt_(size);
    at::_foreach_sqrt_(change);
    at::_foreach_div_(change, size);
    at::_foreach_mul_(change, g);
    at::_foreach_mul_(moves, rho);
    at::_foreach_addcmul_(moves, change, change, 1 - rho);
    at::_foreach_add_(work.parameters, change, -group.rate);
  }
};

}  // namespace

OptimiserKind adadelta() { return {"adadelta", makeAs<Adadelta>}; }

}  // namespace netwright::engine::optimisers
