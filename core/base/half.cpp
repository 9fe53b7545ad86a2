// SPDX-License-Identifier: Apache-2.0
#include "core/base/half.h"

#include <bit>
#include <cmath>

namespace netwright {

uint16_t bfloat16Bits(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value)) return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float fromBfloat16Bits(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

uint16_t halfBits(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
  const float size = std::abs(value);
  if (std::isnan(value)) return static_cast<uint16_t>(sign | 0x7e00);
  if (size >= 65520) return static_cast<uint16_t>(sign | 0x7c00);  // the middle between 65504 and what would come next
  // Adding a power of two whose last bit has the worth of the result's last bit rounds to it, ties to even.
  if (size < 0x1p-14F) return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(size + 0.5F) - 0x3f000000));
  const uint32_t rounded = (bits & 0x7fffffff) + 0xfff + (bits >> 13 & 1);
  return static_cast<uint16_t>(sign | ((rounded - 0x38000000) >> 13));
}

float fromHalfBits(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const float fraction = static_cast<float>(bits & 0x3ff);
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return (bits & 0x3ff) != 0 ? NAN : sign * INFINITY;
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25));
}

HostTensor narrowed(const HostTensor& tensor, DType to) {
  if (tensor.dtype != DType::Float32 || (to != DType::Float16 && to != DType::BFloat16)) return tensor;
  HostTensor result(to, tensor.shape);
  const auto from = tensor.as<float>();
  for (size_t i = 0; i < from.size(); ++i)
    result.as<uint16_t>()[i] = to == DType::Float16 ? halfBits(from[i]) : bfloat16Bits(from[i]);
  return result;
}

HostTensor widened(const HostTensor& tensor) {
  if (tensor.dtype != DType::Float16 && tensor.dtype != DType::BFloat16) return tensor;
  HostTensor result(DType::Float32, tensor.shape);
  const auto from = tensor.as<uint16_t>();
  for (size_t i = 0; i < from.size(); ++i)
    result.as<float>()[i] = tensor.dtype == DType::Float16 ? fromHalfBits(from[i]) : fromBfloat16Bits(from[i]);
  return result;
}

}  // namespace netwright
