// SPDX-License-Identifier: Apache-2.0
// Other views of the same values.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void flatten(OpCall& call) {
  const Shape& x = call.shape("self");
  const auto start = requireDim(call, call.integer("start_dim"), x);
  if (!start) return;
  const auto end = requireDim(call, call.integer("end_dim"), x);
  if (!end) return;
  if (*start > *end)
    return call.fail("NW-S010", {{"start", std::to_string(*start)}, {"end", std::to_string(*end)}, {"shape", text(x)}});
  Shape out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(*start));
  out.push_back(product(x, *start, *end + 1));
  out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(*end) + 1, x.end());
  call.result({call.tensor("self").dtype, out});
}

// One size may be -1: what the others leave.
void reshape(OpCall& call) {
  const Shape& x = call.shape("self");
  Shape out = call.ints("shape");
  Dim known = 1;
  Dim* open = nullptr;
  for (Dim& d : out)
    if (d == Dim(-1))
      open = &d;
    else
      known = known * d;
  const Dim all = product(x);
  if (open && known == Dim(0))
    return call.fail("NW-S023",
                     {{"from", text(x)}, {"to", text(call.ints("shape"))}, {"count", all.text()}, {"places", "0"}});
  if (open) *open = floorDiv(all, known);
  const std::map<std::string, std::string> sizes{
      {"from", text(x)}, {"to", text(call.ints("shape"))}, {"count", all.text()}, {"places", product(out).text()}};
  if (call.requireEqual(product(out), all, "NW-S023", sizes)) call.result({call.tensor("self").dtype, out});
}

// (N, C, *) -> the channels in another order.
void channelShuffle(OpCall& call) {
  if (!requireRank(call, "self", 3, 8, "N, C, *")) return;
  const Dim& channels = call.shape("self")[1];
  const int64_t groups = call.integer("groups");
  const std::map<std::string, std::string> args{{"channels", channels.text()}, {"groups", std::to_string(groups)}};
  if (groups < 1) return call.fail("NW-P003", args);
  if (call.requireEqual(mod(channels, Dim(groups)), Dim(0), "NW-P003", args)) sameAsSelf(call);
}

bool requireMultiple(OpCall& call, size_t dim, int64_t factor) {
  const Shape& x = call.shape("self");
  const Dim whole = floorDiv(x[dim], Dim(factor)) * Dim(factor);
  return call.requireEqual(whole, x[dim], "NW-S042",
                           {{"dim", std::to_string(dim)}, {"shape", text(x)}, {"factor", std::to_string(factor)}});
}

// (*, C r², H, W) -> (*, C, H r, W r), and back.
void pixelShuffle(OpCall& call) {
  if (!requireRank(call, "self", 3, 8, "*, C, H, W")) return;
  TensorType out = call.tensor("self");
  const int64_t r = call.integer("upscale_factor");
  const size_t c = out.shape.size() - 3;
  if (!requireParam(call, r >= 1, "upscale_factor", "must be at least 1") || !requireMultiple(call, c, r * r)) return;
  out.shape[c] = floorDiv(out.shape[c], Dim(r * r));
  for (size_t i = c + 1; i < out.shape.size(); ++i) out.shape[i] = out.shape[i] * Dim(r);
  call.result(std::move(out));
}
void pixelUnshuffle(OpCall& call) {
  if (!requireRank(call, "self", 3, 8, "*, C, H, W")) return;
  TensorType out = call.tensor("self");
  const int64_t r = call.integer("downscale_factor");
  const size_t c = out.shape.size() - 3;
  if (!requireParam(call, r >= 1, "downscale_factor", "must be at least 1")) return;
  out.shape[c] = out.shape[c] * Dim(r * r);
  for (size_t i = c + 1; i < out.shape.size(); ++i) {
    if (!requireMultiple(call, i, r)) return;
    out.shape[i] = floorDiv(out.shape[i], Dim(r));
  }
  call.result(std::move(out));
}

