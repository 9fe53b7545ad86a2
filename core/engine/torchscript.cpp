// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torchscript.h"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/jit_exception.h>
#include <torch/csrc/jit/serialization/import.h>

#include "core/base/error.h"
#include "core/engine/node_error.h"
#include "core/engine/tensor.h"

namespace netwright::engine {

std::vector<NamedTensor> runTorchScript(const std::filesystem::path& file, const std::vector<NamedTensor>& inputs) try {
  const at::NoGradGuard off;
  torch::jit::Module module = torch::jit::load(file.string(), at::kCPU);
  module.eval();
  std::vector<c10::IValue> arguments;
  for (const NamedTensor& t : inputs) arguments.emplace_back(view(t.tensor));
  const c10::IValue result = module.forward(arguments);
  std::vector<NamedTensor> outputs;
  if (result.isTensor()) return {{"0", toHost(result.toTensor())}};
  for (const c10::IValue& item : result.toTupleRef().elements())
    outputs.push_back({std::to_string(outputs.size()), toHost(item.toTensor())});
  return outputs;
} catch (const c10::Error& e) {
  failInput(fmt::format("LibTorch could not run {}.", file.string()), firstLine(e.what_without_backtrace()), "");
} catch (const torch::jit::JITException& e) {  // what the file itself raises
  failInput(fmt::format("LibTorch could not run {}.", file.string()), e.getOriginalMsg().value_or(e.what()), "");
}

}  // namespace netwright::engine
