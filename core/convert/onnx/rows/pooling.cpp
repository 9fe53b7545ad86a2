// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows, and over whole dimensions.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// The windows of a pool; margins at both ends of height and width.
struct Windows {
  Ints kernel, stride, begin, end;
  Ints pads() const { return {begin[0], begin[1], end[0], end[1]}; }
  Ints imagePads() const { return {0, 0, begin[0], begin[1], 0, 0, end[0], end[1]}; }  // of Pad, for (N, C, H, W)
};

// PyTorch's ceil_mode drops a window that starts in the right padding, readers of ONNX differ in it: so the margin that
// the last window needs is written, and no ceil_mode.
Windows windows(OpPrinter& p, const Ints& dilation) {
  Windows w{p.pair("kernel_size"), {}, p.pair("padding"), p.pair("padding")};
  w.stride = p.ints("stride").empty() ? w.kernel : p.pair("stride");
  const program::Shape &in = p.shape("self"), &out = p.resultShape();
  for (size_t i = 0; i < 2; ++i) {
    const auto size = in[2 + i].constant(), count = out[2 + i].constant();
    if (!p.flag("ceil_mode") || !size || !count) continue;
    const int64_t reach = (*count - 1) * w.stride[i] + dilation[i] * (w.kernel[i] - 1) + 1;
    w.end[i] = std::max(w.begin[i], reach - *size - w.begin[i]);
  }
  return w;
}

void maxPool2d(OpPrinter& p) {
  const Ints dilation = p.pair("dilation");
  Windows w = windows(p, dilation);
  std::string x = p.tensor("self");
  if (w.end[0] >= w.kernel[0] || w.end[1] >= w.kernel[1]) {  // more than ONNX Runtime allows: an own node makes it
    const std::string margins = p.integers("pads", w.imagePads());
    x = p.node("Pad", {x, margins, p.number("lowest", -std::numeric_limits<float>::infinity())}, "padded");
    w.begin = w.end = {0, 0};
  }
  p.result("MaxPool", {x},
           {{"dilations", dilation}, {"kernel_shape", w.kernel}, {"pads", w.pads()}, {"strides", w.stride}});
}

// PyTorch counts its padding if told to, but never the margin that only ceil_mode needs.
void avgPool2d(OpPrinter& p) {
  Windows w = windows(p, {1, 1});
  const Ints padding = p.pair("padding");
  const bool fixedDivisor = !std::holds_alternative<None>(argument(p.op(), "divisor_override"));
  bool counted = fixedDivisor || p.flag("count_include_pad");
  std::string x = p.tensor("self");
  if (counted && !fixedDivisor &&
      w.end != padding) {  // the padding as real zeros, the rest as margin that is not counted
    const Windows zeros{{}, {}, padding, padding};
    x = p.node("Pad", {x, p.integers("pads", zeros.imagePads()), p.number("zero", 0)}, "padded");
    w.end = {w.end[0] - padding[0], w.end[1] - padding[1]};
    w.begin = {0, 0};
    counted = false;
  }
  const std::vector<Attribute> attributes{
      {"count_include_pad", int64_t{counted}}, {"kernel_shape", w.kernel}, {"pads", w.pads()}, {"strides", w.stride}};
  if (!fixedDivisor) return p.result("AveragePool", {x}, attributes);
  const double share =
      static_cast<double>(w.kernel[0] * w.kernel[1]) / static_cast<double>(p.integer("divisor_override"));
  p.result("Mul", {p.node("AveragePool", {x}, "mean", attributes), p.number("share", static_cast<float>(share))});
}

// Windows of one size where the output divides the input; the mean of all for 1 x 1.
void adaptiveAvgPool2d(OpPrinter& p) {
  const Ints out = p.pair("output_size");
  if (out == Ints{1, 1}) return p.result("GlobalAveragePool", {p.tensor("self")});
  const program::Shape& in = p.shape("self");
  const Ints window{*in[2].constant() / out[0], *in[3].constant() / out[1]};
  p.result("AveragePool", {p.tensor("self")}, {{"kernel_shape", window}, {"strides", window}});
}

void meanOfDims(OpPrinter& p) { p.mean(p.tensor("self"), p.ints("dim"), p.flag("keepdim"), ""); }

Refusal refuseAdaptive(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  const program::Shape& out = program.tensorType(op.results[0]).shape;
  if (in.size() != 4) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (out[2] == program::Dim(1) && out[3] == program::Dim(1)) return std::nullopt;
  for (size_t i = 2; i < 4; ++i)
    if (const auto size = in[i].constant(); !size || *size % *out[i].constant() != 0)
      return fmt::format("its windows have one size only where the output divides the input, but {} becomes {}",
                         program::text(in), program::text(out));
  return std::nullopt;
}

Refusal refusePool2d(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in.size() != 4) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (!std::get<bool>(argument(op, "ceil_mode")) || (in[2].constant() && in[3].constant())) return std::nullopt;
  return "ceil_mode needs an image of a known size";
}

}  // namespace

Rows pooling() {
  return {{"adaptive_avg_pool2d", {adaptiveAvgPool2d, refuseAdaptive}},
          {"avg_pool2d", {avgPool2d, refusePool2d}},
          {"max_pool2d", {maxPool2d, refusePool2d}},
          {"mean.dim", {meanOfDims}}};
}

}  // namespace netwright::convert::onnx::rows
