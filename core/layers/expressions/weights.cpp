// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"

namespace netwright::layers::expressions {

const std::vector<StartSpec>& starts() {
  static const std::vector<StartSpec> kStarts{
      {"constant", "constant(value)", "All the same number.", {0}, 1},
      {"dirac", "dirac(groups=1)", "A convolution begins by passing its channels on.", {1}, 0, 3, 5},
      {"eye", "eye", "The identity matrix.", {}, 0, 2, 2},
      {"kaiming_normal", "kaiming_normal(a=0)", "He's normal distribution for leaky ReLU of slope a, by fan-in.", {0}},
      {"kaiming_uniform",
       "kaiming_uniform(a=0)",
       "He's uniform distribution for leaky ReLU of slope a, by fan-in.",
       {0}},
      {"normal", "normal(mean=0, std=1)", "A normal distribution.", {0, 1}},
      {"ones", "ones", "All 1.", {}},
      {"orthogonal", "orthogonal(gain=1)", "Rows at right angles (Saxe et al. 2013).", {1}, 0, 2},
      {"sparse",
       "sparse(sparsity, std=0.01)",
       "Zeros, but for some normal numbers in each column.",
       {0, 0.01},
       1,
       2,
       2},
      {"trunc_normal",
       "trunc_normal(mean=0, std=1, a=-2, b=2)",
       "A normal distribution without what lies beyond a and b.",
       {0, 1, -2, 2}},
      {"uniform", "uniform(a=0, b=1)", "Evenly between a and b.", {0, 1}},
      {"xavier", "xavier(gain=1)", "As xavier_uniform.", {1}},
      {"xavier_normal", "xavier_normal(gain=1)", "Glorot's normal distribution.", {1}},
      {"xavier_uniform", "xavier_uniform(gain=1)", "Glorot's uniform distribution.", {1}},
      {"zeros", "zeros", "All 0.", {}}};
  return kStarts;
}

bool isStart(const std::string& name) {
  return std::any_of(starts().begin(), starts().end(), [&](const StartSpec& s) { return s.name == name; });
}

const StartSpec& startSpec(const std::string& name) {
  return *std::find_if(starts().begin(), starts().end(), [&](const StartSpec& s) { return s.name == name; });
}

std::vector<std::string> numberNames(const StartSpec& spec) {
  if (spec.defaults.empty()) return {};
  std::vector<std::string> names =
      words(spec.signature.substr(spec.name.size() + 1, spec.signature.size() - spec.name.size() - 2));
  for (std::string& name : names) name = name.substr(0, name.find('='));
  return names;
}

namespace {

// By the functions that the engine has beside plain distributions.
std::variant<Initialiser, std::string> byFunction(const Start& start, const std::vector<int64_t>& sizes) {
  const StartSpec& spec = startSpec(start.name);
  if (sizes.size() < spec.lowest || sizes.size() > spec.highest) {
    const std::string wanted = spec.highest == SIZE_MAX ? fmt::format("{} dimensions at least", spec.lowest)
                               : spec.lowest == spec.highest
                                   ? fmt::format("{} dimensions", spec.lowest)
                                   : fmt::format("{} to {} dimensions", spec.lowest, spec.highest);
    return fmt::format("'{}' is for weights of {}, but this one has {}", start.name, wanted, sizes.size());
  }
  const std::vector<std::string> names = numberNames(spec);
  Attributes params;
  for (size_t i = 0; i < names.size(); ++i) {
    const double v = start.numbers[i];
    if (!std::isfinite(v)) return fmt::format("{} must be a finite number, but is {}", names[i], v);
    if (names[i] == "std" && v < 0) return fmt::format("std must not be negative, but is {}", v);
    if (names[i] == "sparsity" && (v < 0 || v > 1)) return fmt::format("sparsity must be from 0 to 1, but is {}", v);
    params[names[i]] = v;
  }
  if (start.name == "trunc_normal" && start.numbers[2] >= start.numbers[3])
    return fmt::format("a ({}) must be below b ({})", start.numbers[2], start.numbers[3]);
  if (start.name == "dirac") {
    const double groups = start.numbers[0];
    if (groups < 1 || groups > static_cast<double>(sizes[0]) || std::floor(groups) != groups ||
        sizes[0] % static_cast<int64_t>(groups) != 0)
      return fmt::format("groups must be a whole number that divides {}, but is {}", sizes[0], groups);
    params["groups"] = static_cast<int64_t>(groups);
  }
  return init::function(start.name, std::move(params));
}

}  // namespace

std::variant<Initialiser, std::string> initialiserOf(const Start& start, const std::vector<int64_t>& sizes) {
  const std::string& name = start.name;
  const auto number = [&](size_t i) { return start.numbers[i]; };
  if (name == "zeros") return init::zeros();
  if (name == "ones") return init::ones();
  if (name == "constant") return init::fill(number(0));
  if (name == "normal") {
    if (number(1) < 0) return fmt::format("std must not be negative, but is {}", number(1));
    return init::normal(number(0), number(1));
  }
  if (name == "uniform") {
    if (number(0) > number(1)) return fmt::format("a ({}) must not be above b ({})", number(0), number(1));
    return init::uniform(number(0), number(1));
  }
  if (name == "dirac" || name == "eye" || name == "orthogonal" || name == "sparse" || name == "trunc_normal")
    return byFunction(start, sizes);
  if (sizes.size() < 2)
    return fmt::format(
        "'{}' counts inputs and outputs, so the weight needs two dimensions at least; use normal, uniform, zeros "
        "or ones",
        name);
  int64_t places = 1;
  for (size_t i = 2; i < sizes.size(); ++i) places *= sizes[i];
  const int64_t fanIn = sizes[1] * places, fanOut = sizes[0] * places;
  if (fanIn == 0 || fanOut == 0) return Initialiser{};
  if (name.starts_with("kaiming")) {  // in the very expressions of torch.nn.init, for equal bits
    const double gain = std::sqrt(2.0 / (1 + number(0) * number(0))),
                 deviation = gain / std::sqrt(static_cast<double>(fanIn));
    const double bound = std::sqrt(3.0) * deviation;
    return name == "kaiming_normal" ? init::normal(0, deviation) : init::uniform(-bound, bound);
  }
  const double deviation = number(0) * std::sqrt(2.0 / static_cast<double>(fanIn + fanOut)),
               bound = std::sqrt(3.0) * deviation;
  return name == "xavier_normal" ? init::normal(0, std::abs(deviation))
                                 : init::uniform(-std::abs(bound), std::abs(bound));
}

}  // namespace netwright::layers::expressions
