// SPDX-License-Identifier: Apache-2.0
// What a schedule is: a file in core/run/schedules has a function that returns it. Each goes the way of its class in
// torch.optim.lr_scheduler, step by step, so that chains and sequences come out as there.
#pragma once

#include <functional>
#include <memory>

#include "core/run/schedule.h"

namespace netwright::run {

// What schedules change: PyTorch's settings of a group of parameters.
struct Rates {
  double base = 0;                 // the optimiser's own rate
  double rate = 0;                 // now
  std::optional<double> initial;   // the rate that later schedules start from ("initial_lr")
  std::optional<double> momentum;  // now, where one cycles it
};

// A schedule on its way. A step is one of the optimiser or an epoch, as its interval says.
class Course {
 public:
  virtual ~Course() = default;
  virtual void begin(Rates& rates) = 0;    // as PyTorch's constructor
  virtual void start(Rates& rates) = 0;    // sets the rate of step 0, first of all schedules
  virtual void restart(Rates& rates) = 0;  // the same in the middle of a run, whatever the rate was
  virtual void advance(Rates& rates) = 0;  // the next step
};

// A schedule that computes a rate from its step.
class SimpleCourse : public Course {
 public:
  void begin(Rates& rates) override {
    if (!rates.initial) rates.initial = rates.rate;
    base_ = *rates.initial;
    start(rates);
  }
  void start(Rates& rates) override {
    at_ = 0;
    rates.rate = first(rates);
  }
  void restart(Rates& rates) override {
    at_ = 0;
    rates.rate = anew(rates);
  }
  void advance(Rates& rates) override {
    ++at_;
    rates.rate = next(rates);
  }

 protected:
  virtual double first(Rates& rates) { return rates.rate; }
  virtual double anew(Rates&) { return base_; }
  virtual double next(Rates& rates) = 0;  // at step at_
  double at() const { return static_cast<double>(at_); }

  double base_ = 0;
  int64_t at_ = 0;
};

struct ScheduleSpec {
  std::string id, title, torchName, doc;
  std::vector<ParamSpec> params;
  // `length`: steps that it has. Nothing for the plateau, which waits for the loss. `parts` have begun nowhere yet.
  using Parts = std::vector<std::unique_ptr<Course>>;
  std::function<std::unique_ptr<Course>(const Attributes& params, int64_t length, Parts parts)> make;
  std::string usualParts;  // of those that combine others: what one may begin with, as text
  bool watches = false;    // waits for the loss of each epoch: stands alone

  bool combines() const { return !usualParts.empty(); }
  const ParamSpec* findParam(const std::string& name) const;
};

template <class T>
auto courseOf() {
  return [](const Attributes& params, int64_t length, ScheduleSpec::Parts) -> std::unique_ptr<Course> {
    return std::make_unique<T>(params, length);
  };
}

// "epoch" or "step": what a step of the schedule is; the first is the default. Parts follow the schedule around them.
ParamSpec intervalParam(const char* usual);
double numberOf(const Attributes& params, const char* name);
int64_t wholeOf(const Attributes& params, const char* name);
std::vector<int64_t> wholesOf(const Attributes& params, const char* name);  // of a list
// That number of steps, or all there are where it is 0.
int64_t stepsOf(const Attributes& params, const char* name, int64_t length);
// From `start` to `end` along half a cosine, or straight; share in [0, 1].
double annealed(double start, double end, double share, bool straight = false);

}  // namespace netwright::run
