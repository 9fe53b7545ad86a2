// SPDX-License-Identifier: Apache-2.0
// Input: a column of the data enters the network. y (N, *shape), float or int64. The node's name is the input's name.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  Shape shape{Dim::symbol("N")};
  for (const Dim& d : l.ints("shape")) shape.push_back(d);
  const DType type = l.get<std::string>("dtype") == "int64" ? DType::Int64 : DType::DefaultFloat;
  l.output("y", l.programInput({type, std::move(shape)}));
}

}  // namespace

LayerSpec input() {
  return LayerSpec{"input", "Input", Category::InputOutput}
      .describe("Where the data enters: says what one sample looks like.", "y = x")
      .named("input")
      .alias({"data", "source", "x"})
      .param(intListParam("shape", {1, 28, 28})
                 .min(1)
                 .withDoc("Size of one sample, without the batch: channels, height, width for images.")
                 .asMain())
      .param(choiceParam("dtype", {"float", "int64"})
                 .withDoc("Kind of the numbers: float for measurements, int64 for indices such as words."))
      .migrates([](Attributes& params) { params["dtype"] = std::string("float"); })
      .output("y", "(N, *shape)")
      .lowering(lower);
}

}  // namespace netwright::layers
