// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows.
#include <fmt/format.h>

#include <limits>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// PyTorch's ceil_mode drops a window that starts in the right padding, readers of ONNX differ in it: so the margin that
// the last window needs is written, and no ceil_mode.
void maxPool2d(OpPrinter& p) {
  const Ints kernel = p.pair("kernel_size"), dilation = p.pair("dilation"), pad = p.pair("padding");
  const Ints stride = p.ints("stride").empty() ? kernel : p.pair("stride");
  const program::Shape &in = p.shape("self"), &out = p.resultShape();
  Ints end = pad;
  for (size_t i = 0; i < 2; ++i) {
    const auto size = in[2 + i].constant(), windows = out[2 + i].constant();
    if (!p.flag("ceil_mode") || !size || !windows) continue;
    const int64_t reach = (*windows - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
    end[i] = std::max(pad[i], reach - *size - pad[i]);
  }
  Ints pads{pad[0], pad[1], end[0], end[1]};
  std::string x = p.tensor("self");
  if (end[0] >= kernel[0] || end[1] >= kernel[1]) {  // more than ONNX Runtime allows: an own node makes the margin
    const std::string margins = p.integers("pads", {0, 0, pad[0], pad[1], 0, 0, end[0], end[1]});
    x = p.node("Pad", {x, margins, p.number("lowest", -std::numeric_limits<float>::infinity())}, "padded");
    pads = {0, 0, 0, 0};
  }
  p.result("MaxPool", {x}, {{"dilations", dilation}, {"kernel_shape", kernel}, {"pads", pads}, {"strides", stride}});
}

Refusal refuseMaxPool2d(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in.size() != 4) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (!std::get<bool>(argument(op, "ceil_mode")) || (in[2].constant() && in[3].constant())) return std::nullopt;
  return "ceil_mode needs an image of a known size";
}

}  // namespace

Rows pooling() { return {{"max_pool2d", {maxPool2d, refuseMaxPool2d}}}; }

}  // namespace netwright::convert::onnx::rows
