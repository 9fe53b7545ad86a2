// SPDX-License-Identifier: Apache-2.0
// Loss and metrics over the batches of an epoch or a split, exact over the samples. Used by the session and by
// evaluation.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/batch.h"
#include "core/engine/network.h"
#include "core/project/prepare.h"
#include "core/run/config.h"
#include "core/run/metric.h"

namespace netwright::train {

// What is measured in a run: worked out once from its settings.
struct Measures {
  struct Term {        // of program.losses, in their order
    std::string name;  // of its curve, where there are several: "loss/1-cross_entropy", "loss/kl"
    double weight = 1;
    int target = -1;                   // column
    std::vector<double> classWeights;  // empty: all 1
    std::optional<int64_t> ignore;     // label that does not count
  };
  std::vector<Term> terms;
  std::vector<project::Prepared::Metric> metrics;
  // What the first loss with a target compares, for those who look at single samples.
  std::string loss;  // its layer; empty: there is none
  layers::MeasuredPlace place;
  int target = -1;
};
Measures measuresOf(const project::Prepared& prepared);

// The values of a place in a step's result.
const HostTensor& valueAt(const engine::StepResult& result, const layers::MeasuredPlace& place);

class Meters {
 public:
  explicit Meters(const Measures& measures);

  void add(const engine::StepResult& result, const data::Batch& batch);
  double loss() const;                           // weighted sum of the terms' means
  std::map<std::string, double> values() const;  // "loss", the metrics by name, the terms where there are several

  // For checkpoints: what has been gathered so far.
  std::map<std::string, std::vector<double>> means() const, metrics() const;
  void restore(const std::map<std::string, std::vector<double>>& means,
               const std::map<std::string, std::vector<double>>& metrics);

 private:
  const Measures& measures_;
  std::vector<run::WeightedMean> terms_;
  std::vector<std::unique_ptr<run::Metric>> metrics_;
};

}  // namespace netwright::train
