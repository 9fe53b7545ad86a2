// SPDX-License-Identifier: Apache-2.0
#include "core/run/metric.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace netwright::run {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// Calls use(scores, stride, label) for each labelled place: the score of class c is scores[c * stride].
template <class Use>
void forEachLabel(const MetricInput& batch, Use use) {
  const auto labels = batch.target.as<int64_t>();
  const auto scores = batch.output.as<float>();
  const auto samples = static_cast<size_t>(batch.target.shape.empty() ? 1 : batch.target.shape.front());
  const size_t classes = batch.output.shape.size() > 1 ? static_cast<size_t>(batch.output.shape[1]) : 1;
  const size_t places = samples ? labels.size() / samples : 0;
  for (size_t i = 0; i < labels.size(); ++i)
    if (!batch.ignore || labels[i] != *batch.ignore)
      use(scores.data() + i / places * classes * places + i % places, places, classes, labels[i]);
}

// The class with the highest score; of equal scores the first, as torch.argmax on the CPU.
int64_t chosen(const float* scores, size_t stride, size_t classes) {
  size_t best = 0;
  for (size_t c = 1; c < classes; ++c)
    if (scores[c * stride] > scores[best * stride]) best = c;
  return static_cast<int64_t>(best);
}

// Calls use(chosen, label): by the highest score, or for logits with 0/1 targets by their sign.
template <class Use>
void forEachChoice(const MetricInput& batch, Use use) {
  if (batch.target.dtype == DType::Int64)
    return forEachLabel(batch, [&](const float* scores, size_t stride, size_t classes, int64_t label) {
      use(chosen(scores, stride, classes), label);
    });
  const auto logits = batch.output.as<float>(), targets = batch.target.as<float>();
  for (size_t i = 0; i < targets.size(); ++i) use(int64_t{logits[i] > 0}, int64_t{targets[i] > 0.5F});
}

// Share of labels that are among the `k` highest scores.
template <int K>
class TopAccuracy final : public Metric {
 public:
  void add(const MetricInput& batch) override {
    if (K == 1) return forEachChoice(batch, [&](int64_t choice, int64_t label) { count(choice == label); });
    forEachLabel(batch, [&](const float* scores, size_t stride, size_t classes, int64_t label) {
      const float own = scores[static_cast<size_t>(label) * stride];
      int64_t above = 0;
      for (size_t c = 0; c < classes; ++c)
        above += scores[c * stride] > own || (scores[c * stride] == own && static_cast<int64_t>(c) < label);
      count(above < K);
    });
  }
  double value() const override { return samples_ > 0 ? correct_ / samples_ : kNothing; }
  std::vector<double> state() const override { return {correct_, samples_}; }
  void restore(const std::vector<double>& s) override { correct_ = s.at(0), samples_ = s.at(1); }

 private:
  void count(bool correct) {
    correct_ += correct;
    ++samples_;
  }
  double correct_ = 0, samples_ = 0;
};

// Per class: found and right, found and wrong, missed.
struct Counts {
  double right = 0, wrong = 0, missed = 0;
};
double precisionOf(const Counts& c) { return c.right + c.wrong > 0 ? c.right / (c.right + c.wrong) : 0; }
double recallOf(const Counts& c) { return c.right + c.missed > 0 ? c.right / (c.right + c.missed) : 0; }
double f1Of(const Counts& c) {
  const double all = 2 * c.right + c.wrong + c.missed;
  return all > 0 ? 2 * c.right / all : 0;
}

// Mean of a score over the classes that occur, as label or as choice (sklearn's average="macro", zero_division=0).
template <double (*Score)(const Counts&)>
class Macro final : public Metric {
 public:
  void add(const MetricInput& batch) override {
    forEachChoice(batch, [&](int64_t choice, int64_t label) {
      if (choice == label) return void(++counts_[label].right);
      ++counts_[choice].wrong;
      ++counts_[label].missed;
    });
  }
  double value() const override {
    double sum = 0;
    for (const auto& [label, counts] : counts_) sum += Score(counts);
    return counts_.empty() ? kNothing : sum / static_cast<double>(counts_.size());
  }
  std::vector<double> state() const override {
    std::vector<double> all;
    for (const auto& [label, c] : counts_)
      all.insert(all.end(), {static_cast<double>(label), c.right, c.wrong, c.missed});
    return all;
  }
  void restore(const std::vector<double>& s) override {
    counts_.clear();
    for (size_t i = 0; i + 3 < s.size(); i += 4) counts_[static_cast<int64_t>(s[i])] = {s[i + 1], s[i + 2], s[i + 3]};
  }

