// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Exponential final : public SimpleCourse {
 public:
  Exponential(const Attributes& p, int64_t) : gamma_(numberOf(p, "gamma")) {}

 private:
  double next(Rates& rates) override { return rates.rate * gamma_; }

  double gamma_;
};

}  // namespace

ScheduleSpec exponential() {
  return {
      "exponential",
      "Exponential",
      "torch.optim.lr_scheduler.ExponentialLR",
      "Lowers the learning rate by the same share each epoch.",
      {floatParam("gamma", 0.95).above(0).withDoc("The rate is multiplied by this each time."), intervalParam("epoch")},
      courseOf<Exponential>()};
}

}  // namespace netwright::run::builtin
