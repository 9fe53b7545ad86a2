// SPDX-License-Identifier: Apache-2.0
// The traps of fused optimisers; their numbers are compared with PyTorch in tests/peers/training_test.cpp.
#include "core/engine/optimiser.h"

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "core/run/config.h"
#include "tests/support/message_of.h"

namespace netwright::engine {
namespace {

std::unique_ptr<Optimiser> make(const std::string& kind, std::vector<at::Tensor> parameters, Attributes params = {}) {
  return makeOptimiser(kind, {{std::move(parameters), run::completeParams(run::Optimiser{kind, std::move(params)})}});
}

at::Tensor weight(const std::vector<int64_t>& sizes) { return at::randn(sizes).set_requires_grad(true); }

// Fused kernels do not bump version counters by themselves: autograd would not see that a weight changed between
// forward and backward, and give wrong gradients.
TEST(Optimiser, ASteppedWeightIsNoticedByAnEarlierForward) {
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    at::Tensor w = weight({3});
    const at::Tensor earlier = w.mul(w).sum();
    w.mutable_grad() = at::randn({3});
    make(spec.id, {w})->step();
    EXPECT_ANY_THROW(earlier.backward()) << spec.id;
  }
}

// A contiguous gradient on a weight in channels_last gives silently wrong steps unless it is brought to its strides.
TEST(Optimiser, GradientsOfOtherStridesStepTheSame) {
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
    generator.set_current_seed(1);
    at::Tensor plain = weight({2, 3, 4, 5});
    at::Tensor last =
        at::empty_like(plain.detach(), plain.options().requires_grad(false), at::MemoryFormat::ChannelsLast);
    last.copy_(plain.detach());
    last.set_requires_grad(true);
    auto a = make(spec.id, {plain}), b = make(spec.id, {last});
    for (int i = 0; i < 3; ++i) {
      const at::Tensor gradient = at::randn({2, 3, 4, 5});
      plain.mutable_grad() = gradient;
      last.mutable_grad() = gradient.clone();  // contiguous: its strides are not the weight's
      const at::NoGradGuard off;
      a->step();
      b->step();
    }
    EXPECT_TRUE(plain.detach().allclose(last.detach(), 1e-6, 1e-7)) << spec.id;
  }
}

TEST(Optimiser, LeavesParametersWithoutGradientAlone) {
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    at::Tensor used = weight({3}), unused = weight({3});
    const at::Tensor before = unused.detach().clone();
    used.mutable_grad() = at::randn({3});
    const at::NoGradGuard off;
    make(spec.id, {used, unused}, {{"weight_decay", 0.1}})->step();
    EXPECT_TRUE(unused.detach().equal(before)) << spec.id;
  }
}

TEST(Optimiser, RefusesNesterovWithoutMomentum) {
  EXPECT_EQ(
      test::messageOf([] { make("sgd", {weight({1})}, {{"nesterov", true}}); }),
      "SGD with nesterov needs momentum above 0 and dampening 0. They are 0 and 0. Set momentum to 0.9, or switch "
      "nesterov off.");
}

}  // namespace
}  // namespace netwright::engine
