// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace netwright::convert::cpp::kernels {

// One dimension of a sliding window.
struct Window {
  std::int64_t in, out, kernel, stride, padding, dilation;
};

// Outputs [first, last) for which point `tap` of the window lies inside the input.
struct Span {
  std::int64_t first, last;
};
inline Span insideOf(const Window& w, std::int64_t tap) {
  const std::int64_t shift = tap * w.dilation - w.padding;  // of the input place of output 0
  const std::int64_t first = shift >= 0 ? 0 : (-shift + w.stride - 1) / w.stride;
  const std::int64_t end = w.in - shift;  // output j fits while j stride < end
  const std::int64_t last = end <= 0 ? 0 : std::min(w.out, (end + w.stride - 1) / w.stride);
  return {std::min(first, last), last};
}

}  // namespace netwright::convert::cpp::kernels
