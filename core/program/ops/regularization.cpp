// SPDX-License-Identifier: Apache-2.0
// Noise against learning by heart.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// Whole channels are hidden: there must be some.
void channels(OpCall& call) {
  if (requireRank(call, "input", 2, 8, "N, C, *")) sameAsFloatInput(call);
}

}  // namespace

std::vector<OpInfo> regularization() {
  std::vector<OpInfo> rows{row("aten::alpha_dropout(Tensor input, float p, bool train) -> Tensor", sameAsFloatInput),
                           row("aten::dropout(Tensor input, float p, bool train) -> Tensor", sameAsFloatInput),
                           row("aten::feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor", channels),
                           row("aten::feature_dropout(Tensor input, float p, bool train) -> Tensor", channels)};
  for (OpInfo& info : rows) info.random = true;
  return rows;
}

}  // namespace netwright::program::ops
