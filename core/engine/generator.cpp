// SPDX-License-Identifier: Apache-2.0
#include "core/engine/generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include <algorithm>

namespace netwright::engine {

at::Generator defaultGenerator() { return at::globalContext().defaultGenerator(at::kCPU); }

std::vector<uint8_t> defaultGeneratorState() {
  const at::Tensor state = defaultGenerator().get_state();
  return {state.const_data_ptr<uint8_t>(), state.const_data_ptr<uint8_t>() + state.numel()};
}

void setDefaultGeneratorState(const std::vector<uint8_t>& state) {
  at::Tensor t = at::empty({static_cast<int64_t>(state.size())}, at::TensorOptions().dtype(at::kByte));
  std::copy(state.begin(), state.end(), t.data_ptr<uint8_t>());
  defaultGenerator().set_state(t);
}

}  // namespace netwright::engine
