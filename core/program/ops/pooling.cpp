// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows, and over windows that the output's size tells.
#include <array>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

constexpr std::array kForms{"", "N, C, L", "N, C, H, W", "N, C, D, H, W"};

// The sizes after the windows; nothing after a complaint. `dilated`: the op has windows with gaps.
template <size_t dims>
std::optional<TensorType> pooled(OpCall& call, bool dilated) {
  if (!requireRank(call, "self", dims + 1, dims + 2, kForms[dims]) || !requireSizes(call, "kernel_size", dims, 1) ||
      !requireSizes(call, "stride", dims, 1, true) || !requireSizes(call, "padding", dims, 0) ||
      (dilated && !requireSizes(call, "dilation", dims, 1)))
    return std::nullopt;
  const Shape& x = call.shape("self");
  for (size_t i = x.size() == dims + 2 ? 1 : 0; i < x.size(); ++i)
    if (x[i].atLeast(1) == Answer::No) {
      call.fail("NW-S044", {{"dim", std::to_string(i)}, {"shape", text(x)}});
      return std::nullopt;
    }
  const Shape kernel = call.ints("kernel_size"), stride = call.ints("stride").empty() ? kernel : call.ints("stride");
  std::vector<Window> ws;
  for (size_t i = 0; i < dims; ++i) {
    ws.push_back({entry(kernel, i), entry(stride, i), entry(call.ints("padding"), i),
                  dilated ? entry(call.ints("dilation"), i) : 1, call.flag("ceil_mode")});
    if (ws.back().padding > ws.back().kernel / 2) {
      call.fail("NW-P004", {{"padding", std::to_string(ws.back().padding)},
                            {"kernel", std::to_string(ws.back().kernel)},
                            {"limit", std::to_string(ws.back().kernel / 2)}});
      return std::nullopt;
    }
    // ATen's mean of volumes wants inputs as large as the kernel, whatever padding and ceil_mode are.
    const Dim& size = x[x.size() - dims + i];
    if (dims == 3 && !dilated && size.atLeast(Dim(ws.back().kernel)) == Answer::No) {
      const std::string kernels = std::to_string(ws.back().kernel);
      call.fail("NW-S002", {{"result", "0"},
                            {"size", size.text()},
                            {"window", kernels},
                            {"kernel", kernels},
                            {"dilation", "1"},
                            {"padding", std::to_string(ws.back().padding)}});
      return std::nullopt;
    }
  }
  Shape out(x.begin(), x.end() - static_cast<std::ptrdiff_t>(dims));
  if (!windows(call, x, ws, out)) return std::nullopt;
  return TensorType{call.tensor("self").dtype, out};
}
template <size_t dims>
void maxPool(OpCall& call) {
  if (dims == 1 ? !requireFloat(call, "self") : !requireNumber(call, "self")) return;  // ATen's kernels differ
  if (auto out = pooled<dims>(call, true)) call.result(std::move(*out));
}
template <size_t dims>
void maxPoolWithIndices(OpCall& call) {
  if (!requireNumber(call, "self")) return;
  const auto out = pooled<dims>(call, true);
  if (!out) return;
  call.result(*out);
  call.result({DType::Int64, out->shape});
}
template <size_t dims>
void avgPool(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  if (dims > 1 && call.given("divisor_override") &&
      !requireParam(call, call.integer("divisor_override") != 0, "divisor_override", "must not be 0"))
    return;
  if (auto out = pooled<dims>(call, false)) call.result(std::move(*out));
}

template <size_t dims>
std::optional<TensorType> adapted(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", dims + 1, dims + 2, kForms[dims]) ||
      !requireSizes(call, "output_size", dims, 0))
    return std::nullopt;
  TensorType out = call.tensor("self");
  const Shape sizes = call.ints("output_size");
  for (size_t i = 0; i < dims; ++i) {
    Dim& size = out.shape[out.shape.size() - dims + i];
    if (!requireParam(call, size.atLeast(1) != Answer::No, "output_size",
                      "needs values to take them from, but the input is " + text(call.shape("self"))))
      return std::nullopt;
    size = sizes[sizes.size() == 1 ? 0 : i];
  }
  return out;
}
template <size_t dims>
void adaptiveAvg(OpCall& call) {
  if (auto out = adapted<dims>(call)) call.result(std::move(*out));
}
template <size_t dims>
void adaptiveMax(OpCall& call) {
  const auto out = adapted<dims>(call);
  if (!out) return;
  call.result(*out);
  call.result({DType::Int64, out->shape});
}

