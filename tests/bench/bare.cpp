// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bare.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "core/engine/process.h"

namespace netwright::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Weights with the numbers that Adam keeps of them.
struct Weights {
  std::vector<at::Tensor> all, mean, square, steps;
  at::Tensor add(const at::Tensor& w) {
    all.push_back(w.set_requires_grad(true));
    mean.push_back(at::zeros_like(w));
    square.push_back(at::zeros_like(w));
    steps.push_back(at::zeros({}));
    return all.back();
  }
  void step() {
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& w : all) gradients.push_back(w.grad());
    const at::NoGradGuard off;
    at::_foreach_add_(steps, 1);
    at::_fused_adam_(all, gradients, mean, square, {}, steps, 1e-3, 0.9, 0.999, 0, 1e-8, false, false);
  }
};

double bestStep(Weights& weights, const std::function<at::Tensor()>& loss, int count) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    for (int step = 0; step < count; ++step) {
      for (at::Tensor& w : weights.all) w.mutable_grad() = at::Tensor();
      const at::Tensor value = loss();
      value.backward();
      weights.step();
      value.item<double>();
    }
    best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count() / count);
  }
  return best;
}

// A convolution and the batch norm behind it.
struct Convolution {
  at::Tensor weight, scale, offset, mean, variance;
  int64_t stride, padding;
  Convolution(Weights& weights, int64_t in, int64_t out, int64_t kernel, int64_t stride)
      : weight(weights.add(at::randn({out, in, kernel, kernel}).mul_(0.05).contiguous(at::MemoryFormat::ChannelsLast))),
        scale(weights.add(at::ones({out}))),
        offset(weights.add(at::zeros({out}))),
        mean(at::zeros({out})),
        variance(at::ones({out})),
        stride(stride),
        padding(kernel / 2) {}
  at::Tensor operator()(const at::Tensor& x) const {
    const at::Tensor y = at::conv2d(x, weight, {}, stride, padding);
    return at::batch_norm(y, scale, offset, mean, variance, true, 0.1, 1e-5, false);
  }
};

struct Block {
  Convolution first, second;
  std::vector<Convolution> shortcut;  // none or one
};

}  // namespace

double bareMlp() {
  engine::setThreads(1);
  const at::Tensor x = at::randn({32, 20}), label = at::randint(2, {32}, at::TensorOptions().dtype(at::kLong));
  Weights weights;
  std::vector<at::Tensor> w;
  for (const auto& [out, in] : std::vector<std::pair<int64_t, int64_t>>{{64, 20}, {64, 64}, {2, 64}})
    for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{out, in}, std::vector<int64_t>{out}})
      w.push_back(weights.add(at::randn(sizes).mul_(0.1)));
  const auto loss = [&] {
    const at::Tensor y = at::linear(x, w[0], w[1]).relu();
    return at::cross_entropy_loss(at::linear(at::linear(y, w[2], w[3]).relu(), w[4], w[5]), label);
  };
  return bestStep(weights, loss, 500);
}

double bareResNet18() {
  const at::Tensor x = at::randn({32, 3, 32, 32}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor label = at::randint(10, {32}, at::TensorOptions().dtype(at::kLong));
  Weights weights;
  const Convolution enter(weights, 3, 64, 3, 1);
  std::vector<Block> blocks;
  int64_t in = 64;
  for (const auto& [out, stride] : std::vector<std::pair<int64_t, int64_t>>{
           {64, 1}, {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}}) {
    blocks.push_back({{weights, in, out, 3, stride}, {weights, out, out, 3, 1}, {}});
    if (stride != 1 || in != out) blocks.back().shortcut.emplace_back(weights, in, out, 1, stride);
    in = out;
  }
  const at::Tensor weight = weights.add(at::randn({10, 512}).mul_(0.05)), bias = weights.add(at::zeros({10}));
  const auto loss = [&] {
    at::Tensor h = enter(x).relu();
    for (const Block& b : blocks) {
      const at::Tensor y = b.second(b.first(h).relu());
      h = y.add(b.shortcut.empty() ? h : b.shortcut.front()(h)).relu();
    }
    return at::cross_entropy_loss(at::linear(at::adaptive_avg_pool2d(h, {1, 1}).flatten(1), weight, bias), label);
  };
  return bestStep(weights, loss, 2);
}

}  // namespace netwright::bench
