// SPDX-License-Identifier: Apache-2.0
#include <ATen/Parallel.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

constexpr int64_t kGrain = 32768;  // elements that are worth a thread

template <class T>
T* data(const at::Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

// Tieleman and Hinton 2012, as torch.optim.RMSprop. LibTorch has no fused kernel: one pass of our own over float32 on
// the CPU, PyTorch's sequence of operations elsewhere.
class RmsProp final : public Optimiser {
 public:
  explicit RmsProp(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"square_avg", "grad_avg", "momentum_buffer", "step"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Group& group, const at::Tensor& parameter) const override {
    if (name == 1 && !flag(group.params, "centered")) return {};
    if (name == 2 && number(group.params, "momentum") == 0) return {};
    return name == 3 ? deviceCounter(parameter) : at::zeros_like(parameter.detach());
  }

  struct Settings {
    double rate, alpha, eps, momentum, decay;
    bool centered;
  };

  template <class T>
  static void onePass(const at::Tensor& parameter, const at::Tensor& gradient, const Settings& s, T* square, T* mean,
                      T* buffer) {
    T* w = parameter.data_ptr<T>();
    const T* g = gradient.const_data_ptr<T>();
    const T rate = static_cast<T>(s.rate), alpha = static_cast<T>(s.alpha), rest = static_cast<T>(1 - s.alpha),
            eps = static_cast<T>(s.eps), momentum = static_cast<T>(s.momentum), decay = static_cast<T>(s.decay);
    at::parallel_for(0, parameter.numel(), kGrain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        const T d = g[i] + decay * w[i];
        square[i] = alpha * square[i] + rest * d * d;
        T size = square[i];
        if (s.centered) {
          mean[i] += rest * (d - mean[i]);
          size -= mean[i] * mean[i];
        }
        T change = d / (std::sqrt(size) + eps);
        if (s.momentum > 0) change = buffer[i] = momentum * buffer[i] + change;
        w[i] -= rate * change;
      }
    });
  }

  static void composed(at::Tensor w, at::Tensor d, const Settings& s, at::Tensor square, at::Tensor mean,
                       at::Tensor buffer) {
    if (s.decay != 0) d = d.add(w, s.decay);
    square.mul_(s.alpha).addcmul_(d, d, 1 - s.alpha);
    at::Tensor size = square;
    if (s.centered) size = square.addcmul(mean.lerp_(d, 1 - s.alpha), mean, -1);
    const at::Tensor change = d.div(size.sqrt().add_(s.eps));
    w.add_(s.momentum > 0 ? buffer.mul_(s.momentum).add_(change) : change, -s.rate);
  }

  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const Settings s{
        group.rate,         number(p, "alpha"), number(p, "eps"), number(p, "momentum"), number(p, "weight_decay"),
        flag(p, "centered")};
    for (size_t i = 0; i < work.parameters.size(); ++i) {
      const at::Tensor &w = work.parameters[i], &g = work.gradients[i];
      at::Tensor &square = work.state[0][i], &mean = work.state[1][i], &buffer = work.state[2][i];
      work.state[3][i].add_(1);
      const bool dense = w.is_cpu() && w.is_non_overlapping_and_dense() && g.strides() == w.strides();
      if (dense && w.scalar_type() == at::kFloat)
        onePass(w, g, s, data<float>(square), data<float>(mean), data<float>(buffer));
      else if (dense && w.scalar_type() == at::kDouble)
        onePass(w, g, s, data<double>(square), data<double>(mean), data<double>(buffer));
      else
        composed(w, g, s, square, mean, buffer);
    }
  }
};

}  // namespace

OptimiserKind rmsprop() { return {"rmsprop", makeAs<RmsProp>}; }

}  // namespace netwright::engine::optimisers
