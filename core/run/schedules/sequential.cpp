// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Sequential final : public Course {
 public:
  Sequential(const Attributes& p, ScheduleSpec::Parts parts)
      : parts_(std::move(parts)), milestones_(wholesOf(p, "milestones")) {}
  // All are made before the first one starts, from the rate that they have left.
  void begin(Rates& rates) override {
    for (const auto& part : parts_) part->begin(rates);
    rates.rate = *rates.initial;
    start(rates);
  }
  void start(Rates& rates) override {
    at_ = 0;
    parts_[index()]->start(rates);
  }
  void restart(Rates& rates) override {
    at_ = 0;
    parts_[index()]->restart(rates);
  }
  void advance(Rates& rates) override {
    ++at_;
    const size_t now = index();
    if (now > 0 && milestones_[now - 1] == at_)
      parts_[now]->restart(rates);
    else
      parts_[now]->advance(rates);
  }

 private:
  size_t index() const {
    return static_cast<size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), at_) - milestones_.begin());
  }
  ScheduleSpec::Parts parts_;
  std::vector<int64_t> milestones_;
  int64_t at_ = 0;
};

}  // namespace

ScheduleSpec sequential() {
  ScheduleSpec spec{"sequential",
                    "One after another",
                    "torch.optim.lr_scheduler.SequentialLR",
                    "Its parts follow each other: a warm-up, then a fall.",
                    {intListParam("milestones", {5})
                         .min(0)
                         .withDoc("Epochs (or steps) at which the next part begins: one less than there are parts."),
                     intervalParam("epoch")},
                    [](const Attributes& p, int64_t, ScheduleSpec::Parts parts) -> std::unique_ptr<Course> {
                      return std::make_unique<Sequential>(p, std::move(parts));
                    }};
  spec.usualParts = "linear, cosine";
  return spec;
}

}  // namespace netwright::run::builtin
