// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class MultiStep final : public SimpleCourse {
 public:
  MultiStep(const Attributes& p, int64_t) : gamma_(numberOf(p, "gamma")), milestones_(wholesOf(p, "milestones")) {}

 private:
  double times() const { return static_cast<double>(std::count(milestones_.begin(), milestones_.end(), at_)); }
  double first(Rates& rates) override { return next(rates); }
  double anew(Rates&) override { return base_ * std::pow(gamma_, times()); }
  double next(Rates& rates) override { return rates.rate * std::pow(gamma_, times()); }

  double gamma_;
  std::vector<int64_t> milestones_;  // one that is there twice counts twice
};

}  // namespace

ScheduleSpec multiStep() {
  return {"multi_step",
          "Several steps",
          "torch.optim.lr_scheduler.MultiStepLR",
          "Lowers the learning rate at given epochs.",
          {intListParam("milestones", {30, 80}).min(0).withDoc("Epochs (or steps) after which the rate changes."),
           floatParam("gamma", 0.1).above(0).withDoc("The rate is multiplied by this at each of them."),
           intervalParam("epoch")},
          courseOf<MultiStep>()};
}

}  // namespace netwright::run::builtin
