// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Linear final : public SimpleCourse {
 public:
  Linear(const Attributes& p, int64_t length)
      : from_(numberOf(p, "start_factor")), to_(numberOf(p, "end_factor")), steps_(stepsOf(p, "total_iters", length)) {}

 private:
  double first(Rates& rates) override { return rates.rate * from_; }
  double anew(Rates&) override { return base_ * from_; }
  double next(Rates& rates) override {
    if (at_ > steps_) return rates.rate;
    const double rise = to_ - from_;
    return rates.rate * (1 + rise / (static_cast<double>(steps_) * from_ + (at() - 1) * rise));
  }

  double from_, to_;
  int64_t steps_;
};

}  // namespace

ScheduleSpec linear() {
  return {"linear",
          "Linear",
          "torch.optim.lr_scheduler.LinearLR",
          "Goes straight from one share of the learning rate to another: a warm-up, or a slow end.",
          {floatParam("start_factor", 1.0 / 3).above(0).max(1).withDoc("Share of the rate at the start."),
           floatParam("end_factor", 1).min(0).max(1).withDoc("Share of the rate at the end."),
           intParam("total_iters", 5).min(0).withDoc("Epochs (or steps) that it takes; 0: all there are."),
           intervalParam("epoch")},
          courseOf<Linear>()};
}

}  // namespace netwright::run::builtin
