// SPDX-License-Identifier: Apache-2.0
// PyTorch's default generator of random numbers on the CPU: one stream for the whole process. Internal to the engine.
#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <vector>

namespace netwright::engine {

at::Generator defaultGenerator();
std::vector<uint8_t> defaultGeneratorState();
void setDefaultGeneratorState(const std::vector<uint8_t>& state);

}  // namespace netwright::engine
