// SPDX-License-Identifier: Apache-2.0
// What layers share that exist in one, two and three dimensions. Used by builtin/ only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/layers/lowering.h"

namespace netwright::layers {

inline constexpr std::array kForms{"", "N, C, L", "N, C, H, W", "N, C, D, H, W"};  // of their inputs
inline constexpr std::array kSamples{"", "a sequence", "an image", "a volume"};    // what such an input is
inline constexpr std::array kResults{"", "(N, C, L')", "(N, C, H', W')", "(N, C, D', H', W')"};

std::string inDims(const char* stem, int dims);  // "conv" -> "conv2d"
std::string form(int dims);                      // "(N, C, H, W)"

// A size for each dimension; one number stands for all.
ParamSpec sizesParam(const char* name, int dims, int64_t fallback);
// The step of a window that is kernel_size where it is none.
ParamSpec strideParam(int dims);
// kernel_size, and the stride where it says none.
Shape strideOf(const Lowering& l);
// What the word "same" adds along one dimension, so that there are ceil(size / stride) windows: the odd one goes to the
// end, as in TensorFlow. Nothing after a complaint; with stride 1 the size does not matter.
struct Margin {
  int64_t before, after;
};
std::optional<Margin> sameMargin(Lowering& l, const Dim& size, int64_t kernel, int64_t stride, int64_t dilation);
// Numbers of a parameter of known sizes.
std::vector<int64_t> numbersOf(const Shape& sizes);

}  // namespace netwright::layers
