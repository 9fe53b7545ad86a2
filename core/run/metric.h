// SPDX-License-Identifier: Apache-2.0
// Metrics, exact over samples: a ragged last batch counts by its samples, never as a mean of means. Torch-free.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::run {

// One batch's scores (N, C) as float32 and targets (N,) as int64, as the loss saw them.
struct MetricInput {
  const HostTensor& output;
  const HostTensor& target;
};

class Metric {
 public:
  virtual ~Metric() = default;
  virtual void add(const MetricInput& batch) = 0;
  virtual double value() const = 0;  // NaN before the first sample
  virtual void reset() = 0;
};

struct MetricSpec {
  std::string id, title, doc;
  bool higherIsBetter = true;
  std::unique_ptr<Metric> (*make)() = nullptr;
};

const std::vector<MetricSpec>& metrics();
const MetricSpec* findMetric(const std::string& id);

// Mean of per-batch values weighted by their samples: the loss over an epoch.
class SampleMean {
 public:
  void add(double mean, int64_t samples) {
    sum_ += mean * static_cast<double>(samples);
    samples_ += samples;
  }
  double value() const;  // NaN before the first sample
  void reset() { *this = {}; }

 private:
  double sum_ = 0;
  int64_t samples_ = 0;
};

}  // namespace netwright::run
