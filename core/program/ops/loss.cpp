// SPDX-License-Identifier: Apache-2.0
// Losses: one number from outputs and targets.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

std::map<std::string, std::string> sizesOf(const OpCall& call) {
  return {{"outputs", text(call.shape("self"))}, {"targets", text(call.shape("target"))}};
}

// `argument` holds one weight for each of `expected`.
bool weightsFit(OpCall& call, const char* argument, const Dim& expected) {
  const Dim received = product(call.shape(argument));
  return call.requireEqual(received, expected, "NW-P008",
                           {{"param", argument}, {"received", received.text()}, {"expected", expected.text()}});
}

// Class numbers as targets: self (N, C) or (N, C, d...), target (N) or (N, d...). Result: one number.
void classes(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 2, 8, "N, C, *")) return;
  const Shape &scores = call.shape("self"), &target = call.shape("target");
  if (call.tensor("target").dtype != DType::Int64)
    return call.fail("NW-S025", {{"received", name(call.tensor("target").dtype)}});
  if (target.size() + 1 != scores.size()) return call.fail("NW-S008", sizesOf(call));
  for (size_t i = 0; i < target.size(); ++i)
    if (!call.requireEqual(target[i], scores[i == 0 ? 0 : i + 1], "NW-S008", sizesOf(call))) return;
  if (call.has("weight") && !weightsFit(call, "weight", scores[1])) return;
  call.result({call.tensor("self").dtype, {}});
}

// Numbers as targets, of the very sizes of the outputs: ATen would broadcast (4, 1) against (4) without a word.
bool sameSizes(OpCall& call) {
  if (!requireFloat(call, "self")) return false;
  if (!isFloating(call.tensor("target").dtype)) {
    call.fail("NW-S026", {{"received", name(call.tensor("target").dtype)}});
    return false;
  }
  const Shape &output = call.shape("self"), &target = call.shape("target");
  if (output.size() != target.size()) {
    call.fail("NW-S027", sizesOf(call));
    return false;
  }
  for (size_t i = 0; i < output.size(); ++i)
    if (!call.requireEqual(output[i], target[i], "NW-S027", sizesOf(call))) return false;
  return true;
}

void numbers(OpCall& call) {
  if (sameSizes(call)) call.result({call.tensor("self").dtype, {}});
}

void binaryCrossEntropy(OpCall& call) {
  if (!sameSizes(call)) return;
  const Shape& output = call.shape("self");
  const bool weighted = call.has("pos_weight") && call.shape("pos_weight") != Shape{1};
  if (weighted && !weightsFit(call, "pos_weight", output.empty() ? Dim(1) : output.back())) return;
  call.result({call.tensor("self").dtype, {}});
}

}  // namespace

std::vector<OpInfo> loss() {
  return {row("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? "
              "pos_weight=None, int reduction=1) -> Tensor",
              binaryCrossEntropy),
          row("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
              "ignore_index=-100, float label_smoothing=0.) -> Tensor",
              classes),
          row("aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor", numbers),
          row("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", numbers),
          row("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", numbers),
          row("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
              "ignore_index=-100) -> Tensor",
              classes)};
}

}  // namespace netwright::program::ops
