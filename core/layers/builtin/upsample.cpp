// SPDX-License-Identifier: Apache-2.0
// Upsample, UpsamplingNearest2d, UpsamplingBilinear2d: another size by interpolation. x (N, C, *) -> y (N, C, *'), with
// *' = size, or floor(* scale_factor). PyTorch: nn.Upsample.
#include <cmath>

#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

struct Target {
  Shape size;
  std::vector<Argument> scales;  // none where the size is given
};

// From size or scale_factor, one of which must be given; nothing after a complaint.
std::optional<Target> target(Lowering& l, const Value& x) {
  const size_t dims = x.rank() - 2;
  const bool size = !l.isNone("size"), scale = !l.isNone("scale_factor");
  if (!l.check(size != scale, "NW-P001", "size",
               {{"param", "size"}, {"problem", "or scale_factor must be given, and not both"}}))
    return std::nullopt;
  Target t;
  const auto fits = [&](size_t count, const char* param) {
    return l.check(
        count == dims || count == 1, "NW-P001", param,
        {{"param", param}, {"problem", "must be one number or " + std::to_string(dims) + ", one for each dimension"}});
  };
  if (size) {
    t.size = l.ints("size");
    if (!fits(t.size.size(), "size")) return std::nullopt;
    if (t.size.size() != dims) t.size.assign(dims, t.size[0]);
    t.scales.assign(dims, None{});
    return t;
  }
  std::vector<double> factors = numbers(l.node().params.at("scale_factor")).value();
  if (!fits(factors.size(), "scale_factor")) return std::nullopt;
  if (factors.size() != dims) factors.assign(dims, factors[0]);
  for (size_t i = 0; i < dims; ++i) {
    const Dim from = x.dim(static_cast<int>(i) + 2);
    const bool whole = factors[i] == std::floor(factors[i]);
    if (!l.check(whole || from.constant(), "NW-P001", "scale_factor",
                 {{"param", "scale_factor"},
                  {"problem", "must be a whole number where the size " + from.text() + " is not known"}}))
      return std::nullopt;
    t.size.push_back(whole ? from * Dim(static_cast<int64_t>(factors[i]))
                           : Dim(static_cast<int64_t>(std::floor(static_cast<double>(*from.constant()) * factors[i]))));
    t.scales.emplace_back(factors[i]);
  }
  return t;
}

void resize(Lowering& l, const std::string& mode, bool alignCorners) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 5, "N, C and one to three sizes")) return;
  const size_t dims = x.rank() - 2;
  const std::array<std::string, 4> smooth{"", "linear", "bilinear", "trilinear"};
  const bool fits = mode == "nearest" || mode == smooth[dims] || (mode == "bicubic" && dims == 2);
  if (!l.check(fits, "NW-P001", "mode",
               {{"param", "mode"},
                {"problem", "must be nearest or " + smooth[dims] + (dims == 2 ? " or bicubic" : "") + " for " +
                                program::text(x.type().shape)}},
               {{"Set mode to " + smooth[dims], {SetParamStep{l.node().id, "mode", smooth[dims]}}}}))
    return;
  const auto t = target(l, x);
  if (!t) return;
  const std::string op =
      "upsample_" + mode + (mode == "nearest" || mode == "linear" || dims > 1 ? std::to_string(dims) + "d" : "");
  std::vector<Argument> arguments{x.id, t->size};
  if (mode != "nearest") arguments.emplace_back(alignCorners);
  arguments.insert(arguments.end(), t->scales.begin(), t->scales.end());
  l.output("y", l.op(op.c_str(), std::move(arguments)));
}
void any(Lowering& l) {
  const bool corners = !l.isNone("align_corners") && l.get<bool>("align_corners");
  const std::string mode = l.get<std::string>("mode");
  if (l.check(mode != "nearest" || l.isNone("align_corners"), "NW-P001", "align_corners",
              {{"param", "align_corners"}, {"problem", "must be none with the mode nearest"}},
              {{"Set align_corners to none", {SetParamStep{l.node().id, "align_corners", None{}}}}}))
    resize(l, mode, corners);
}
void nearest2d(Lowering& l) {
  if (l.requireRank(l.input("x"), 4, 4, "N, C, H, W")) resize(l, "nearest", false);
}
void bilinear2d(Lowering& l) {
  if (l.requireRank(l.input("x"), 4, 4, "N, C, H, W")) resize(l, "bilinear", true);
}

LayerSpec layer(const char* id, const char* title, void (*lowering)(Lowering&)) {
  ParamSpec scale =
      floatListParam("scale_factor", {2})
          .above(0)
          .orNone()
          .withDoc("How many times larger: one number, or one for each dimension; none where size is given.");
  return LayerSpec{id, title, Category::Shape}
      .torch(std::string("nn.") + title)
      .keras("layers.UpSampling2D")
      .named("up")
      .alias({"resize", "interpolate", "enlarge", "scale", "decoder"})
      .param(
          intListParam("size", {}).min(1).noneByDefault().withDoc("Sizes of the result; none: as scale_factor says."))
      .param(scale.asMain())
      .input("x", "(N, C, *)")
      .output("y", "(N, C, *')")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> upsample() {
  ParamSpec corners =
      boolParam("align_corners", false)
          .noneByDefault()
          .withDoc("Let the outermost pixels of both sizes lie on each other; none: no. Not with nearest.");
  return {layer("upsample", "Upsample", any)
              .describe("Brings a sequence, an image or a volume to another size.",
                        "y[i] = x at i / scale_factor, interpolated")
              .param(choiceParam("mode", {"nearest", "linear", "bilinear", "bicubic", "trilinear"})
                         .withDoc("How values between the given ones come about.")
                         .asMain())
              .param(corners),
          layer("upsampling_nearest2d", "UpsamplingNearest2d", nearest2d)
              .describe("Enlarges an image by copying each pixel.", "y[i, j] = x[⌊i / s⌋, ⌊j / s⌋]"),
          layer("upsampling_bilinear2d", "UpsamplingBilinear2d", bilinear2d)
              .describe("Enlarges an image by blending neighbouring pixels, corners on corners.",
                        "y = bilinear interpolation of x")};
}

}  // namespace netwright::layers
