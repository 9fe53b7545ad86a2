// SPDX-License-Identifier: Apache-2.0
// The weight and the bias of a layer, by its parameter `parametrization`: learned as they are, or kept at a norm as
// torch.nn.utils.parametrizations does. Used by builtin/ only.
#pragma once

#include "core/layers/lowering.h"

namespace netwright::layers {

ParamSpec parametrizationParam();
void addParametrization(Attributes& params);  // to those of a version without it

struct WeightSpec {
  Shape shape;
  Initialiser start;
  Shape bias;  // of the offset that the parameter `bias` brings
  Initialiser biasStart;
  bool outputsSecond = false;  // the weight counts outputs in its dimension 1, as those of transposed convolutions
};
struct Weights {
  Value weight, bias;  // bias: invalid if there is none
};
Weights weightsOf(Lowering& l, const WeightSpec& spec);

}  // namespace netwright::layers
