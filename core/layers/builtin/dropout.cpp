// SPDX-License-Identifier: Apache-2.0
// Dropout, Dropout1d to 3d, AlphaDropout, FeatureAlphaDropout: in training values, or whole channels, are hidden with
// probability p and the others scaled up so that the mean stays. Alpha variants hide with SELU's lowest value and keep
// mean and variance. Any shape; with channels (N, C, *). Srivastava et al. 2014; Tompson et al. 2014, arXiv:1411.4280;
// Klambauer et al. 2017, arXiv:1706.02515. PyTorch: nn.Dropout.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

void hide(Lowering& l, const char* op) {
  l.output("y", l.op(op, {l.input("x").id, l.get<double>("p"), program::TrainingFlag{}}));
}
void values(Lowering& l) { hide(l, "dropout"); }
void alpha(Lowering& l) { hide(l, "alpha_dropout"); }
void featureAlpha(Lowering& l) { hide(l, "feature_alpha_dropout"); }
template <int dims>
void channels(Lowering& l) {
  if (l.requireRank(l.input("x"), dims + 2, dims + 2, kForms[dims])) hide(l, "feature_dropout");
}

LayerSpec layer(const std::string& id, const std::string& title, const std::string& form, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Regularization}
      .torch("nn." + title)
      .named("dropout")
      .alias({"regularization"})
      .param(floatParam("p", 0.5).min(0).max(1).withDoc("Share of what is hidden.").asMain())
      .input("x", form)
      .output("y", "as x")
      .lowering(lowering);
}
LayerSpec ofChannels(int dims, void (*lowering)(Lowering&)) {
  const std::string title = "Dropout" + std::to_string(dims) + "d";
  return layer(inDims("dropout", dims), title, form(dims), lowering)
      .describe("Hides whole channels of " + std::string(kSamples[static_cast<size_t>(dims)]) + " while training.",
                "y[n, c] = x[n, c] · mask[n, c] / (1 - p)")
      .keras("layers.SpatialDropout" + std::to_string(dims) + "D")
      .describedIn("Tompson et al. 2014, arXiv:1411.4280");
}

}  // namespace

std::vector<LayerSpec> dropout() {
  return {layer("dropout", "Dropout", "any", values)
              .describe("Hides random values while training, so that the network does not learn by heart.",
                        "y = x · mask / (1 - p)")
              .keras("layers.Dropout")
              .describedIn("Srivastava et al. 2014, Journal of Machine Learning Research 15"),
          ofChannels(1, channels<1>),
          ofChannels(2, channels<2>),
          ofChannels(3, channels<3>),
          layer("alpha_dropout", "AlphaDropout", "any", alpha)
              .describe("A dropout that keeps mean and variance, for networks of SELU.",
                        "y = a · (x · mask + α' · (1 - mask)) + b")
              .keras("layers.AlphaDropout")
              .describedIn("Klambauer et al. 2017, arXiv:1706.02515"),
          layer("feature_alpha_dropout", "FeatureAlphaDropout", "(N, C, *)", featureAlpha)
              .describe("An alpha dropout of whole channels.", "y[n, c] = a · (x[n, c] · mask + α' · (1 - mask)) + b")
              .describedIn("Klambauer et al. 2017, arXiv:1706.02515")};
}

}  // namespace netwright::layers
