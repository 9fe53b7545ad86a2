// SPDX-License-Identifier: Apache-2.0
// In the very steps and expressions of torch/nn/init.py, for equal bits.
#include "core/engine/beginnings.h"

#include <ATen/ops/diag.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/randperm.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/var.h>
#include <ATen/ops/where.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"

namespace netwright::engine {
namespace {

using program::Start;

double number(const Attributes& params, const char* name) { return numbers(params.at(name)).value().front(); }

struct Fans {
  double in = 0, out = 0;
};
Fans fansOf(const at::Tensor& t) {
  int64_t field = 1;
  for (int64_t d = 2; d < t.dim(); ++d) field *= t.size(d);
  return {static_cast<double>(t.size(1) * field), static_cast<double>(t.size(0) * field)};
}

// torch.nn.init.calculate_gain
double gainOf(const std::string& function, double slope) {
  if (function == "tanh") return 5.0 / 3;
  if (function == "relu") return std::sqrt(2.0);
  if (function == "leaky_relu") return std::sqrt(2.0 / (1 + slope * slope));
  return function == "selu" ? 3.0 / 4 : 1;
}

double xavierDeviation(const Attributes& s, const at::Tensor& t) {
  const Fans fans = fansOf(t);
  return number(s, "gain") * std::sqrt(2.0 / (fans.in + fans.out));
}

double kaimingDeviation(const Attributes& s, const at::Tensor& t) {
  const Fans fans = fansOf(t);
  const double fan = std::get<std::string>(s.at("mode")) == "fan_in" ? fans.in : fans.out;
  return gainOf(std::get<std::string>(s.at("nonlinearity")), number(s, "a")) / std::sqrt(fan);
}

void truncatedNormal(at::Tensor t, double mean, double deviation, double a, double b, at::Generator& generator) {
  const auto below = [](double x) { return (1.0 + std::erf(x / std::sqrt(2.0))) / 2.0; };
  const double share = below((b - mean) / deviation) - below((a - mean) / deviation);
  if (share > 0.3) {  // draws from the normal distribution until all lie within
    const double low = at::scalar_tensor(a, t.options()).item<double>(),
                 high = at::scalar_tensor(b, t.options()).item<double>();
    at::Tensor result = t.normal_(mean, deviation, generator);
    for (;;) {
      const at::Tensor outside = result.lt(low).logical_or(result.gt(high));
      if (!outside.any().item<bool>()) break;
      result = at::where(outside, at::empty_like(result).normal_(mean, deviation, generator), result);
    }
    t.copy_(result);
    return;
  }
  const double peak = std::max(a, std::min(mean, b)), z = (peak - mean) / deviation, logPeak = -0.5 * (z * z);
  at::Tensor candidates = at::empty_like(t), accepted = at::empty_like(t);
  const auto refused = [&] {
    candidates.sub_(mean).div_(deviation).pow_(2).mul_(-0.5).sub_(logPeak);
    return accepted.uniform_(0, 1, generator).log_().gt(candidates);
  };
  t.uniform_(a, b, generator);
  candidates.copy_(t);
  at::Tensor pending = refused(), result = t;
  while (pending.any().item<bool>()) {
    candidates.uniform_(a, b, generator);
    result = at::where(pending, candidates, result);
    pending = at::where(pending, refused(), pending);
  }
  if (!result.is_same(t)) t.copy_(result);
}

void orthogonal(at::Tensor t, double gain, at::Generator& generator) {
  if (t.numel() == 0) return;
  const int64_t rows = t.size(0), columns = t.numel() / rows;
  at::Tensor flat = at::empty({rows, columns}, t.options()).normal_(0, 1, generator);
  if (rows < columns) flat.t_();
  auto [q, r] = at::linalg_qr(flat);
  q.mul_(at::diag(r, 0).sign());
  if (rows < columns) q.t_();
  t.view_as(q).copy_(q);
  t.mul_(gain);
}

void dirac(at::Tensor t, int64_t groups) {
  if (t.size(0) % groups != 0)
    failInput(fmt::format("The initialiser Dirac cannot divide {} channels into {} groups.", t.size(0), groups), "",
              "Set its groups to those of the convolution.");
  t.zero_();
  const int64_t each = t.size(0) / groups;
  for (int64_t g = 0; g < groups; ++g)
    for (int64_t d = 0; d < std::min(each, t.size(1)); ++d) {
      at::Tensor place = t.select(0, g * each + d).select(0, d);
      while (place.dim() > 0) place = place.select(0, place.size(0) / 2);
      place.fill_(1);
    }
}

void sparse(at::Tensor t, double sparsity, double deviation, at::Generator& generator) {
  const int64_t rows = t.size(0), columns = t.size(1);
  const auto zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  t.normal_(0, deviation, generator);
  for (int64_t c = 0; c < columns; ++c)
    t.select(1, c).index_fill_(
        0, at::randperm(rows, generator, at::TensorOptions().dtype(at::kLong)).narrow(0, 0, zeros), 0);
}

using Fill = void (*)(const Attributes&, at::Tensor, at::Generator&);

const std::map<std::string, Fill>& fills() {
  static const std::map<std::string, Fill> kFills{
      {"uniform",
       [](const Attributes& s, at::Tensor t, at::Generator& g) { t.uniform_(number(s, "a"), number(s, "b"), g); }},
      {"normal",
       [](const Attributes& s, at::Tensor t, at::Generator& g) { t.normal_(number(s, "mean"), number(s, "std"), g); }},
      {"trunc_normal",
       [](const Attributes& s, at::Tensor t, at::Generator& g) {
         truncatedNormal(std::move(t), number(s, "mean"), number(s, "std"), number(s, "a"), number(s, "b"), g);
       }},
      {"constant", [](const Attributes& s, at::Tensor t, at::Generator&) { t.fill_(number(s, "val")); }},
      {"ones", [](const Attributes&, at::Tensor t, at::Generator&) { t.fill_(1.0); }},
      {"zeros", [](const Attributes&, at::Tensor t, at::Generator&) { t.zero_(); }},
      {"eye",
       [](const Attributes&, at::Tensor t, at::Generator&) { t.copy_(at::eye(t.size(0), t.size(1), t.options())); }},
      {"dirac", [](const Attributes& s, at::Tensor t,
                   at::Generator&) { dirac(std::move(t), std::get<int64_t>(s.at("groups"))); }},
      {"xavier_uniform",
       [](const Attributes& s, at::Tensor t, at::Generator& g) {
         const double bound = std::sqrt(3.0) * xavierDeviation(s, t);
         t.uniform_(-bound, bound, g);
       }},
      {"xavier_normal",
       [](const Attributes& s, at::Tensor t, at::Generator& g) { t.normal_(0, xavierDeviation(s, t), g); }},
      {"kaiming_uniform",
       [](const Attributes& s, at::Tensor t, at::Generator& g) {
         if (t.numel() == 0) return;
         const double bound = std::sqrt(3.0) * kaimingDeviation(s, t);
         t.uniform_(-bound, bound, g);
       }},
      {"kaiming_normal",
       [](const Attributes& s, at::Tensor t, at::Generator& g) {
         if (t.numel() > 0) t.normal_(0, kaimingDeviation(s, t), g);
       }},
      {"orthogonal",
       [](const Attributes& s, at::Tensor t, at::Generator& g) { orthogonal(std::move(t), number(s, "gain"), g); }},
      {"sparse", [](const Attributes& s, at::Tensor t,
                    at::Generator& g) { sparse(std::move(t), number(s, "sparsity"), number(s, "std"), g); }},
      {"lsuv", [](const Attributes&, at::Tensor t, at::Generator& g) { orthogonal(std::move(t), 1, g); }},
  };
  return kFills;
}

bool isScaled(const Start& s) { return s.kind == "lsuv"; }

}  // namespace

bool needsData(const program::Program& program) {
  return std::any_of(program.starts.begin(), program.starts.end(), isScaled);
}

namespace {

// The instruction that reads the slot: this one, or of control flow one inside, where the slot is an input of a region.
const Instruction* readerOf(const Instruction& instruction, int slot) {
  const std::vector<int> read = inputs(instruction);
  const auto at = std::find(read.begin(), read.end(), slot);
  if (at == read.end()) return nullptr;
  if (!instruction.control) return &instruction;
  const auto fromEnd = static_cast<size_t>(read.end() - at);  // what is read and the region's inputs end alike
  for (const RegionPlan& region : instruction.control->regions) {
    if (fromEnd > region.inputs.size()) continue;
    for (const Instruction& inner : region.instructions)
      if (const Instruction* found = readerOf(inner, region.inputs[region.inputs.size() - fromEnd])) return found;
  }
  return nullptr;
}

}  // namespace

void scaleByData(const program::Program& program, const Plan& plan, const Weights& weight,
                 const std::function<void(const Seen&)>& pass) {
  // The first to read a weight is its layer; one after the other, since each changes what the next receive.
  std::map<std::pair<size_t, const Instruction*>, const Start*> layers;  // by their place
  for (const Start& s : program.starts) {                                // the last of several of a weight counts
    if (!isScaled(s)) continue;
    const int slot = program.states[static_cast<size_t>(s.state)].value.index;
    for (size_t i = 0; i < plan.forward.size(); ++i)
      if (const Instruction* layer = readerOf(plan.forward[i], slot)) {
        layers[{i, layer}] = &s;
        break;
      }
  }
  for (const auto& [place, start] : layers) {
    const Instruction* layer = place.second;
    for (int64_t i = 0; i < std::get<int64_t>(start->params.at("max_iter")); ++i) {
      double variance = 0;
      pass([&](const Instruction& instruction, const at::Tensor& result) {
        if (&instruction == layer && result.is_floating_point()) variance = result.var(false).item<double>();
      });
      if (!(variance > 0) || !std::isfinite(variance) || std::abs(variance - 1) < number(start->params, "tolerance"))
        break;
      weight(start->state).div_(std::sqrt(variance));
    }
  }
}

void fill(const std::string& function, const Attributes& params, const at::Tensor& target, at::Generator& generator) {
  fills().at(function)(params, target, generator);
}

void begin(const program::Program& program, const Weights& weight, at::Generator& generator) {
  for (const Start& start : program.starts) {
    const at::Tensor target = weight(start.state),
                     drawn = at::empty(target.sizes(), at::TensorOptions().dtype(target.dtype()));
    fill(start.kind, start.params, drawn, generator);
    target.copy_(drawn);
  }
}

}  // namespace netwright::engine
