// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Step final : public SimpleCourse {
 public:
  Step(const Attributes& p, int64_t) : size_(wholeOf(p, "step_size")), gamma_(numberOf(p, "gamma")) {}

 private:
  double next(Rates& rates) override { return at_ % size_ == 0 ? rates.rate * gamma_ : rates.rate; }

  int64_t size_;
  double gamma_;
};

}  // namespace

ScheduleSpec step() {
  return {"step",
          "Step",
          "torch.optim.lr_scheduler.StepLR",
          "Lowers the learning rate every few epochs.",
          {intParam("step_size", 5).min(1).withDoc("Epochs (or steps) between two changes."),
           floatParam("gamma", 0.1).above(0).withDoc("The rate is multiplied by this at each change."),
           intervalParam("epoch")},
          courseOf<Step>()};
}

}  // namespace netwright::run::builtin
