// SPDX-License-Identifier: Apache-2.0
// Convolutions in one, two and three dimensions.
#include <array>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

constexpr std::array kForms{"", "N, C, L", "N, C, H, W", "N, C, D, H, W"};

bool requireSteps(OpCall& call, size_t dims) {
  return requireSizes(call, "stride", dims, 1) && requireSizes(call, "padding", dims, 0) &&
         requireSizes(call, "dilation", dims, 1) &&
         requireParam(call, call.integer("groups") >= 1, "groups", "must be at least 1");
}

// input (N, C, *), weight (out, C / groups, *) with `dims` sizes behind.
template <size_t dims>
void convolution(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", dims + 2, dims + 2, kForms[dims]) ||
      !requireSteps(call, dims))
    return;
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  if (w.size() != dims + 2)
    return call.fail(
        "NW-S033", {{"port", "weight"}, {"expected", std::to_string(dims + 2) + " dimensions"}, {"received", text(w)}});
  const int64_t groups = call.integer("groups");
  if (!call.requireEqual(x[1], w[1] * Dim(groups), "NW-S004",
                         {{"expected", (w[1] * Dim(groups)).text()}, {"received", x[1].text()}}))
    return;
  std::vector<Window> ws;
  for (size_t i = 0; i < dims; ++i)
    ws.push_back({w[2 + i].constant().value(), entry(call.ints("stride"), i), entry(call.ints("padding"), i),
                  entry(call.ints("dilation"), i)});
  Shape out{x[0], w[0]};
  if (!windows(call, x, ws, out)) return;
  call.macs = product(out) * product(w, 1);
  call.result({call.tensor("input").dtype, out});
}

// weight (C, out / groups, *): the convolution's gradient as a layer. Nothing if a size is impossible.
std::optional<Dim> transposedSize(OpCall& call, const Dim& size, size_t i) {
  const int64_t kernel = call.shape("weight")[2 + i].constant().value(), stride = entry(call.ints("stride"), i),
                padding = entry(call.ints("padding"), i), more = entry(call.ints("output_padding"), i),
                dilation = entry(call.ints("dilation"), i);
  if (more >= stride && more >= dilation) {
    call.fail(
        "NW-P007",
        {{"extra", std::to_string(more)}, {"stride", std::to_string(stride)}, {"dilation", std::to_string(dilation)}});
    return std::nullopt;
  }
  const Dim result = (size - Dim(1)) * Dim(stride) + Dim(dilation * (kernel - 1) + more + 1 - 2 * padding);
  if (result.atLeast(1) == Answer::No) {
    call.fail("NW-S024", {{"result", result.text()}, {"size", size.text()}, {"padding", std::to_string(padding)}});
    return std::nullopt;
  }
  return result;
}

template <size_t dims>
void transposed(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", dims + 2, dims + 2, kForms[dims]) ||
      !requireSteps(call, dims) || !requireSizes(call, "output_padding", dims, 0))
    return;
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  if (w.size() != dims + 2)
    return call.fail(
        "NW-S033", {{"port", "weight"}, {"expected", std::to_string(dims + 2) + " dimensions"}, {"received", text(w)}});
  if (!call.requireEqual(x[1], w[0], "NW-S004", {{"expected", w[0].text()}, {"received", x[1].text()}})) return;
  Shape out{x[0], w[1] * Dim(call.integer("groups"))};
  for (size_t i = 0; i < dims; ++i) {
    if (x[2 + i].atLeast(1) == Answer::No)
      return call.fail("NW-S044", {{"dim", std::to_string(2 + i)}, {"shape", text(x)}});
    const auto size = transposedSize(call, x[2 + i], i);
    if (!size) return;
    out.push_back(*size);
  }
  call.macs = product(x) * product(w, 1);
  call.result({call.tensor("input").dtype, out});
}

}  // namespace

std::vector<OpInfo> convolution() {
  return {
      row("aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], "
          "SymInt[1] dilation=[1], SymInt groups=1) -> Tensor",
          convolution<1>),
      row("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, "
          "0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor",
          convolution<2>),
      row("aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], SymInt[3] "
          "padding=[0, 0, 0], SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor",
          convolution<3>),
      row("aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] "
          "padding=[0], SymInt[1] output_padding=[0], SymInt groups=1, SymInt[1] dilation=[1]) -> Tensor",
          transposed<1>),
      row("aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], "
          "SymInt[2] padding=[0, 0], SymInt[2] output_padding=[0, 0], SymInt groups=1, SymInt[2] dilation=[1, 1]) -> "
          "Tensor",
          transposed<2>),
      row("aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], "
          "SymInt[3] padding=[0, 0, 0], SymInt[3] output_padding=[0, 0, 0], SymInt groups=1, SymInt[3] dilation=[1, 1, "
          "1]) -> Tensor",
          transposed<3>)};
}

}  // namespace netwright::program::ops
