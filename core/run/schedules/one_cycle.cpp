// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class OneCycle final : public SimpleCourse {
 public:
  OneCycle(const Attributes& p, int64_t length)
      : straight_(std::get<std::string>(p.at("anneal_strategy")) == "linear"),
        momenta_(std::get<bool>(p.at("cycle_momentum"))),
        least_(numberOf(p, "base_momentum")),
        most_(numberOf(p, "max_momentum")),
        division_(numberOf(p, "div_factor")),
        lastDivision_(numberOf(p, "final_div_factor")) {
    const auto all = static_cast<double>(length);
    const double share = numberOf(p, "pct_start");
    ends_ = {share * all - 1, all - 1};
    if (std::get<bool>(p.at("three_phase"))) ends_ = {share * all - 1, 2 * share * all - 2, all - 1};
  }

  void begin(Rates& rates) override {
    const double first = rates.base / division_, last = first / lastDivision_;
    rates.initial = first;
    rates_ = {first, rates.base, last};
    momentums_ = {most_, least_, most_};
    if (ends_.size() == 3) {
      rates_ = {first, rates.base, first, last};
      momentums_.push_back(most_);
    }
    if (momenta_) rates.momentum = most_;
    SimpleCourse::begin(rates);
  }

 private:
  double first(Rates& rates) override { return next(rates); }
  double anew(Rates& rates) override { return next(rates); }
  double next(Rates& rates) override {
    size_t phase = 0;
    double start = 0;
    for (; phase + 1 < ends_.size() && at() > ends_[phase]; ++phase) start = ends_[phase];
    const double span = ends_[phase] - start;
    const double share = span > 0 ? std::min(1.0, (at() - start) / span) : 1;
    if (momenta_) rates.momentum = annealed(momentums_[phase], momentums_[phase + 1], share, straight_);
    return annealed(rates_[phase], rates_[phase + 1], share, straight_);
  }

  bool straight_, momenta_;
  double least_, most_, division_, lastDivision_;
  std::vector<double> ends_, rates_, momentums_;  // of the phases; the latter two from their start to their end
};

}  // namespace

ScheduleSpec oneCycle() {
  return {"one_cycle",
          "One cycle",
          "torch.optim.lr_scheduler.OneCycleLR",
          "Rises from a small rate to the learning rate and falls far below it: fast training.",
          {floatParam("pct_start", 0.3).min(0).max(1).withDoc("Share of the run in which the rate rises."),
           choiceParam("anneal_strategy", {"cos", "linear"}).withDoc("Along half a cosine, or straight."),
           boolParam("cycle_momentum", true).withDoc("The momentum (or beta1) goes the other way."),
           floatParam("base_momentum", 0.85).min(0).max(1).withDoc("Momentum at the highest rate."),
           floatParam("max_momentum", 0.95).min(0).max(1).withDoc("Momentum at the start and at the end."),
           floatParam("div_factor", 25).above(0).withDoc("The first rate is the learning rate divided by this."),
           floatParam("final_div_factor", 1e4).above(0).withDoc("The last rate is the first one divided by this."),
           boolParam("three_phase", false).withDoc("Fall to the first rate as fast as it rose, then to the last."),
           intervalParam("step")},
          courseOf<OneCycle>()};
}

}  // namespace netwright::run::builtin
