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

// As many numbers as the window has dimensions; one stands for all.
Ints each(OpPrinter& p, const char* name, size_t dims) {
  const Ints list = p.ints(name);
  return list.size() == 1 ? Ints(dims, list[0]) : list;
}

// The windows of a pool; margins at both ends of each dimension.
struct Windows {
  Ints kernel, stride, begin, end;
  Ints pads() const {
    Ints all = begin;
    all.insert(all.end(), end.begin(), end.end());
    return all;
  }
  Ints imagePads() const {  // of Pad, for (N, C, ...)
    Ints all{0, 0};
    all.insert(all.end(), begin.begin(), begin.end());
    all.insert(all.end(), {0, 0});
    all.insert(all.end(), end.begin(), end.end());
    return all;
  }
};

// PyTorch's ceil_mode drops a window that starts in the right padding, readers of ONNX differ in it: so the margin that
// the last window needs is written, and no ceil_mode.
Windows windows(OpPrinter& p, const Ints& dilation) {
  const size_t dims = dilation.size();
  Windows w{each(p, "kernel_size", dims), {}, each(p, "padding", dims), each(p, "padding", dims)};
  w.stride = p.ints("stride").empty() ? w.kernel : each(p, "stride", dims);
  const program::Shape &in = p.shape("self"), &out = p.resultShape();
  for (size_t i = 0; i < dims; ++i) {
    const auto size = in[2 + i].constant(), count = out[2 + i].constant();
    if (!p.flag("ceil_mode") || !size || !count) continue;
    const int64_t reach = (*count - 1) * w.stride[i] + dilation[i] * (w.kernel[i] - 1) + 1;
    w.end[i] = std::max(w.begin[i], reach - *size - w.begin[i]);
  }
  return w;
}

void maxPool(OpPrinter& p) {
  const Ints dilation = each(p, "dilation", p.shape("self").size() - 2);
  Windows w = windows(p, dilation);
  std::string x = p.tensor("self");
  bool wide = false;
  for (size_t i = 0; i < dilation.size(); ++i) wide = wide || w.end[i] >= w.kernel[i];
  if (wide) {  // more than ONNX Runtime allows: an own node makes it
    const std::string margins = p.integers("pads", w.imagePads());
    x = p.node("Pad", {x, margins, p.number("lowest", -std::numeric_limits<float>::infinity())}, "padded");
    w.begin = w.end = Ints(dilation.size(), 0);
  }
  p.result("MaxPool", {x},
           {{"dilations", dilation}, {"kernel_shape", w.kernel}, {"pads", w.pads()}, {"strides", w.stride}});
}

std::optional<int64_t> divisor(const Op& op) {
  for (const auto& a : op.info->schema.arguments)
    if (a.name == "divisor_override" && !std::holds_alternative<None>(argument(op, "divisor_override")))
      return std::get<program::Dim>(argument(op, "divisor_override")).constant();
  return std::nullopt;
}

// PyTorch counts its padding if told to, but never the margin that only ceil_mode needs.
void avgPool(OpPrinter& p) {
  const size_t dims = p.shape("self").size() - 2;
  Windows w = windows(p, Ints(dims, 1));
  const Ints padding = each(p, "padding", dims);
  const auto fixedDivisor = divisor(p.op());
  bool counted = fixedDivisor || p.flag("count_include_pad");
  std::string x = p.tensor("self");
  if (counted && !fixedDivisor &&
      w.end != padding) {  // the padding as real zeros, the rest as margin that is not counted
    const Windows zeros{{}, {}, padding, padding};
    x = p.node("Pad", {x, p.integers("pads", zeros.imagePads()), p.number("zero", 0)}, "padded");
    for (size_t i = 0; i < dims; ++i) w.end[i] -= padding[i];
    w.begin = Ints(dims, 0);
    counted = false;
  }
  const std::vector<Attribute> attributes{
      {"count_include_pad", int64_t{counted}}, {"kernel_shape", w.kernel}, {"pads", w.pads()}, {"strides", w.stride}};
  if (!fixedDivisor) return p.result("AveragePool", {x}, attributes);
  double points = 1;
  for (const int64_t size : w.kernel) points *= static_cast<double>(size);
  const auto share = static_cast<float>(points / static_cast<double>(*fixedDivisor));
  p.result("Mul", {p.node("AveragePool", {x}, "mean", attributes), p.number("share", share)});
}

// Windows of one size where the output divides the input; all of it for an output of 1.
void adaptive(OpPrinter& p, const char* global, const char* pool) {
  const program::Shape &in = p.shape("self"), &out = p.resultShape();
  const bool one = std::all_of(out.begin() + 2, out.end(), [](const program::Dim& d) { return d == program::Dim(1); });
  if (one) return p.result(global, {p.tensor("self")});
  Ints window;
  for (size_t i = 2; i < out.size(); ++i) window.push_back(*in[i].constant() / *out[i].constant());
  p.result(pool, {p.tensor("self")}, {{"kernel_shape", window}, {"strides", window}});
}
void adaptiveAvgPool(OpPrinter& p) { adaptive(p, "GlobalAveragePool", "AveragePool"); }
void adaptiveMaxPool(OpPrinter& p) { adaptive(p, "GlobalMaxPool", "MaxPool"); }

