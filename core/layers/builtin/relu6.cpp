// SPDX-License-Identifier: Apache-2.0
// ReLU6: y = min(max(x, 0), 6). Any shape. Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10. PyTorch:
// nn.ReLU6.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.op("relu6", {l.input("x").id})); }

}  // namespace

LayerSpec relu6() {
  return LayerSpec{"relu6", "ReLU6", Category::Activation}
      .describe("A ReLU that levels off at 6: values stay small enough for whole-number arithmetic.",
                "y = min(max(x, 0), 6)")
      .torch("nn.ReLU6")
      .keras("activations.relu6")
      .named("relu6")
      .alias({"mobile", "clip", "activation"})
      .describedIn("Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10")
      .input("x", "any")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
