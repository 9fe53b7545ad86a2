// SPDX-License-Identifier: Apache-2.0
// Noise against learning by heart.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void dropout(OpCall& call) {
  if (requireFloat(call, "input")) call.result(call.tensor("input"));
}

}  // namespace

std::vector<OpInfo> regularization() {
  OpInfo drop = row("aten::dropout(Tensor input, float p, bool train) -> Tensor", dropout);
  drop.random = true;
  return {drop};
}

}  // namespace netwright::program::ops