 private:
  std::map<int64_t, Counts> counts_;
};

// Sums over all numbers: distances, squared distances, and the spread of the targets (Welford 1962).
class Distances : public Metric {
 public:
  void add(const MetricInput& batch) override {
    const auto outputs = batch.output.as<float>(), targets = batch.target.as<float>();
    for (size_t i = 0; i < targets.size(); ++i) {
      const double y = targets[i], d = y - outputs[i];
      absolute_ += std::abs(d);
      squared_ += d * d;
      const double before = y - mean_;
      mean_ += before / ++count_;
      spread_ += before * (y - mean_);
    }
  }
  std::vector<double> state() const override { return {count_, absolute_, squared_, mean_, spread_}; }
  void restore(const std::vector<double>& s) override {
    count_ = s.at(0), absolute_ = s.at(1), squared_ = s.at(2), mean_ = s.at(3), spread_ = s.at(4);
  }

 protected:
  double count_ = 0, absolute_ = 0, squared_ = 0, mean_ = 0, spread_ = 0;
};
class MeanAbsoluteError final : public Distances {
 public:
  double value() const override { return count_ > 0 ? absolute_ / count_ : kNothing; }
};
class RootMeanSquaredError final : public Distances {
 public:
  double value() const override { return count_ > 0 ? std::sqrt(squared_ / count_) : kNothing; }
};
class Determination final : public Distances {
 public:
  double value() const override { return spread_ > 0 ? 1 - squared_ / spread_ : kNothing; }
};

template <class T>
std::unique_ptr<Metric> make() {
  return std::make_unique<T>();
}

}  // namespace

const std::vector<MetricSpec>& metrics() {
  static const std::vector<MetricSpec> kMetrics{
      {"accuracy", "Accuracy", "Share of samples whose class was recognised.", Task::Classes, true,
       make<TopAccuracy<1>>},
      {"top5", "Top-5 accuracy", "Share of samples whose class is among the five highest scores.", Task::Classes, true,
       make<TopAccuracy<5>>},
      {"precision", "Precision (macro)", "Of what was taken for a class, the share that is; mean over the classes.",
       Task::Classes, true, make<Macro<precisionOf>>},
      {"recall", "Recall (macro)", "Of what is in a class, the share that was found; mean over the classes.",
       Task::Classes, true, make<Macro<recallOf>>},
      {"f1", "F1 (macro)", "Harmonic mean of precision and recall; mean over the classes.", Task::Classes, true,
       make<Macro<f1Of>>},
      {"mae", "Mean absolute error", "Mean distance from the target, in the target's unit.", Task::Numbers, false,
       make<MeanAbsoluteError>},
      {"rmse", "Root mean squared error", "Typical distance from the target; large errors count more.", Task::Numbers,
       false, make<RootMeanSquaredError>},
      {"r2", "R²", "Share of the targets' variance that is explained: 1 is perfect, 0 no better than the mean.",
       Task::Numbers, true, make<Determination>},
  };
  return kMetrics;
}

const MetricSpec* findMetric(const std::string& id) {
  const auto& all = metrics();
  const auto it = std::find_if(all.begin(), all.end(), [&](const MetricSpec& m) { return m.id == id; });
  return it == all.end() ? nullptr : &*it;
}

double WeightedMean::value() const { return weight_ > 0 ? sum_ / weight_ : kNothing; }
void WeightedMean::restore(const std::vector<double>& state) { sum_ = state.at(0), weight_ = state.at(1); }

}  // namespace netwright::run
