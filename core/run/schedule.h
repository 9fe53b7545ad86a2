// SPDX-License-Identifier: Apache-2.0
// Learning-rate schedules: the rate (and momentum) of each optimiser step, and what they remember. Values follow
// torch.optim.lr_scheduler. Torch-free; used by the session, and by forms to plot what is coming.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/diagnostic.h"
#include "core/base/param_spec.h"

namespace netwright::run {

struct Schedule {
  std::string kind = "constant";
  Attributes params;            // missing ones take their defaults
  std::string unknown;          // as in RunConfig
  std::vector<Schedule> parts;  // of those that combine others, in their order
  bool operator==(const Schedule&) const = default;
};

struct ScheduleSpec;  // schedule_spec.h
const std::vector<ScheduleSpec>& schedules();
const ScheduleSpec* findSchedule(const std::string& id);
Attributes completeParams(const Schedule& schedule);
bool cyclesMomentum(const Schedule& schedule);  // itself or a part
// Unknown kinds and parameters, values out of range, parts that cannot be combined.
Diagnostics checkSchedule(const Schedule& schedule);

// One line: "step(step_size=3)", "sequential(linear(total_iters=5), cosine, milestones=[5])".
std::string text(const Schedule& schedule);
// Reads that. Throws Error{Input} that names the place, the parameter or the kind with the nearest known one.
Schedule scheduleFromText(const std::string& text);
// The parts alone: "linear(total_iters=5), cosine".
std::string partsText(const Schedule& schedule);
std::vector<Schedule> partsFromText(const std::string& text);

// How long a run is, in optimiser steps.
struct RunLength {
  int64_t steps = 0, stepsPerEpoch = 1;
};

class Course;
struct Rates;

// The rate of one objective. Everything but the plateau is a pure function of the step, so a resumed run goes on
// exactly. Quick where steps are asked for in rising order.
class Scheduler {
 public:
  // What a checkpoint keeps.
  struct State {
    double base = 0;                                         // the optimiser's rate, as set or changed in flight
    double factor = 1;                                       // of the plateau
    double best = std::numeric_limits<double>::quiet_NaN();  // best watched value; NaN before the first
    int64_t badEpochs = 0, cooldown = 0;
    bool operator==(const State&) const = default;
  };
  Scheduler(const Schedule& schedule, double base, RunLength length);
  Scheduler(Scheduler&&) noexcept;
  ~Scheduler();

  double rate(int64_t step) const;                     // of the optimiser step with this number; counts from 0
  std::optional<double> momentum(int64_t step) const;  // nothing where the schedule leaves it alone
  void epochEnded(double watched);
  void setBase(double rate);
  const State& state() const { return state_; }
  void restore(const State& state);

 private:
  double number(const char* param) const;
  const Rates& at(int64_t step) const;
  Schedule schedule_;
  Attributes params_;
  RunLength length_;
  State state_;
  // How far the schedule was followed.
  mutable std::unique_ptr<Course> course_;
  mutable std::unique_ptr<Rates> rates_;
  mutable int64_t reached_ = 0;
};

}  // namespace netwright::run
