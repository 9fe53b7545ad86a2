// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Cyclic final : public SimpleCourse {
 public:
  Cyclic(const Attributes& p, int64_t)
      : high_(numberOf(p, "max_lr")),
        up_(numberOf(p, "step_size_up")),
        down_(std::holds_alternative<None>(p.at("step_size_down")) ? up_ : numberOf(p, "step_size_down")),
        mode_(std::get<std::string>(p.at("mode"))),
        gamma_(numberOf(p, "gamma")),
        momenta_(std::get<bool>(p.at("cycle_momentum"))),
        least_(numberOf(p, "base_momentum")),
        most_(numberOf(p, "max_momentum")) {}

  void begin(Rates& rates) override {
    rates.rate = rates.base;
    if (momenta_) rates.momentum = most_;
    SimpleCourse::begin(rates);
    base_ = rates.base;
  }

 private:
  double first(Rates& rates) override { return next(rates); }
  double anew(Rates& rates) override { return next(rates); }
  double next(Rates& rates) override {
    const double size = up_ + down_, peak = up_ / size, cycle = std::floor(1 + at() / size);
    const double x = 1 + at() / size - cycle;
    double height = x <= peak ? x / peak : (x - 1) / (peak - 1);
    if (mode_ == "triangular2") height *= 1 / std::pow(2.0, cycle - 1);
    if (mode_ == "exp_range") height *= std::pow(gamma_, at());
    if (momenta_) rates.momentum = most_ - (most_ - least_) * height;
    return rates.base + (high_ - rates.base) * height;
  }

  double high_, up_, down_;
  std::string mode_;
  double gamma_;
  bool momenta_;
  double least_, most_;
};

}  // namespace

ScheduleSpec cyclic() {
  ParamSpec down = intParam("step_size_down", 1).min(1).orNone().withDoc("Steps of each fall; none: as of a rise.");
  down.fallback = None{};
  return {
      "cyclic",
      "Cyclic",
      "torch.optim.lr_scheduler.CyclicLR",
      "Rises from the learning rate to a higher one and falls back, again and again.",
      {floatParam("max_lr", 0.1).min(0).withDoc("Highest rate; the lowest is the learning rate."),
       intParam("step_size_up", 2000).min(1).withDoc("Steps of each rise."), down,
       choiceParam("mode", {"triangular", "triangular2", "exp_range"})
           .withDoc("Peaks of equal height, half as high each time, or lower by gamma with each step."),
       floatParam("gamma", 1).above(0).withDoc("Factor of each step, for exp_range."),
       boolParam("cycle_momentum", true).withDoc("The momentum (or beta1) goes the other way."),
       floatParam("base_momentum", 0.8).min(0).max(1).withDoc("Momentum at the highest rate."),
       floatParam("max_momentum", 0.9).min(0).max(1).withDoc("Momentum at the lowest rate."), intervalParam("step")},
      courseOf<Cyclic>()};
}

}  // namespace netwright::run::builtin
