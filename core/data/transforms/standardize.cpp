// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/standardize.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"

namespace netwright::data {
namespace {

// Welford's running mean and sum of squared differences: exact enough for any order of magnitude.
class Moments final : public Fitter {
 public:
  explicit Moments(size_t groups) : count_(groups), mean_(groups), squares_(groups) {}

  void add(size_t group, float value) override {
    const double before = value - mean_[group];
    mean_[group] += before / ++count_[group];
    squares_[group] += before * (value - mean_[group]);
  }

  FittedValues values() const override {
    std::vector<double> deviations(count_.size(), 1);
    for (size_t g = 0; g < count_.size(); ++g) {
      const double deviation = count_[g] > 0 ? std::sqrt(squares_[g] / count_[g]) : 0;
      // A feature that is constant but for rounding would blow up noise; it stays near 0 instead.
      if (deviation > 1e-9 * std::abs(mean_[g])) deviations[g] = deviation;
    }
    return {{"mean", mean_}, {"std", std::move(deviations)}};
  }

 private:
  std::vector<double> count_, mean_, squares_;
};

}  // namespace

ColumnSpec numbersOnly(const std::string& kind, const ColumnSpec& column) {
  if (!isFloating(column.dtype))
    failInput(
        fmt::format("Transform '{}' expects float32 but column '{}' holds {}.", kind, column.name, name(column.dtype)),
        "", "Put 'to_float' before it.");
  return column;
}

TransformSpec standardize() {
  TransformSpec spec;
  spec.kind = "standardize";
  spec.title = "Standardise";
  spec.doc =
      "Subtracts the mean and divides by the standard deviation, both learnt from the training samples and stored with "
      "the run. Constant features become 0.";
  spec.params = {columnsParam(), perParam()};
  spec.column = [](const ColumnSpec& in) { return numbersOnly("standardize", in); };
  spec.fitter = [](const Attributes&, size_t groups) { return std::make_unique<Moments>(groups); };
  spec.makeFitted = [](const Attributes&, const FittedValues& values) -> GroupFunction {
    return [mean = values.at("mean"), deviation = values.at("std")](float x, size_t g) {
      return static_cast<float>((x - mean[g]) / deviation[g]);
    };
  };
  return spec;
}

}  // namespace netwright::data
