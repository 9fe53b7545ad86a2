// SPDX-License-Identifier: Apache-2.0
// Margins around the last dimensions.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// pad lists (left, right) from the last dimension on. Only constants may be negative, which cuts off.
void pad(OpCall& call) {
  TensorType out = call.tensor("self");
  const Shape pads = call.ints("pad");
  const std::string mode = call.text("mode");
  const size_t dims = pads.size() / 2;
  const auto refuse = [&](const std::string& problem) { requireParam(call, false, "padding", problem); };
  if ((mode == "reflect" || mode == "replicate") && !requireNumber(call, "self")) return;
  if (pads.size() % 2 != 0) return refuse("must name two margins for each dimension");
  if (dims > out.shape.size())
    return refuse("names margins of " + std::to_string(dims) + " dimensions, but the input is " + text(out.shape));
  for (size_t i = 0; i < dims; ++i) {
    Dim& size = out.shape[out.shape.size() - 1 - i];
    for (const Dim& margin : {pads[2 * i], pads[2 * i + 1]}) {
      if (mode == "reflect" && size.atLeast(margin + Dim(1)) == Answer::No)
        return refuse("reflects " + margin.text() + " values, which must be fewer than the " + size.text() +
                      " there are");
      if (mode == "circular" && margin.atLeast(0) == Answer::No)
        return refuse("must not be negative in this mode, but is " + margin.text());
      if (mode == "circular" && size.atLeast(margin) == Answer::No)
        return refuse("repeats " + margin.text() + " values, but there are only " + size.text());
    }
    size = size + pads[2 * i] + pads[2 * i + 1];
    if (size.atLeast(mode == "constant" ? 0 : 1) == Answer::No)
      return refuse("cuts off more than there is: " + size.text() + " values would be left");
  }
  // The kernels of the other modes know images only: one batch and channel dimension before the padded ones.
  if (mode != "constant" && (out.shape.size() < dims + 1 || out.shape.size() > dims + 2))
    return refuse("of this mode needs " + std::to_string(dims + 2) + " dimensions (N, C and the padded ones), not " +
                  text(call.shape("self")));
  call.result(std::move(out));
}

}  // namespace

std::vector<OpInfo> padding() {
  return {row("aten::pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor", pad)};
}

}  // namespace netwright::program::ops
