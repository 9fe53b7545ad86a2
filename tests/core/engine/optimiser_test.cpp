// SPDX-License-Identifier: Apache-2.0
// The traps of fused optimisers; their numbers are compared with PyTorch in tests/peers/training_test.cpp.
#include "core/engine/optimiser.h"

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
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
    {
      const at::NoGradGuard off;
      make(spec.id, {w})->step();
    }
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

TEST(Optimiser, TheEngineHasEveryOneThatCanBeChosen) {
  for (const run::OptimiserSpec& spec : run::optimisers()) EXPECT_NO_THROW(make(spec.id, {weight({2})})) << spec.id;
  EXPECT_EQ(test::messageOf([] { makeOptimiser("adamm", {}); }),
            "The engine has no optimiser 'adamm'. Choose adadelta, adagrad, adam, adamax, adamw, asgd, lbfgs, lion, "
            "nadam, radam, rmsprop, rprop, sgd.");
}

// What a schedule cycles: beta1 where there is one, else the momentum, of all groups.
TEST(Optimiser, MomentumIsThatOfEveryGroup) {
  for (const char* kind : {"adam", "sgd"}) {
    const Attributes params = run::completeParams(run::Optimiser{kind, {{"lr", 0.1}}});
    at::Tensor a = at::zeros({1}).set_requires_grad(true), b = at::zeros({1}).set_requires_grad(true);
    auto optimiser = makeOptimiser(kind, {{{a}, params}, {{b}, params}});
    optimiser->setMomentum(0.5);
    const at::NoGradGuard off;
    for (const float gradient : {1.0F, 0.0F}) {
      a.mutable_grad() = b.mutable_grad() = at::full({1}, gradient);
      optimiser->step();
    }
    const bool adam = std::string(kind) == "adam";
    EXPECT_TRUE(a.detach().equal(b.detach())) << kind;
    EXPECT_FLOAT_EQ(adam ? -0.15F : a.item<float>(), -0.1F - 0.05F);
    for (const auto& s : optimiser->state()) {
      if (s.name == "exp_avg") {
        EXPECT_FLOAT_EQ(s.tensor.item<float>(), 0.25F);  // (1 - 0.5) · 1, halved
      }
    }
  }
}

// A parabola is at its lowest point after one step of the line search.
TEST(Optimiser, LbfgsSearchesWithinAStep) {
  at::Tensor w = at::full({2}, 3.0F).set_requires_grad(true);
  auto optimiser = make("lbfgs", {w}, {{"line_search_fn", std::string("strong_wolfe")}});
  int looks = 0;
  const auto evaluate = [&] {
    const at::AutoGradMode on(true);
    ++looks;
    w.mutable_grad() = at::Tensor();
    const at::Tensor loss = w.sub(1).square().sum();
    loss.backward();
    return loss.item<double>();
  };
  const double loss = evaluate();
  const at::NoGradGuard off;
  optimiser->step(loss, evaluate);
  EXPECT_TRUE(w.detach().allclose(at::ones({2}))) << w;
  EXPECT_GT(looks, 2);
}

TEST(Optimiser, LbfgsHasTheSameSettingsForAll) {
  const Attributes params = run::completeParams(run::Optimiser{"lbfgs", {}});
  EXPECT_EQ(test::messageOf([&] { makeOptimiser("lbfgs", {{{weight({1})}, params}, {{weight({1})}, params}}); }),
            "LBFGS trains all its weights with the same settings. It has groups of parameters. Remove the groups, or "
            "choose another optimiser.");
}

TEST(Optimiser, RefusesNesterovWithoutMomentum) {
  EXPECT_EQ(
      test::messageOf([] { make("sgd", {weight({1})}, {{"nesterov", true}}); }),
      "SGD with nesterov needs momentum above 0 and dampening 0. They are 0 and 0. Set momentum to 0.9, or switch "
      "nesterov off.");
}

}  // namespace
}  // namespace netwright::engine
