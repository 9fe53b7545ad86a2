// SPDX-License-Identifier: Apache-2.0
#include "core/train/validation_view.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

namespace netwright::train {
namespace {

constexpr int64_t kSteady = 12, kPairs = 1000, kMostClasses = 100, kMostEntries = 4096;
constexpr size_t kWorst = 12;

// Whether the sample at `place` of `count` is one of `wanted` that lie evenly.
bool chosen(int64_t place, int64_t count, int64_t wanted) {
  return count <= wanted || place * wanted / count != (place + 1) * wanted / count;
}

double number(const HostTensor& t, int64_t at) {
  return t.dtype == DType::Int64 ? static_cast<double>(t.as<int64_t>()[static_cast<size_t>(at)])
                                 : static_cast<double>(t.as<float>()[static_cast<size_t>(at)]);
}

}  // namespace

ValidationView::ValidationView(const Measures& measures, const data::Dataset& dataset, int input, int64_t samples)
    : dataset_(dataset), names_(dataset.sampleNames()), input_(input), samples_(samples) {
  if (measures.loss.empty() || samples == 0) return;
  const std::string& loss = measures.loss;
  output_ = measures.place;
  target_ = measures.target;
  if (loss == "cross_entropy") kind_ = Kind::Scores;
  if (loss == "nll") kind_ = Kind::LogScores;
  if (loss == "bce_with_logits") kind_ = Kind::Logit;
  if (loss == "mse" || loss == "l1" || loss == "huber") kind_ = Kind::Numbers;
}

// Decided by the first batch: one class or number for each sample (of several numbers all go into the pairs).
bool ValidationView::fits(const HostTensor& output, const HostTensor& target) {
  if (output.shape.empty() || output.shape.front() == 0) return false;
  const int64_t rows = output.shape.front();
  values_ = output.count() / rows;
  if (output.dtype != DType::Float32) return false;
  if (kind_ == Kind::Numbers) return target.dtype == DType::Float32 && target.count() == output.count();
  if (kind_ == Kind::Logit) return values_ == 1 && target.dtype == DType::Float32 && target.count() == rows;
  return output.shape.size() == 2 && values_ > 1 && target.dtype == DType::Int64 && target.count() == rows;
}

void ValidationView::add(const engine::StepResult& result, const data::Batch& batch) {
  if (kind_ == Kind::None) return;
  const HostTensor& output = valueAt(result, output_);
  const HostTensor& target = batch.columns[static_cast<size_t>(target_)].tensor;
  if (!fits(output, target)) {
    kind_ = Kind::None;
    return;
  }
  const int64_t classes = kind_ == Kind::Logit ? 2 : values_;
  if (seen_ == 0 && kind_ != Kind::Numbers) {
    told_.classes = dataset_.columns()[static_cast<size_t>(target_)].classes;
    for (auto i = static_cast<int64_t>(told_.classes.size()); i < classes; ++i)
      told_.classes.push_back(std::to_string(i));
    told_.classes.resize(static_cast<size_t>(classes));
    if (classes <= kMostClasses) told_.confusion.assign(static_cast<size_t>(classes * classes), 0);
  }
  for (int64_t row = 0; row < batch.size(); ++row, ++seen_) {
    Kept kept = judge(output, target, row);
    kept.sample.sample = batch.samples[static_cast<size_t>(row)];
    const auto truth = static_cast<int64_t>(kept.sample.truth), predicted = static_cast<int64_t>(kept.sample.predicted);
    if (!told_.confusion.empty() && truth >= 0 && truth < classes)
      ++told_.confusion[static_cast<size_t>(truth * classes + predicted)];
    if (kind_ == Kind::Numbers)
      for (int64_t i = 0; i < values_; ++i)
        if (chosen(seen_ * values_ + i, samples_ * values_, kPairs)) {
          told_.truths.push_back(number(target, row * values_ + i));
          told_.predictions.push_back(number(output, row * values_ + i));
        }
    keep(std::move(kept), batch, row, seen_);
  }
}

// What the output says about one sample, and how wrong it is.
ValidationView::Kept ValidationView::judge(const HostTensor& output, const HostTensor& target, int64_t row) const {
  Kept kept;
  const auto values = output.as<float>().subspan(static_cast<size_t>(row * values_), static_cast<size_t>(values_));
  kept.sample.truth = number(target, kind_ == Kind::Numbers ? row * values_ : row);
  if (kind_ == Kind::Numbers) {
    kept.sample.predicted = static_cast<double>(values.front());
    kept.wrong = std::abs(kept.sample.predicted - kept.sample.truth);
    return kept;
  }
  if (kind_ == Kind::Logit) {
    const double one = 1 / (1 + std::exp(-static_cast<double>(values.front())));
    kept.sample.predicted = one > 0.5;
    kept.sample.share = std::max(one, 1 - one);
  } else {
    const auto top = std::max_element(values.begin(), values.end());
    double sum = 0;
    for (const float v : values) sum += std::exp(static_cast<double>(v - *top));
    kept.sample.predicted = static_cast<double>(top - values.begin());
    kept.sample.share = kind_ == Kind::Scores ? 1 / sum : std::exp(static_cast<double>(*top));
  }
  kept.wrong = kept.sample.predicted == kept.sample.truth ? 0 : kept.sample.share;
  return kept;
}

void ValidationView::keep(Kept kept, const data::Batch& batch, int64_t row, int64_t place) {
  const bool steady = chosen(place, samples_, kSteady);
  const bool worst = kept.wrong > 0 && (worst_.size() < kWorst || kept.wrong > worst_.back().wrong);
  if (!steady && !worst) return;
  if (input_ >= 0) kept.input = rowOf(batch.columns[static_cast<size_t>(input_)].tensor, row);
  if (steady) steady_.push_back(kept);
  if (!worst) return;
  kept.sample.worst = true;
  const auto at = std::upper_bound(worst_.begin(), worst_.end(), kept.wrong,
                                   [](double wrong, const Kept& k) { return wrong > k.wrong; });
  worst_.insert(at, std::move(kept));
  if (worst_.size() > kWorst) worst_.pop_back();
}

HostTensor ValidationView::rowOf(const HostTensor& column, int64_t row) const {
  std::vector<int64_t> shape(column.shape.begin() + 1, column.shape.end());
  if (elementCount(shape) > kMostEntries) return {};
  HostTensor one(column.dtype, std::move(shape));
  std::memcpy(one.bytes.data(), column.bytes.data() + static_cast<size_t>(row) * one.bytes.size(), one.bytes.size());
  return one;
}

run::ValidationSeen ValidationView::told(int64_t epoch, int64_t step) const {
  run::ValidationSeen all = told_;
  all.epoch = epoch;
  all.step = step;
  all.samples = seen_;
  HostTensor inputs;
  int64_t count = 0;
  for (const auto* list : {&steady_, &worst_})
    for (const Kept& kept : *list) {
      all.shown.push_back(kept.sample);
      all.shown.back().name = names_(kept.sample.sample);
      if (kept.input.shape.empty() && kept.input.bytes.empty()) continue;
      if (count == 0) inputs = {kept.input.dtype, {}}, inputs.shape = kept.input.shape, inputs.bytes.clear();
      inputs.bytes.insert(inputs.bytes.end(), kept.input.bytes.begin(), kept.input.bytes.end());
      ++count;
    }
  if (count > 0 && count == static_cast<int64_t>(all.shown.size())) {
    inputs.shape.insert(inputs.shape.begin(), count);
    all.inputs.push_back({"inputs", std::move(inputs)});
  }
  return all;
}

}  // namespace netwright::train
