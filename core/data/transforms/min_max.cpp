// SPDX-License-Identifier: Apache-2.0
#include "core/data/transforms/min_max.h"

#include <algorithm>
#include <limits>

#include "core/data/transforms/standardize.h"

namespace netwright::data {
namespace {

class Range final : public Fitter {
 public:
  explicit Range(size_t groups)
      : low_(groups, std::numeric_limits<double>::max()), high_(groups, std::numeric_limits<double>::lowest()) {}
  void add(size_t group, float value) override {
    low_[group] = std::min<double>(low_[group], value);
    high_[group] = std::max<double>(high_[group], value);
  }
  FittedValues values() const override { return {{"min", low_}, {"max", high_}}; }

 private:
  std::vector<double> low_, high_;
};

}  // namespace

TransformSpec minMax() {
  TransformSpec spec;
  spec.kind = "min_max";
  spec.title = "Scale to a range";
  spec.doc =
      "Maps the smallest and the largest value of the training samples onto low and high; both are stored with the "
      "run. Constant features become low.";
  spec.params = {floatParam("low", 0.0).withDoc("What the smallest value becomes.").asMain(),
                 floatParam("high", 1.0).withDoc("What the largest value becomes.").asMain(), columnsParam(),
                 perParam()};
  spec.column = [](const ColumnSpec& in) { return numbersOnly("min_max", in); };
  spec.fitter = [](const Attributes&, size_t groups) { return std::make_unique<Range>(groups); };
  spec.makeFitted = [](const Attributes& params, const FittedValues& values) -> GroupFunction {
    return [low = number(params, "low"), high = number(params, "high"), min = values.at("min"), max = values.at("max")](
               float x, size_t g) {
      const double width = max[g] > min[g] ? max[g] - min[g] : 1;
      return static_cast<float>(low + (x - min[g]) / width * (high - low));
    };
  };
  return spec;
}

}  // namespace netwright::data
