// SPDX-License-Identifier: Apache-2.0
// Numbers of 16 bits: IEEE 754 binary16 and bfloat16, rounded to nearest even as every framework does it.
#pragma once

#include <cstdint>

#include "core/base/host_tensor.h"

namespace netwright {

uint16_t halfBits(float value);  // beyond 65504: infinite
float fromHalfBits(uint16_t bits);
uint16_t bfloat16Bits(float value);
float fromBfloat16Bits(uint16_t bits);

// A float32 tensor as Float16 or BFloat16, and back; others are returned as they are.
HostTensor narrowed(const HostTensor& tensor, DType to);
HostTensor widened(const HostTensor& tensor);

}  // namespace netwright
