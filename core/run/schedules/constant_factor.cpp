// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class ConstantFactor final : public SimpleCourse {
 public:
  ConstantFactor(const Attributes& p, int64_t) : factor_(numberOf(p, "factor")), steps_(wholeOf(p, "total_iters")) {}

 private:
  double first(Rates& rates) override { return rates.rate * factor_; }
  double anew(Rates&) override { return base_ * (factor_ + (steps_ <= 0 ? 1 - factor_ : 0)); }
  double next(Rates& rates) override { return at_ == steps_ ? rates.rate * (1 / factor_) : rates.rate; }

  double factor_;
  int64_t steps_;
};

}  // namespace

ScheduleSpec constantFactor() {
  return {
      "constant_factor",
      "Constant factor",
      "torch.optim.lr_scheduler.ConstantLR",
      "Begins with a share of the learning rate, then changes to all of it.",
      {floatParam("factor", 1.0 / 3).above(0).max(1).withDoc("The rate is multiplied by this at first."),
       intParam("total_iters", 5).min(1).withDoc("Epochs (or steps) with the smaller rate."), intervalParam("epoch")},
      courseOf<ConstantFactor>()};
}

}  // namespace netwright::run::builtin
