// SPDX-License-Identifier: Apache-2.0
#include "core/engine/optimiser.h"

#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include <cassert>

#include "core/base/error.h"

namespace netwright::engine {
namespace {

double number(const Attributes& params, const char* name) {
  const Attribute& value = params.at(name);
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

// Kingma and Ba 2015, arXiv:1412.6980, as torch.optim.Adam computes it.
class Adam final : public Optimiser {
 public:
  Adam(std::vector<at::Tensor> parameters, const Attributes& p)
      : Optimiser(std::move(parameters), number(p, "lr")),
        beta1_(number(p, "beta1")),
        beta2_(number(p, "beta2")),
        eps_(number(p, "eps")),
        decay_(number(p, "weight_decay")) {
    for (const at::Tensor& t : parameters_) {
      mean_.push_back(at::zeros_like(t));
      square_.push_back(at::zeros_like(t));
      steps_.push_back(at::zeros({}, t.options().dtype(at::kFloat)));
    }
  }

  void step() override {
    Work work = gather();
    std::vector<at::Tensor> mean, square, steps;
    for (const size_t i : work.indices) {
      mean.push_back(mean_[i]);
      square.push_back(square_[i]);
      steps.push_back(steps_[i].add_(1));
    }
    if (work.indices.empty()) return;
    at::_fused_adam_(work.parameters, work.gradients, mean, square, {}, steps, rate_, beta1_, beta2_, decay_, eps_,
                     /*amsgrad=*/false, /*maximize=*/false);
    bumpVersions(work.parameters);
  }

  std::vector<State> state() const override {
    std::vector<State> all;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      all.push_back({"exp_avg", i, mean_[i]});
      all.push_back({"exp_avg_sq", i, square_[i]});
      all.push_back({"step", i, steps_[i]});
    }
    return all;
  }

 private:
  double beta1_, beta2_, eps_, decay_;
  std::vector<at::Tensor> mean_, square_, steps_;
};

// As torch.optim.SGD computes it: the first momentum buffer is the gradient itself.
class Sgd final : public Optimiser {
 public:
  Sgd(std::vector<at::Tensor> parameters, const Attributes& p)
      : Optimiser(std::move(parameters), number(p, "lr")),
        momentum_(number(p, "momentum")),
        dampening_(number(p, "dampening")),
        decay_(number(p, "weight_decay")),
        nesterov_(std::get<bool>(p.at("nesterov"))) {
    if (nesterov_ && (momentum_ <= 0 || dampening_ != 0))
      failInput("SGD with nesterov needs momentum above 0 and dampening 0.",
                fmt::format("They are {} and {}.", momentum_, dampening_),
                "Set momentum to 0.9, or switch nesterov off.");
    if (momentum_ > 0)
      for (const at::Tensor& t : parameters_) buffers_.push_back(at::zeros_like(t));
  }

  void step() override {
    Work work = gather();
    if (work.indices.empty()) return;
    std::vector<at::Tensor> buffers;
    if (momentum_ > 0)
      for (const size_t i : work.indices) buffers.push_back(buffers_[i]);
    at::_fused_sgd_(work.parameters, work.gradients, buffers, decay_, momentum_, rate_, dampening_, nesterov_,
                    /*maximize=*/false, first_);
    first_ = false;
    bumpVersions(work.parameters);
  }

  std::vector<State> state() const override {
    std::vector<State> all;
    for (size_t i = 0; i < buffers_.size(); ++i) all.push_back({"momentum_buffer", i, buffers_[i]});
    return all;
  }

 private:
  double momentum_, dampening_, decay_;
  bool nesterov_, first_ = true;
  std::vector<at::Tensor> buffers_;
};

}  // namespace

void Optimiser::zeroGradients() {
  for (at::Tensor& p : parameters_) p.mutable_grad() = at::Tensor();
}

Optimiser::Work Optimiser::gather() const {
  Work work;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    work.parameters.push_back(parameters_[i]);
    work.gradients.push_back(
        gradient.strides() == parameters_[i].strides() ? gradient : at::zeros_like(parameters_[i]).copy_(gradient));
    work.indices.push_back(i);
  }
  return work;
}

void Optimiser::bumpVersions(const std::vector<at::Tensor>& parameters) {
  for (const at::Tensor& p : parameters) p.unsafeGetTensorImpl()->bump_version();
}

std::unique_ptr<Optimiser> makeOptimiser(const std::string& kind, const Attributes& params,
                                         std::vector<at::Tensor> parameters) {
  if (kind == "adam") return std::make_unique<Adam>(std::move(parameters), params);
  if (kind == "sgd") return std::make_unique<Sgd>(std::move(parameters), params);
  failInput(fmt::format("The engine has no optimiser '{}'.", kind), "", "Choose adam or sgd.");
}

}  // namespace netwright::engine
