// SPDX-License-Identifier: Apache-2.0
// What a network says about the validation samples, in little: a confusion matrix or pairs of numbers, and some samples
// with their inputs. Used by the training loop after each epoch.
#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/engine/network.h"
#include "core/run/message.h"
#include "core/train/meters.h"

namespace netwright::train {

// Batches come in the order of the samples. Needs memory for what it tells only.
class ValidationView {
 public:
  // `input`: the column that samples are shown by; -1 for none.
  ValidationView(const Measures& measures, const data::Dataset& dataset, int input, int64_t samples);

  bool possible() const { return kind_ != Kind::None; }
  void add(const engine::StepResult& result, const data::Batch& batch);
  // Nothing was added, or the output and the target have shapes that it cannot read: possible() is false.
  run::ValidationSeen told(int64_t epoch, int64_t step) const;

 private:
  enum class Kind { None, Scores, LogScores, Logit, Numbers };  // how an output says what it means
  struct Kept {
    run::ValidationSeen::Sample sample;
    double wrong = 0;
    HostTensor input;
  };
  bool fits(const HostTensor& output, const HostTensor& target);
  Kept judge(const HostTensor& output, const HostTensor& target, int64_t row) const;
  void keep(Kept kept, const data::Batch& batch, int64_t row, int64_t place);
  HostTensor rowOf(const HostTensor& column, int64_t row) const;

  Kind kind_ = Kind::None;
  const data::Dataset& dataset_;
  data::SampleNames names_;
  layers::MeasuredPlace output_;
  int target_ = -1, input_ = -1;
  int64_t samples_ = 0, seen_ = 0, values_ = 0;
  run::ValidationSeen told_;
  std::vector<Kept> steady_, worst_;  // worst_: the most wrong first
};

}  // namespace netwright::train
