// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Polynomial final : public SimpleCourse {
 public:
  Polynomial(const Attributes& p, int64_t length)
      : steps_(stepsOf(p, "total_iters", length)), power_(numberOf(p, "power")) {}

 private:
  double next(Rates& rates) override {
    if (at_ > steps_) return rates.rate;
    const auto all = static_cast<double>(steps_);
    return rates.rate * std::pow((1 - at() / all) / (1 - (at() - 1) / all), power_);
  }

  int64_t steps_;
  double power_;
};

}  // namespace

ScheduleSpec polynomial() {
  return {"polynomial",
          "Polynomial",
          "torch.optim.lr_scheduler.PolynomialLR",
          "Falls to zero along a power of the time that is left.",
          {intParam("total_iters", 5).min(0).withDoc("Epochs (or steps) until it is zero; 0: all there are."),
           floatParam("power", 1).min(0).withDoc("1 falls straight, 2 fast at first."), intervalParam("epoch")},
          courseOf<Polynomial>()};
}

}  // namespace netwright::run::builtin
