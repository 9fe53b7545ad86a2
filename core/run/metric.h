// SPDX-License-Identifier: Apache-2.0
// Metrics, exact over samples: a ragged last batch counts by its samples, never as a mean of means. Torch-free.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::run {

// One batch as the loss saw it. Classes: scores (N, C, *) as float32 and labels (N, *) as int64, or logits and 0/1
// targets of one shape, both float32. Numbers: both float32, equally many.
struct MetricInput {
  const HostTensor& output;
  const HostTensor& target;
  std::optional<int64_t> ignore = {};  // samples with this label do not count
};

// One thread. What is kept is a sum over samples, so batches may come in any size, and a state restored goes on
// exactly.
class Metric {
 public:
  virtual ~Metric() = default;
  virtual void add(const MetricInput& batch) = 0;
  virtual double value() const = 0;  // NaN before the first sample
  virtual std::vector<double> state() const = 0;
  virtual void restore(const std::vector<double>& state) = 0;  // of state() of the same kind
};

enum class Task { Classes, Numbers };  // what the target holds

struct MetricSpec {
  std::string id, title, doc;
  Task task = Task::Classes;
  bool higherIsBetter = true;
  std::unique_ptr<Metric> (*make)() = nullptr;
};

const std::vector<MetricSpec>& metrics();
const MetricSpec* findMetric(const std::string& id);

// Mean of per-batch means, each weighted by what it is a mean over: the loss over an epoch.
class WeightedMean {
 public:
  void add(double mean, double weight) {
    if (weight == 0) return;  // a batch of ignored samples has no mean
    sum_ += mean * weight;
    weight_ += weight;
  }
  double value() const;  // NaN before the first sample
  std::vector<double> state() const { return {sum_, weight_}; }
  void restore(const std::vector<double>& state);

 private:
  double sum_ = 0, weight_ = 0;
};

}  // namespace netwright::run
