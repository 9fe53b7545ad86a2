// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Chained final : public Course {
 public:
  explicit Chained(ScheduleSpec::Parts parts) : parts_(std::move(parts)) {}
  void begin(Rates& rates) override {
    for (const auto& p : parts_) p->begin(rates);
  }
  void start(Rates& rates) override {
    for (const auto& p : parts_) p->start(rates);
  }
  void restart(Rates& rates) override {
    for (const auto& p : parts_) p->restart(rates);
  }
  void advance(Rates& rates) override {
    for (const auto& p : parts_) p->advance(rates);
  }

 private:
  ScheduleSpec::Parts parts_;
};

}  // namespace

ScheduleSpec chained() {
  ScheduleSpec spec{"chained",
                    "Several at once",
                    "torch.optim.lr_scheduler.ChainedScheduler",
                    "Each of its parts changes the learning rate that the one before has left.",
                    {intervalParam("epoch")},
                    [](const Attributes&, int64_t, ScheduleSpec::Parts parts) -> std::unique_ptr<Course> {
                      return std::make_unique<Chained>(std::move(parts));
                    }};
  spec.usualParts = "linear, exponential";
  return spec;
}

}  // namespace netwright::run::builtin
