// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace netwright::layers::expressions {

const std::vector<StartSpec>& starts() {
  static const std::vector<StartSpec> kStarts{
      {"constant", "constant(value)", "All the same number.", {0}},
      {"kaiming_normal", "kaiming_normal(a=0)", "He's normal distribution for leaky ReLU of slope a, by fan-in.", {0}},
      {"kaiming_uniform",
       "kaiming_uniform(a=0)",
       "He's uniform distribution for leaky ReLU of slope a, by fan-in.",
       {0}},
      {"normal", "normal(mean=0, std=1)", "A normal distribution.", {0, 1}},
      {"ones", "ones", "All 1.", {}},
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
