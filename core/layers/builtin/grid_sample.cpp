// SPDX-License-Identifier: Apache-2.0
// GridSample: reads an image or a volume at given places, from -1 (first edge) to 1 (last edge). x (N, C, H, W), grid
// (N, H', W', 2), places (x, y) -> y (N, C, H', W'); volumes have one dimension more. Jaderberg et al. 2015,
// arXiv:1506.02025. PyTorch: F.grid_sample.
#include <algorithm>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

const std::vector<std::string> kModes{"bilinear", "nearest", "bicubic"}, kPaddings{"zeros", "border", "reflection"};

Dim place(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<int64_t>(std::find(names.begin(), names.end(), name) - names.begin());  // as ATen counts
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  const std::string mode = l.get<std::string>("mode");
  if (!l.check(mode != "bicubic" || x.rank() != 5, "NW-P001", "mode",
               {{"param", "mode"}, {"problem", "must be bilinear or nearest for " + program::text(x.type().shape)}},
               {{"Set mode to bilinear", {SetParamStep{l.node().id, "mode", std::string("bilinear")}}}}))
    return;
  l.output("y",
           l.op("grid_sampler", {x.id, l.input("grid").id, place(kModes, mode),
                                 place(kPaddings, l.get<std::string>("padding_mode")), l.get<bool>("align_corners")}));
}

}  // namespace

LayerSpec gridSample() {
  return LayerSpec{"grid_sample", "GridSample", Category::Selection}
      .describe("Reads an image at places that the network gives: turns, warps, zooms.",
                "y[n, c, i, j] = x[n, c] at grid[n, i, j]")
      .torch("torch.nn.functional.grid_sample")
      .named("sample")
      .alias({"spatial transformer", "warp", "deform", "optical flow", "interpolate"})
      .describedIn("Jaderberg et al. 2015, arXiv:1506.02025")
      .param(choiceParam("mode", kModes)
                 .withDoc("How values between pixels come about; bicubic for images only.")
                 .asMain())
      .param(choiceParam("padding_mode", kPaddings).withDoc("What is read outside of the image."))
      .param(boolParam("align_corners", false)
                 .withDoc("Let -1 and 1 be the middles of the outermost pixels, not their outer edges."))
      .input("x", "(N, C, H, W)")
      .input("grid", "(N, H', W', 2)")
      .output("y", "(N, C, H', W')")
      .lowering(lower);
}

}  // namespace netwright::layers
