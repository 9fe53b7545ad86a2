// SPDX-License-Identifier: Apache-2.0
// Every optimiser in float32 against PyTorch: 50 steps along the same gradients, within 1e-6 of the weights' norm.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <fmt/format.h>

#include "core/base/json.h"
#include "core/engine/optimiser.h"
#include "core/engine/tensor.h"
#include "core/run/optimiser.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

constexpr int kSteps = 50;

// One that searches has no such gradients: they depend on where it looks. training_test.cpp compares it.
TEST(Optimisers, FollowTorchAlongTheSameGradients) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    if (spec.searches) continue;
    at::Generator generator = at::detail::createCPUGenerator(7);
    run::Optimiser chosen{spec.id, {}};
    if (spec.findParam("weight_decay")) chosen.params["weight_decay"] = 0.01;
    if (spec.findParam("momentum")) chosen.params["momentum"] = 0.9;
    const Attributes params = run::completeParams(chosen);
    std::vector<at::Tensor> weights{at::randn({20, 7}, generator), at::randn({7}, generator)};
    std::vector<NamedTensor> tensors;
    for (size_t i = 0; i < weights.size(); ++i) {
      weights[i].set_requires_grad(true);
      tensors.push_back({fmt::format("before{}", i), engine::toHost(weights[i].detach())});
    }
    const at::NoGradGuard off;
    auto optimiser = engine::makeOptimiser(spec.id, {{weights, params}});
    std::vector<std::vector<at::Tensor>> gradients(weights.size());
    for (int step = 0; step < kSteps; ++step) {
      for (size_t i = 0; i < weights.size(); ++i) {
        gradients[i].push_back(at::randn(weights[i].sizes(), generator));
        weights[i].mutable_grad() = gradients[i].back();
      }
      optimiser->step();
    }
    for (size_t i = 0; i < weights.size(); ++i) {
      tensors.push_back({fmt::format("gradients{}", i), engine::toHost(at::stack(gradients[i]))});
      tensors.push_back({fmt::format("after{}", i), engine::toHost(weights[i].detach())});
    }
    Json settings = Json::object();
    for (const auto& [name, value] : params) settings[name] = toJson(value);
    cases.push_back({{"name", spec.id}, {"torch", spec.torchName}, {"params", settings}});
    writeFileAtomic(folder / (spec.id + ".safetensors"), safetensorsBytes(tensors));
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_optimisers.py", folder.path());
}

}  // namespace
}  // namespace netwright
