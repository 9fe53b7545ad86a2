// SPDX-License-Identifier: Apache-2.0
// Learning-rate schedules: the rate of each optimiser step, and what they remember. Values follow
// torch.optim.lr_scheduler. Torch-free; used by the session, and by forms to plot what is coming.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/param_spec.h"

namespace netwright::run {

struct Schedule {
  std::string kind = "constant";
  Attributes params;    // missing ones take their defaults
  std::string unknown;  // as in RunConfig
  bool operator==(const Schedule&) const = default;
};

struct ScheduleSpec {
  std::string id, title, torchName, doc;
  std::vector<ParamSpec> params;
};
const std::vector<ScheduleSpec>& schedules();
const ScheduleSpec* findSchedule(const std::string& id);
Attributes completeParams(const Schedule& schedule);

// How long a run is, in optimiser steps.
struct RunLength {
  int64_t steps = 0, stepsPerEpoch = 1;
};

// The rate of one objective. Everything but the plateau is a pure function of the step, so a resumed run goes on
// exactly.
class Scheduler {
 public:
  // What a checkpoint keeps.
  struct State {
    double base = 0;                                         // the optimiser's rate, as set or changed in flight
    double factor = 1;                                       // of the plateau
    double best = std::numeric_limits<double>::quiet_NaN();  // lowest watched value; NaN before the first
    int64_t badEpochs = 0, cooldown = 0;
    bool operator==(const State&) const = default;
  };
  Scheduler(const Schedule& schedule, double base, RunLength length);

  double rate(int64_t step) const;  // of the optimiser step with this number; counts from 0
  void epochEnded(double watched);  // lower is better
  void setBase(double rate) { state_.base = rate; }
  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  double number(const char* param) const;
  double cosine(int64_t step) const;
  double oneCycle(int64_t step) const;
  std::string kind_;
  Attributes params_;
  RunLength length_;
  State state_;
};

}  // namespace netwright::run