bool requirePatches(OpCall& call) {
  return requireSizes(call, "kernel_size", 2, 1) && requireSizes(call, "stride", 2, 1) &&
         requireSizes(call, "padding", 2, 0) && requireSizes(call, "dilation", 2, 1);
}
std::vector<Window> patches(const OpCall& call) {
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i)
    ws.push_back({entry(call.ints("kernel_size"), i), entry(call.ints("stride"), i), entry(call.ints("padding"), i),
                  entry(call.ints("dilation"), i)});
  return ws;
}

// (N, C, H, W) -> (N, C kh kw, places): every patch as a column.
void im2col(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 4, 4, "N, C, H, W") || !requirePatches(call)) return;
  const Shape& x = call.shape("self");
  const std::vector<Window> ws = patches(call);
  Shape places;
  if (!windows(call, x, ws, places)) return;
  call.result({call.tensor("self").dtype, {x[0], x[1] * Dim(ws[0].kernel * ws[1].kernel), product(places)}});
}

// The way back: columns are laid into an image of output_size and summed where they overlap.
void col2im(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 3, 3, "N, C·kh·kw, places") || !requirePatches(call) ||
      !requireSizes(call, "output_size", 2, 1))
    return;
  const Shape &x = call.shape("self"), size = call.ints("output_size");
  const std::vector<Window> ws = patches(call);
  if (!requireMultiple(call, 1, ws[0].kernel * ws[1].kernel)) return;
  Shape places;
  if (!windows(call, {x[0], x[1], entry(size, 0), entry(size, 1)}, ws, places)) return;
  if (!call.requireEqual(product(places), x[2], "NW-S046",
                         {{"expected", product(places).text()}, {"received", x[2].text()}, {"size", text(size)}}))
    return;
  call.result({call.tensor("self").dtype,
               {x[0], floorDiv(x[1], Dim(ws[0].kernel * ws[1].kernel)), entry(size, 0), entry(size, 1)}});
}

// In another order of entries along dimensions.
void flip(OpCall& call) {
  if (requireDims(call, "dims", call.shape("self"))) sameAsSelf(call);
}
void roll(OpCall& call) {
  const size_t shifts = call.ints("shifts").size(), dims = call.ints("dims").size();
  if (!requireParam(call, dims == 0 ? shifts == 1 : shifts == dims, "shifts",
                    dims == 0 ? "must be one number where dims is empty" : "must be one number for each of dims"))
    return;
  for (const Dim& d : call.ints("dims"))
    if (!requireDim(call, d.constant().value(), call.shape("self"))) return;
  sameAsSelf(call);
}

// So many copies behind each other, along the last dimensions.
void repeated(OpCall& call, const char* argument, bool allowFewer) {
  TensorType out = call.tensor("self");
  Shape times = call.ints(argument);
  if (allowFewer && times.size() < out.shape.size())
    times.insert(times.begin(), out.shape.size() - times.size(), Dim(1));
  if (!requireParam(call, times.size() >= out.shape.size(), argument,
                    "must be a number for each dimension of " + text(out.shape)))
    return;
  out.shape.insert(out.shape.begin(), times.size() - out.shape.size(), Dim(1));
  for (size_t i = 0; i < times.size(); ++i) {
    if (!requireParam(call, times[i].atLeast(0) != Answer::No, argument, "must not be negative")) return;
    out.shape[i] = out.shape[i] * times[i];
  }
  call.result(std::move(out));
}
void repeat(OpCall& call) { repeated(call, "repeats", false); }
void tile(OpCall& call) { repeated(call, "dims", true); }

}  // namespace

std::vector<OpInfo> shape() {
  return {row("aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor", channelShuffle),
          row("aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, "
              "int[2] stride) -> Tensor",
              col2im),
          row("aten::flip(Tensor self, int[] dims) -> Tensor", flip),
          row("aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor",
              im2col),
          row("aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor", pixelShuffle),
          row("aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor", pixelUnshuffle),
          row("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor", repeat),
          row("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor", roll),
          row("aten::tile(Tensor self, SymInt[] dims) -> Tensor", tile),
          row("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)", flatten),
          row("aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)", reshape)};
}

}  // namespace netwright::program::ops
