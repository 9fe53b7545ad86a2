// SPDX-License-Identifier: Apache-2.0
#include "core/engine/optimiser.h"

#include <ATen/Parallel.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_clamp_max.h>
#include <ATen/ops/_foreach_clamp_min.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace netwright::engine {
namespace {

constexpr int64_t kGrain = 32768;  // elements that are worth a thread

double number(const Attributes& params, const char* name) {
  const Attribute& value = params.at(name);
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}
bool flag(const Attributes& params, const char* name) { return std::get<bool>(params.at(name)); }

// PyTorch counts steps in a float of its own for each parameter.
at::Tensor counter(const at::Tensor& parameter) {
  return at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false));
}

template <class T>
T* data(const at::Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

// Kingma and Ba 2015, arXiv:1412.6980, and with decoupled decay Loshchilov and Hutter 2019, arXiv:1711.05101, as
// torch.optim.Adam and AdamW compute them.
template <bool Decoupled>
class Adam final : public Optimiser {
 public:
  explicit Adam(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {}

 private:
  const Names& stateNames() const override {
    static const Names kNames{"exp_avg", "exp_avg_sq", "step", "max_exp_avg_sq"};
    return kNames;
  }
  at::Tensor freshState(size_t name, const Attributes& params, const at::Tensor& parameter) const override {
    if (name == 3 && !flag(params, "amsgrad")) return {};
    return name == 2 ? counter(parameter) : at::zeros_like(parameter.detach());
  }
  void update(const Group& group, Work& work, bool) override {
    const Attributes& p = group.params;
    const bool amsgrad = flag(p, "amsgrad");
    at::_foreach_add_(work.state[2], 1);
    const at::TensorList largest = amsgrad ? at::TensorList(work.state[3]) : at::TensorList();
    const double beta1 = number(p, "beta1"), beta2 = number(p, "beta2"), decay = number(p, "weight_decay"),
                 eps = number(p, "eps");
    if constexpr (Decoupled)
      at::_fused_adamw_(work.parameters, work.gradients, work.state[0], work.state[1], largest, work.state[2],
                        group.rate, beta1, beta2, decay, eps, amsgrad, /*maximize=*/false);
    else
      at::_fused_adam_(work.parameters, work.gradients, work.state[0], work.state[1], largest, work.state[2],
                       group.rate, beta1, beta2, decay, eps, amsgrad, /*maximize=*/false);
  }
};

// As torch.optim.SGD: the first momentum buffer is the gradient itself.
class Sgd final : public Optimiser {
 public:
  explicit Sgd(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {
    for (const Group& g : groups_)
      if (flag(g.params, "nesterov") && (number(g.params, "momentum") <= 0 || number(g.params, "dampening") != 0))
        failInput("SGD with nesterov needs momentum above 0 and dampening 0.",
                  fmt::format("They are {} and {}.", number(g.params, "momentum"), number(g.params, "dampening")),
                  "Set momentum to 0.9, or switch nesterov off.");
  }

 private:
  const Names& stateNames() const override {
    static const Names kNames{"momentum_buffer"};
    return kNames;
  }
  at::Tensor freshState(size_t, const Attributes& params, const at::Tensor& parameter) const override {
    return number(params, "momentum") > 0 ? at::zeros_like(parameter.detach()) : at::Tensor();
  }
  void update(const Group& group, Work& work, bool first) override {
    const Attributes& p = group.params;
    const double momentum = number(p, "momentum");
    at::_fused_sgd_(work.parameters, work.gradients, momentum > 0 ? at::TensorList(work.state[0]) : at::TensorList(),
                    number(p, "weight_decay"), momentum, group.rate, number(p, "dampening"), flag(p, "nesterov"),
                    /*maximize=*/false, first);
  }
};

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
  at::Tensor freshState(size_t name, const Attributes& params, const at::Tensor& parameter) const override {
    if (name == 1 && !flag(params, "centered")) return {};
    if (name == 2 && number(params, "momentum") == 0) return {};
    return name == 3 ? counter(parameter) : at::zeros_like(parameter.detach());
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

at::Tensor withStridesOf(const at::Tensor& parameter, const at::Tensor& gradient) {
  return gradient.strides() == parameter.strides() ? gradient : at::zeros_like(parameter).copy_(gradient);
}

std::vector<at::Tensor> gradientsOf(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& p : parameters)
    if (p.grad().defined()) gradients.push_back(p.grad());
  return gradients;
}

}  // namespace

Optimiser::Optimiser(std::vector<OptimiserGroup> groups) {
  for (OptimiserGroup& g : groups) {
    Group group{{}, std::move(g.params), 0, 0, {}};
    group.rate = group.initialRate = number(group.params, "lr");
    for (at::Tensor& p : g.parameters) group.slots.push_back({std::move(p), {}});
    groups_.push_back(std::move(group));
  }
}

void Optimiser::setLearningRate(double rate) {
  const double initial = groups_.front().initialRate;
  for (Group& g : groups_) g.rate = &g == &groups_.front() || initial == 0 ? rate : rate * (g.initialRate / initial);
}

void Optimiser::zeroGradients() {
  for (Group& g : groups_)
    for (Slot& s : g.slots) s.parameter.mutable_grad() = at::Tensor();
}

std::vector<at::Tensor> Optimiser::parameters() const {
  std::vector<at::Tensor> all;
  for (const Group& g : groups_)
    for (const Slot& s : g.slots) all.push_back(s.parameter);
  return all;
}

void Optimiser::step() {
  for (Group& g : groups_) {
    if (stepAgain(g)) continue;
    step(g, false);
    step(g, true);
  }
}

// The slots that were stepped before, or those that were not: momentum starts differently.
void Optimiser::step(Group& group, bool first) {
  const size_t names = stateNames().size();
  Work work;
  work.state.resize(names);
  for (Slot& s : group.slots) {
    const at::Tensor& gradient = s.parameter.grad();
    if (!gradient.defined() || s.state.empty() != first) continue;
    if (first)
      for (size_t n = 0; n < names; ++n) s.state.push_back(freshState(n, group.params, s.parameter));
    work.parameters.push_back(s.parameter);
    work.gradients.push_back(withStridesOf(s.parameter, gradient));
    for (size_t n = 0; n < names; ++n) work.state[n].push_back(s.state[n]);
  }
  if (work.parameters.empty()) return;
  carryOut(group, work, first);
  if (!first && work.parameters.size() == group.slots.size()) group.work = std::move(work);
}

bool Optimiser::stepAgain(Group& group) {
  Work& work = group.work;
  if (work.parameters.empty()) return false;
  for (const at::Tensor& p : work.parameters)
    if (!p.grad().defined()) return false;
  for (const at::Tensor& p : work.parameters) work.gradients.push_back(withStridesOf(p, p.grad()));
  carryOut(group, work, false);
  return true;
}

void Optimiser::carryOut(const Group& group, Work& work, bool first) {
  update(group, work, first);
  // Fused kernels write without telling autograd.
  for (const at::Tensor& p : work.parameters) p.unsafeGetTensorImpl()->bump_version();
  work.gradients.clear();
}

std::vector<Optimiser::State> Optimiser::state() const {
  const Names& names = stateNames();
  std::vector<State> all;
  size_t parameter = 0;
  for (const Group& g : groups_)
    for (const Slot& s : g.slots) {
      for (size_t n = 0; n < s.state.size(); ++n)
        if (s.state[n].defined()) all.push_back({names[n], parameter, s.state[n]});
      ++parameter;
    }
  return all;
}

void Optimiser::restore(const std::vector<State>& state) {
  const Names& names = stateNames();
  size_t parameter = 0;
  for (Group& group : groups_) {
    group.work = {};
    for (Slot& s : group.slots) {
      s.state.clear();
      bool complete = true;
      for (size_t n = 0; n < names.size(); ++n) {
        const auto it = std::find_if(state.begin(), state.end(), [&](const State& given) {
          return given.parameter == parameter && given.name == names[n];
        });
        at::Tensor fresh = freshState(n, group.params, s.parameter);
        if (fresh.defined() && it != state.end()) fresh.copy_(it->tensor);  // keeps the parameter's strides
        complete = complete && (!fresh.defined() || it != state.end());
        s.state.push_back(std::move(fresh));
      }
      if (!complete) s.state.clear();  // never stepped
      ++parameter;
    }
  }
}

std::unique_ptr<Optimiser> makeOptimiser(const std::string& kind, std::vector<OptimiserGroup> groups) {
  if (kind == "adam") return std::make_unique<Adam<false>>(std::move(groups));
  if (kind == "adamw") return std::make_unique<Adam<true>>(std::move(groups));
  if (kind == "rmsprop") return std::make_unique<RmsProp>(std::move(groups));
  if (kind == "sgd") return std::make_unique<Sgd>(std::move(groups));
  failInput(fmt::format("The engine has no optimiser '{}'.", kind), "", "Choose adam, adamw, rmsprop or sgd.");
}

double clipNorm(const std::vector<at::Tensor>& parameters, double limit) {
  std::vector<at::Tensor> gradients = gradientsOf(parameters);
  if (gradients.empty()) return 0;
  const at::Tensor total = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2)), 2);
  const double norm = total.item<double>(), factor = limit / (norm + 1e-6);
  if (factor < 1) at::_foreach_mul_(gradients, factor);
  return norm;
}

void clipValue(const std::vector<at::Tensor>& parameters, double limit) {
  std::vector<at::Tensor> gradients = gradientsOf(parameters);
  if (gradients.empty()) return;
  at::_foreach_clamp_min_(gradients, -limit);
  at::_foreach_clamp_max_(gradients, limit);
}

}  // namespace netwright::engine
