// SPDX-License-Identifier: Apache-2.0
#include "core/run/metric.h"

#include <algorithm>
#include <limits>

namespace netwright::run {
namespace {

// Share of samples whose largest score is at the target; of equal scores the first counts, as torch.argmax on CPU.
class Accuracy final : public Metric {
 public:
  void add(const MetricInput& batch) override {
    const auto targets = batch.target.as<int64_t>();
    const auto scores = batch.output.as<float>();
    const size_t classes = targets.empty() ? 0 : scores.size() / targets.size();
    for (size_t i = 0; i < targets.size(); ++i) {
      const auto row = scores.subspan(i * classes, classes);
      correct_ += std::max_element(row.begin(), row.end()) - row.begin() == targets[i];
    }
    samples_ += static_cast<int64_t>(targets.size());
  }
  double value() const override {
    return samples_ ? static_cast<double>(correct_) / static_cast<double>(samples_)
                    : std::numeric_limits<double>::quiet_NaN();
  }
  void reset() override { correct_ = samples_ = 0; }

 private:
  int64_t correct_ = 0, samples_ = 0;
};

}  // namespace

const std::vector<MetricSpec>& metrics() {
  static const std::vector<MetricSpec> kMetrics{{"accuracy", "Accuracy", "Share of samples whose class was recognised.",
                                                 true,
                                                 [] { return std::unique_ptr<Metric>(std::make_unique<Accuracy>()); }}};
  return kMetrics;
}

const MetricSpec* findMetric(const std::string& id) {
  const auto& all = metrics();
  const auto it = std::find_if(all.begin(), all.end(), [&](const MetricSpec& m) { return m.id == id; });
  return it == all.end() ? nullptr : &*it;
}

double SampleMean::value() const {
  return samples_ ? sum_ / static_cast<double>(samples_) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace netwright::run
