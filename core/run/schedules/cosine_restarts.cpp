// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class CosineRestarts final : public SimpleCourse {
 public:
  CosineRestarts(const Attributes& p, int64_t)
      : first_(wholeOf(p, "T_0")), growth_(wholeOf(p, "T_mult")), low_(numberOf(p, "eta_min")) {}

 private:
  double first(Rates&) override {
    inside_ = 0;
    period_ = first_;
    return rateNow();
  }
  double anew(Rates& rates) override { return first(rates); }
  double next(Rates&) override {
    if (++inside_ >= period_) {
      inside_ = 0;
      period_ *= growth_;
    }
    return rateNow();
  }

  double rateNow() const { return annealed(base_, low_, static_cast<double>(inside_) / static_cast<double>(period_)); }

  int64_t first_, growth_;
  double low_;
  int64_t inside_ = 0, period_ = 1;
};

}  // namespace

ScheduleSpec cosineRestarts() {
  return {"cosine_restarts",
          "Cosine with restarts",
          "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
          "Falls along a cosine again and again, each time from the whole learning rate.",
          {intParam("T_0", 10).min(1).withDoc("Epochs (or steps) of the first fall."),
           intParam("T_mult", 1).min(1).withDoc("Each fall is this many times as long as the one before."),
           floatParam("eta_min", 0).min(0).withDoc("Rate at the end of each fall."), intervalParam("epoch")},
          courseOf<CosineRestarts>()};
}

}  // namespace netwright::run::builtin
