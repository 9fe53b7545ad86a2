// SPDX-License-Identifier: Apache-2.0
// RReLU: y = x for x ≥ 0, else a · x with a from [lower, upper). Any shape. Xu et al. 2015, arXiv:1505.00853.
// PyTorch: nn.RReLU.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  l.output("y",
           l.op("rrelu", {l.input("x").id, l.get<double>("lower"), l.get<double>("upper"), program::TrainingFlag{}}));
}

}  // namespace

LayerSpec rrelu() {
  return LayerSpec{"rrelu", "RReLU", Category::Activation}
      .describe("A LeakyReLU whose slope is drawn anew for every value in training; in evaluation it is the mean.",
                "y = x for x ≥ 0, else a · x with a from [lower, upper)")
      .torch("nn.RReLU")
      .named("rrelu")
      .alias({"randomized leaky relu", "activation"})
      .describedIn("Xu et al. 2015, arXiv:1505.00853")
      .param(floatParam("lower", 1.0 / 8).withDoc("Least slope."))
      .param(floatParam("upper", 1.0 / 3).withDoc("Largest slope."))
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
