// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/normalize.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace netwright::data {
namespace {

std::vector<float> floats(const Attributes& params, const std::string& name) {
  const std::vector<double> all = numbers(params.at(name)).value();
  return {all.begin(), all.end()};
}

// One for each group.
std::vector<float> spread(std::vector<float> all, const std::string& name, size_t groups) {
  if (all.size() == 1) all.resize(groups, all.front());
  if (all.size() != groups)
    failInput(fmt::format("Transform 'normalize': {} has {} numbers, but there {} {} channel{}.", name, all.size(),
                          groups == 1 ? "is" : "are", groups, groups == 1 ? "" : "s"),
              "", "Give one number for all, or one for each channel.");
  return all;
}

}  // namespace

TransformSpec normalize() {
  TransformSpec spec;
  spec.kind = "normalize";
  spec.title = "Normalise";
  spec.doc = "Subtracts the mean and divides by the standard deviation.";
  spec.params = {
      floatListParam("mean", {0.5})
          .withDoc("Subtracted from each value, one number or one for each channel; 0.1307 for MNIST in 0 to 1, 0.485 "
                   "0.456 0.406 for networks that were trained on ImageNet.")
          .asMain(),
      floatListParam("std", {0.5})
          .above(0)
          .withDoc("Divides each value, one number or one for each channel; 0.3081 for MNIST in 0 to 1, 0.229 0.224 "
                   "0.225 for ImageNet.")
          .asMain(),
  };
  spec.column = [](const ColumnSpec& in) {
    if (!isFloating(in.dtype))
      failInput(fmt::format("Transform 'normalize' expects float32 but column '{}' holds {}.", in.name, name(in.dtype)),
                "", "Put 'to_float' before it.");
    return in;
  };
  // In float32, operation by operation as PyTorch does it: the same bits.
  spec.make = [](const Attributes& params) {
    return [mean = floats(params, "mean").front(), std = floats(params, "std").front()](float x) {
      return (x - mean) / std;
    };
  };
  spec.makeGrouped = [](const Attributes& params, size_t groups) -> GroupFunction {
    const std::vector<float> mean = floats(params, "mean"), std = floats(params, "std");
    if (mean.size() == 1 && std.size() == 1) return {};
    return [mean = spread(mean, "mean", groups), std = spread(std, "std", groups)](float x, size_t group) {
      return (x - mean[group]) / std[group];
    };
  };
  return spec;
}

}  // namespace netwright::data
