// SPDX-License-Identifier: Apache-2.0
// Losses: one number from scores and targets.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// Class numbers as targets: self (N, C) or (N, C, d...), target (N) or (N, d...). Result: one number.
void crossEntropy(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 2, 5, "N, C, *")) return;
  const Shape &scores = call.shape("self"), &target = call.shape("target");
  const std::map<std::string, std::string> sizes{{"outputs", text(scores)}, {"targets", text(target)}};
  if (call.tensor("target").dtype != DType::Int64)
    return call.fail("NW-S007",
                     {{"expected", "int64 (class numbers)"}, {"received", name(call.tensor("target").dtype)}});
  if (target.size() + 1 != scores.size()) return call.fail("NW-S008", sizes);
  for (size_t i = 0; i < target.size(); ++i)
    if (!call.requireEqual(target[i], scores[i == 0 ? 0 : i + 1], "NW-S008", sizes)) return;
  call.result({call.tensor("self").dtype, {}});
}

}  // namespace

std::vector<OpInfo> loss() {
  return {
      row("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
          "ignore_index=-100, float label_smoothing=0.) -> Tensor",
          crossEntropy)};
}

}  // namespace netwright::program::ops
