// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/impute.h"

#include <algorithm>
#include <cmath>

#include "core/data/transforms/standardize.h"

namespace netwright::data {
namespace {

// Keeps all values: median and most frequent need them.
class Fillings final : public Fitter {
 public:
  Fillings(std::string strategy, size_t groups) : strategy_(std::move(strategy)), values_(groups) {}
  void add(size_t group, float value) override { values_[group].push_back(value); }
  FittedValues values() const override {
    std::vector<double> fillings;
    for (const std::vector<float>& values : values_) fillings.push_back(values.empty() ? 0 : filling(values));
    return {{"fill", std::move(fillings)}};
  }

 private:
  double filling(std::vector<float> values) const {
    if (strategy_ == "mean") {
      double sum = 0;
      for (const float v : values) sum += v;
      return sum / static_cast<double>(values.size());
    }
    std::sort(values.begin(), values.end());
    if (strategy_ == "most_frequent") return longestRun(values);
    const size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (double{values[half - 1]} + values[half]) / 2;
  }

  // Of several equally frequent ones the smallest.
  static double longestRun(const std::vector<float>& sorted) {
    double best = sorted.front();
    std::ptrdiff_t most = 0;
    for (auto from = sorted.begin(); from != sorted.end();) {
      const auto to = std::upper_bound(from, sorted.end(), *from);
      if (to - from > most) {
        most = to - from;
        best = *from;
      }
      from = to;
    }
    return best;
  }

  std::string strategy_;
  std::vector<std::vector<float>> values_;
};

class Constant final : public Fitter {
 public:
  Constant(double value, size_t groups) : value_(value), groups_(groups) {}
  void add(size_t, float) override {}
  FittedValues values() const override { return {{"fill", std::vector<double>(groups_, value_)}}; }

 private:
  double value_;
  size_t groups_;
};

}  // namespace

TransformSpec impute() {
  TransformSpec spec;
  spec.kind = "impute";
  spec.title = "Fill missing values";
  spec.doc =
      "Replaces missing numbers by the mean, the median or the most frequent value of the training samples, or by a "
      "constant; the fillings are stored with the run.";
  spec.params = {choiceParam("strategy", {"mean", "median", "most_frequent", "constant"})
                     .withDoc("What a missing number becomes.")
                     .asMain(),
                 floatParam("value", 0.0).withDoc("The number for the strategy constant."), columnsParam(), perParam()};
  spec.column = [](const ColumnSpec& in) { return numbersOnly("impute", in); };
  spec.fitter = [](const Attributes& params, size_t groups) -> std::unique_ptr<Fitter> {
    const std::string& strategy = text(params, "strategy");
    if (strategy == "constant") return std::make_unique<Constant>(number(params, "value"), groups);
    return std::make_unique<Fillings>(strategy, groups);
  };
  spec.makeFitted = [](const Attributes&, const FittedValues& values) -> GroupFunction {
    return [fill = values.at("fill")](float x, size_t g) { return std::isnan(x) ? static_cast<float>(fill[g]) : x; };
  };
  return spec;
}

}  // namespace netwright::data
