// SPDX-License-Identifier: Apache-2.0
// The last dimensions in other sizes, by interpolation.
#include <array>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

constexpr std::array kForms{"", "N, C, L", "N, C, H, W", "N, C, D, H, W"};

template <size_t dims>
void resize(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", dims + 2, dims + 2, kForms[dims])) return;
  TensorType out = call.tensor("self");
  for (size_t i = 1; i < out.shape.size(); ++i)
    if (out.shape[i].atLeast(1) == Answer::No)
      return call.fail("NW-S044", {{"dim", std::to_string(i)}, {"shape", text(out.shape)}});
  const Shape sizes = call.ints("output_size");
  if (!requireParam(call, sizes.size() == dims, "size", "must be " + std::to_string(dims) + " numbers")) return;
  for (size_t i = 0; i < dims; ++i) {
    if (!requireParam(call, sizes[i].atLeast(1) != Answer::No, "size",
                      "would make an output of size " + sizes[i].text()))
      return;
    out.shape[2 + i] = sizes[i];
  }
  call.result(std::move(out));
}

// grid (N, H', W', 2): where each point of the output is read, from -1 to 1.
void gridSampler(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 4, 5, "N, C, H, W")) return;
  const Shape &x = call.shape("input"), &grid = call.shape("grid");
  const size_t dims = x.size() - 2;
  const std::map<std::string, std::string> args{
      {"port", "grid"}, {"expected", dims == 2 ? "(N, H', W', 2)" : "(N, D', H', W', 3)"}, {"received", text(grid)}};
  if (grid.size() != x.size() || call.tensor("grid").dtype != call.tensor("input").dtype)
    return call.fail("NW-S033", args);
  if (!call.requireEqual(grid[0], x[0], "NW-S033", args) ||
      !call.requireEqual(grid.back(), Dim(static_cast<int64_t>(dims)), "NW-S033", args))
    return;
  Shape out{x[0], x[1]};
  out.insert(out.end(), grid.begin() + 1, grid.end() - 1);
  call.result({call.tensor("input").dtype, out});
}

}  // namespace

std::vector<OpInfo> resize() {
  return {
      row("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) "
          "-> Tensor",
          gridSampler),
      row("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, "
          "float? scales_w=None) -> Tensor",
          resize<2>),
      row("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, "
          "float? scales_w=None) -> Tensor",
          resize<2>),
      row("aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> "
          "Tensor",
          resize<1>),
      row("aten::upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor", resize<1>),
      row("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> "
          "Tensor",
          resize<2>),
      row("aten::upsample_nearest3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, "
          "float? scales_w=None) -> Tensor",
          resize<3>),
      row("aten::upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None, "
          "float? scales_h=None, float? scales_w=None) -> Tensor",
          resize<3>)};
}

}  // namespace netwright::program::ops