bool isRead(const Program& program, program::ValueId value) {
  const auto reads = [&](const Op& op) {
    return std::any_of(op.args.begin(), op.args.end(), [&](const program::Argument& a) {
      const auto* list = std::get_if<std::vector<program::ValueId>>(&a);
      return a == program::Argument(value) || (list && std::find(list->begin(), list->end(), value) != list->end());
    });
  };
  return std::any_of(program.ops.begin(), program.ops.end(), reads) ||
         std::any_of(program.outputs.begin(), program.outputs.end(), [&](const auto& p) { return p.value == value; });
}

Refusal refuseAdaptive(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  const program::Shape& out = program.tensorType(op.results[0]).shape;
  const size_t dims = op.info->id().find("1d") != std::string::npos   ? 1
                      : op.info->id().find("2d") != std::string::npos ? 2
                                                                      : 3;
  if (in.size() != dims + 2) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (op.results.size() > 1 && isRead(program, op.results[1])) return "places of values are counted otherwise there";
  if (std::all_of(out.begin() + 2, out.end(), [](const program::Dim& d) { return d == program::Dim(1); }))
    return std::nullopt;
  for (size_t i = 2; i < in.size(); ++i)
    if (const auto size = in[i].constant(); !size || *size % *out[i].constant() != 0)
      return fmt::format("its windows have one size only where the output divides the input, but {} becomes {}",
                         program::text(in), program::text(out));
  return std::nullopt;
}

template <size_t dims>
Refusal refusePool(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in.size() != dims + 2) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (op.results.size() > 1 && isRead(program, op.results[1])) return "places of values are counted otherwise there";
  if (!std::get<bool>(argument(op, "ceil_mode"))) return std::nullopt;
  if (std::all_of(in.begin() + 2, in.end(), [](const program::Dim& d) { return d.constant().has_value(); }))
    return std::nullopt;
  return "ceil_mode needs an image of a known size";
}

// Of a flat image of zeros, values to their places.
void maxUnpool(OpPrinter& p) {
  const program::Shape& out = p.resultShape();
  const Ints sizes = *program::constants(program::Shape(out.begin() + 1, out.end()));
  int64_t places = 1;
  for (size_t i = 1; i < sizes.size(); ++i) places *= sizes[i];
  const auto flat = [&](const char* name) {
    return p.node("Reshape", {p.tensor(name), p.integers("flat_shape", {0, 0, -1})}, std::string("flat_") + name);
  };
  const std::string zeros = batchOfZeros(p, p.tensor("self"), {sizes[0], places});
  const std::string spread =
      p.node("ScatterElements", {zeros, flat("indices"), flat("self")}, "spread", {{"axis", int64_t{2}}});
  Ints shape{0};
  shape.insert(shape.end(), sizes.begin(), sizes.end());
  p.result("Reshape", {spread, p.integers("shape", shape)});
}

Refusal refuseUnpool(const Program& program, const Op& op) {
  const program::Shape& out = program.tensorType(op.results[0]).shape;
  if (out.size() != program::Shape(std::get<program::Shape>(argument(op, "output_size"))).size() + 2)
    return fmt::format("its result {} has no batch dimension", program::text(out));
  if (program::constants(program::Shape(out.begin() + 1, out.end()))) return std::nullopt;
  return fmt::format("sizes of {} are only known at run time", program::text(out));
}

}  // namespace

Rows pooling() {
  return {{"adaptive_avg_pool1d", {adaptiveAvgPool, refuseAdaptive}},
          {"adaptive_avg_pool2d", {adaptiveAvgPool, refuseAdaptive}},
          {"adaptive_avg_pool3d", {adaptiveAvgPool, refuseAdaptive}},
          {"adaptive_max_pool1d", {adaptiveMaxPool, refuseAdaptive}},
          {"adaptive_max_pool2d", {adaptiveMaxPool, refuseAdaptive}},
          {"adaptive_max_pool3d", {adaptiveMaxPool, refuseAdaptive}},
          {"avg_pool1d", {avgPool, refusePool<1>}},
          {"avg_pool2d", {avgPool, refusePool<2>}},
          {"avg_pool3d", {avgPool, refusePool<3>}},
          {"max_pool1d", {maxPool, refusePool<1>}},
          {"max_pool1d_with_indices", {maxPool, refusePool<1>}},
          {"max_pool2d", {maxPool, refusePool<2>}},
          {"max_pool2d_with_indices", {maxPool, refusePool<2>}},
          {"max_pool3d", {maxPool, refusePool<3>}},
          {"max_pool3d_with_indices", {maxPool, refusePool<3>}},
          {"max_unpool2d", {maxUnpool, refuseUnpool}},
          {"max_unpool3d", {maxUnpool, refuseUnpool}}};
}

}  // namespace netwright::convert::onnx::rows
