// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Cosine final : public SimpleCourse {
 public:
  Cosine(const Attributes& p, int64_t length)
      : warmup_(wholeOf(p, "warmup_steps")),
        steps_(stepsOf(p, "T_max", std::max<int64_t>(1, length - warmup_))),
        low_(numberOf(p, "eta_min")) {}

 private:
  double first(Rates& rates) override { return warmup_ > 0 ? rates.rate / static_cast<double>(warmup_) : rates.rate; }
  double anew(Rates&) override { return warmup_ > 0 ? base_ / static_cast<double>(warmup_) : base_; }
  double next(Rates& rates) override {
    if (at_ < warmup_) return base_ * (at() + 1) / static_cast<double>(warmup_);
    const int64_t step = at_ - warmup_;
    if (step == 0) return base_;
    const double angle = std::numbers::pi / static_cast<double>(steps_);
    if ((step - 1 - steps_) % (2 * steps_) == 0)  // the turn at its lowest point
      return rates.rate + (base_ - low_) * (1 - std::cos(angle)) / 2;
    return (1 + std::cos(angle * static_cast<double>(step))) / (1 + std::cos(angle * static_cast<double>(step - 1))) *
               (rates.rate - low_) +
           low_;
  }

  int64_t warmup_, steps_;
  double low_;
};

}  // namespace

ScheduleSpec cosine() {
  return {"cosine",
          "Cosine with warm-up",
          "torch.optim.lr_scheduler.CosineAnnealingLR",
          "Rises to the learning rate, then falls along a cosine to the end of the run.",
          {intParam("warmup_steps", 0).min(0).withDoc("Steps (or epochs) in which the rate rises from near 0."),
           floatParam("eta_min", 0).min(0).withDoc("Rate at the end."),
           intParam("T_max", 0).min(0).withDoc("Steps (or epochs) until the lowest rate; 0: all that are left."),
           intervalParam("step")},
          courseOf<Cosine>()};
}

}  // namespace netwright::run::builtin
