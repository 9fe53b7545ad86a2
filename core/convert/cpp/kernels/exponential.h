// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include "core/convert/cpp/kernels/compile.h"

namespace netwright::convert::cpp::kernels {

// eˣ within 2 units in the last place, without branches and calls, so that loops over it become vector code.
// x = n ln 2 + r with a whole n: eˣ = 2ⁿ eʳ; 2ⁿ is made from its bits, in two halves because n reaches beyond ±127.
NETWRIGHT_INLINE float exponential(float x) {
  constexpr float kRound = 12582912.0F;  // 1.5 2²³: adding it rounds to whole numbers
  x = x > 89.0F ? 89.0F : x;
  x = x < -104.0F ? -104.0F : x;
  const float rounded = x * 1.44269504F + kRound, n = rounded - kRound;
  const float r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1.0F;
  std::int32_t bits, bias;
  std::memcpy(&bits, &rounded, sizeof bits);
  std::memcpy(&bias, &kRound, sizeof bias);
  const std::int32_t whole = bits - bias, half = whole / 2;
  const std::uint32_t firstBits = static_cast<std::uint32_t>(half + 127) << 23,
                      secondBits = static_cast<std::uint32_t>(whole - half + 127) << 23;
  float first, second;
  std::memcpy(&first, &firstBits, sizeof first);
  std::memcpy(&second, &secondBits, sizeof second);
  return p * first * second;
}

NETWRIGHT_INLINE float logistic(float x) { return 1.0F / (1.0F + exponential(-x)); }

// Near 0 by a polynomial, elsewhere by e²ˣ, where nothing cancels.
NETWRIGHT_INLINE float hyperbolicTangent(float x) {
  const float size = x < 0 ? -x : x, square = x * x;
  float p = -5.70498872745e-3F;
  p = p * square + 2.06390887954e-2F;
  p = p * square + -5.37397155531e-2F;
  p = p * square + 1.33314422036e-1F;
  p = p * square + -3.33332819422e-1F;
  const float small = p * square * x + x;
  const float large = 1.0F - 2.0F / (exponential(2.0F * size) + 1.0F);
  return size < 0.625F ? small : x < 0 ? -large : large;
}

}  // namespace netwright::convert::cpp::kernels
