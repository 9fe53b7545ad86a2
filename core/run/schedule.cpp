// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace netwright::run {
namespace {

// From `start` to `end` along half a cosine; share in [0, 1]. As torch.optim.lr_scheduler.OneCycleLR anneals.
double annealed(double start, double end, double share) {
  return end + (start - end) / 2 * (std::cos(std::numbers::pi * share) + 1);
}

}  // namespace

const std::vector<ScheduleSpec>& schedules() {
  static const std::vector<ScheduleSpec> kSchedules{
      {"constant", "Constant", "", "The learning rate stays as it is.", {}},
      {"step",
       "Step",
       "torch.optim.lr_scheduler.StepLR",
       "Lowers the learning rate every few epochs.",
       {intParam("step_size", 5).min(1).withUnit("epochs").withDoc("Epochs between two steps."),
        floatParam("gamma", 0.1).above(0).max(1).withDoc("The rate is multiplied by this at each step.")}},
      {"cosine",
       "Cosine with warm-up",
       "torch.optim.lr_scheduler.CosineAnnealingLR",
       "Rises to the learning rate, then falls along a cosine to the end of the run.",
       {intParam("warmup_steps", 0).min(0).withUnit("steps").withDoc("Steps in which the rate rises from near 0."),
        floatParam("eta_min", 0).min(0).withDoc("Rate at the end.")}},
      {"one_cycle",
       "One cycle",
       "torch.optim.lr_scheduler.OneCycleLR",
       "Rises from a small rate to the learning rate and falls far below it: fast training. The momentum stays.",
       {floatParam("pct_start", 0.3).min(0).max(1).withDoc("Share of the run in which the rate rises."),
        floatParam("div_factor", 25).above(0).withDoc("The first rate is the learning rate divided by this."),
        floatParam("final_div_factor", 1e4).above(0).withDoc("The last rate is the first one divided by this.")}},
      {"plateau",
       "Reduce on plateau",
       "torch.optim.lr_scheduler.ReduceLROnPlateau",
       "Lowers the learning rate when the validation loss (or training loss) stops falling.",
       {floatParam("factor", 0.1).above(0).max(0.999999).withDoc("The rate is multiplied by this."),
        intParam("patience", 10).min(0).withUnit("epochs").withDoc("Epochs without progress that are forgiven."),
        floatParam("threshold", 1e-4).min(0).withDoc("Progress smaller than this share does not count."),
        intParam("cooldown", 0).min(0).withUnit("epochs").withDoc("Epochs to wait after a change."),
        floatParam("min_lr", 0).min(0).withDoc("The rate never goes below this.")}},
  };
  return kSchedules;
}

const ScheduleSpec* findSchedule(const std::string& id) {
  const auto& all = schedules();
  const auto it = std::find_if(all.begin(), all.end(), [&](const ScheduleSpec& s) { return s.id == id; });
  return it == all.end() ? nullptr : &*it;
}

Attributes completeParams(const Schedule& schedule) {
  Attributes params;
  if (const ScheduleSpec* spec = findSchedule(schedule.kind)) params = defaults(spec->params);
  for (const auto& [name, value] : schedule.params) params[name] = value;
  return params;
}

Scheduler::Scheduler(const Schedule& schedule, double base, RunLength length)
    : kind_(schedule.kind), params_(completeParams(schedule)), length_(length) {
  state_.base = base;
}

double Scheduler::number(const char* param) const { return numbers(params_.at(param)).value().front(); }

double Scheduler::rate(int64_t step) const {
  if (kind_ == "step") {
    const auto epoch = step / std::max<int64_t>(1, length_.stepsPerEpoch);
    const auto size = static_cast<int64_t>(number("step_size"));
    return state_.base * std::pow(number("gamma"), static_cast<double>(epoch / size));
  }
  if (kind_ == "cosine") return cosine(step);
  if (kind_ == "one_cycle") return oneCycle(step);
  if (kind_ == "plateau") return std::max(state_.base * state_.factor, std::min(state_.base, number("min_lr")));
  return state_.base;
}

double Scheduler::cosine(int64_t step) const {
  const auto warmup = static_cast<int64_t>(number("warmup_steps"));
  if (step < warmup) return state_.base * static_cast<double>(step + 1) / static_cast<double>(warmup);
  const double span = static_cast<double>(std::max<int64_t>(1, length_.steps - warmup));
  const double share = std::min(1.0, static_cast<double>(step - warmup) / span);
  return annealed(state_.base, std::min(state_.base, number("eta_min")), share);
}

double Scheduler::oneCycle(int64_t step) const {
  const double first = state_.base / number("div_factor"), last = first / number("final_div_factor");
  const double rise = number("pct_start") * static_cast<double>(length_.steps) - 1;
  const double end = static_cast<double>(length_.steps - 1), at = static_cast<double>(step);
  if (at <= rise && rise > 0) return annealed(first, state_.base, at / rise);
  return annealed(state_.base, last, end > rise ? std::min(1.0, (at - rise) / (end - rise)) : 1.0);
}

void Scheduler::epochEnded(double watched) {
  if (kind_ != "plateau") return;
  const bool better = std::isnan(state_.best) || watched < state_.best * (1 - number("threshold"));
  if (better) {
    state_.best = watched;
    state_.badEpochs = 0;
  } else {
    ++state_.badEpochs;
  }
  if (state_.cooldown > 0) {
    --state_.cooldown;
    state_.badEpochs = 0;
  }
  if (state_.badEpochs <= static_cast<int64_t>(number("patience"))) return;
  state_.factor *= number("factor");
  state_.cooldown = static_cast<int64_t>(number("cooldown"));
  state_.badEpochs = 0;
}

}  // namespace netwright::run