// Windows at random places: random_samples (N, C, dims) between 0 and 1.
template <size_t dims>
void fractional(OpCall& call) {
  if (!requireSizes(call, "kernel_size", dims, 1)) return;
  const auto out = adapted<dims>(call);
  if (!out) return;
  const Shape& x = call.shape("self");
  for (size_t i = 0; i < dims; ++i) {
    const Dim& size = x[x.size() - dims + i];
    const int64_t kernel = entry(call.ints("kernel_size"), i), result = entry(call.ints("output_size"), i);
    const int64_t needed = result + kernel - (dims == 2 ? 1 : 0);  // ATen asks for one more in a volume
    if (size.atLeast(Dim(needed)) == Answer::No)
      return call.fail("NW-S043", {{"size", size.text()},
                                   {"result", std::to_string(result)},
                                   {"kernel", std::to_string(kernel)},
                                   {"needed", std::to_string(needed)}});
  }
  call.result(*out);
  call.result({DType::Int64, out->shape});
}

// The way back from a max pooling: values to where their indices say, zeros elsewhere.
template <size_t dims>
void unpool(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", dims + 1, dims + 2, kForms[dims]) ||
      !requireParam(call, call.ints("output_size").size() == dims, "output_size",
                    "must be " + std::to_string(dims) + " numbers"))
    return;
  const TensorType &x = call.tensor("self"), &indices = call.tensor("indices");
  if (indices.dtype != DType::Int64)
    return call.fail("NW-S007", {{"expected", "int64 (indices)"}, {"received", name(indices.dtype)}});
  const std::map<std::string, std::string> args{
      {"port", "indices"}, {"expected", text(x.shape)}, {"received", text(indices.shape)}};
  if (x.shape.size() != indices.shape.size()) return call.fail("NW-S033", args);
  for (size_t i = 0; i < x.shape.size(); ++i)
    if (!call.requireEqual(x.shape[i], indices.shape[i], "NW-S033", args)) return;
  TensorType out = x;
  const Shape sizes = call.ints("output_size");
  for (size_t i = 0; i < dims; ++i) {
    if (!requireParam(call, sizes[i].atLeast(1) != Answer::No, "padding",
                      "would make an output of size " + sizes[i].text()))
      return;
    out.shape[out.shape.size() - dims + i] = sizes[i];
  }
  call.result(std::move(out));
}

}  // namespace

std::vector<OpInfo> pooling() {
  std::vector<OpInfo> unpooling{
      row("aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor", unpool<2>),
      row("aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> "
          "Tensor",
          unpool<3>)};
  for (OpInfo& info : unpooling) info.deterministic = false;
  std::vector<OpInfo> rows{
      row("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", adaptiveAvg<1>),
      row("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", adaptiveAvg<2>),
      row("aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", adaptiveAvg<3>),
      row("aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)", adaptiveMax<1>),
      row("aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)", adaptiveMax<2>),
      row("aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)", adaptiveMax<3>),
      row("aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], bool "
          "ceil_mode=False, bool count_include_pad=True) -> Tensor",
          avgPool<1>),
      row("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, "
          "bool count_include_pad=True, int? divisor_override=None) -> Tensor",
          avgPool<2>),
      row("aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, "
          "bool count_include_pad=True, int? divisor_override=None) -> Tensor",
          avgPool<3>),
      row("aten::fractional_max_pool2d(Tensor self, int[2] kernel_size, int[2] output_size, Tensor random_samples) -> "
          "(Tensor, Tensor)",
          fractional<2>),
      row("aten::fractional_max_pool3d(Tensor self, int[3] kernel_size, int[3] output_size, Tensor random_samples) -> "
          "(Tensor, Tensor)",
          fractional<3>),
      row("aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] "
          "dilation=[1], bool ceil_mode=False) -> Tensor",
          maxPool<1>),
      row("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
          "bool ceil_mode=False) -> Tensor",
          maxPool<2>),
      row("aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, "
          "bool ceil_mode=False) -> Tensor",
          maxPool<3>),
      row("aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] "
          "dilation=[1], bool ceil_mode=False) -> (Tensor, Tensor)",
          maxPoolWithIndices<1>),
      row("aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] "
          "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
          maxPoolWithIndices<2>),
      row("aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] "
          "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
          maxPoolWithIndices<3>)};
  rows.insert(rows.end(), unpooling.begin(), unpooling.end());
  return rows;
}

}  // namespace netwright::program::ops
