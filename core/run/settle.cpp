// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/run/config.h"
#include "core/run/initialiser.h"
#include "core/run/schedule_spec.h"

namespace netwright::run {
namespace {

// How diagnostics name what a setting is of.
constexpr const char *kRun = "The run", *kObjective = "The objective", *kGroup = "The parameter group";

std::string optimiserOf(const Objective& o) {
  const OptimiserSpec* spec = findOptimiser(o.optimiser.kind);
  return spec ? spec->title : o.optimiser.kind;
}

std::string lossOf(const LossTerm& term) { return "The loss " + term.loss; }
std::string regulariserOf(const Regulariser& r) { return "The regulariser " + r.kind; }
std::string initialiserOf(const Initialiser& i) { return "The initialiser " + i.kind; }

std::string scheduleOf(const Schedule& s) {
  const ScheduleSpec* spec = findSchedule(s.kind);
  return "The schedule " + (spec ? spec->title : s.kind);
}

template <class Visit>
void eachSchedule(Schedule& schedule, const Visit& visit) {
  visit(schedule.params, scheduleOf(schedule));
  for (Schedule& part : schedule.parts) eachSchedule(part, visit);
}

// Every map of parameters, with the name of what it belongs to.
template <class Visit>
void eachParams(RunConfig& config, const Visit& visit) {
  for (Initialiser& i : config.initialisers) visit(i.params, initialiserOf(i));
  for (Objective& o : config.objectives) {
    for (LossTerm& t : o.terms) visit(t.params, lossOf(t));
    visit(o.optimiser.params, optimiserOf(o));
    for (ParameterGroup& g : o.groups) visit(g.params, kGroup);
    eachSchedule(o.schedule, visit);
  }
}

void settleNumber(double& number, Attributes& formulas, const ParamSpec& spec, const std::string& owner,
                  const FormulaValue& value, Diagnostics& found) {
  const Attribute given = settingOf(number, formulas, spec);
  setSetting(number, formulas, spec, settled(given, owner, spec.name, &spec, value, found).value_or(spec.fallback));
}

}  // namespace

void eachFormula(RunConfig& config, const FormulaVisit& visit) {
  const auto see = [&](Attributes& params, const std::string& owner) { netwright::eachFormula(params, owner, visit); };
  see(config.formulas, kRun);
  eachParams(config, see);
  for (Objective& o : config.objectives) {
    see(o.formulas, kObjective);
    for (LossTerm& t : o.terms) see(t.formulas, lossOf(t));
    for (ParameterGroup& g : o.groups) see(g.formulas, kGroup);
    for (Regulariser& r : o.regularisers) see(r.formulas, regulariserOf(r));
  }
}

Diagnostics settle(RunConfig& config, const FormulaValue& value) {
  Diagnostics found;
  const Attributes ofRun = std::exchange(config.formulas, {});
  for (const ParamSpec& spec : runParams())
    if (const auto formula = ofRun.find(spec.name); formula != ofRun.end())
      setRunParam(config, spec.name,
                  settled(formula->second, kRun, spec.name, &spec, value, found).value_or(spec.fallback));
  eachParams(config,
             [&](Attributes& params, const std::string& owner) { netwright::settle(params, owner, value, found); });
  for (Objective& o : config.objectives) {
    const Attributes ofObjective = std::exchange(o.formulas, {});
    for (const ParamSpec& spec : objectiveParams())
      if (const auto formula = ofObjective.find(spec.name); formula != ofObjective.end())
        setObjectiveParam(o, spec.name,
                          settled(formula->second, kObjective, spec.name, &spec, value, found).value_or(spec.fallback));
    for (LossTerm& t : o.terms) settleNumber(t.weight, t.formulas, weightParam(), lossOf(t), value, found);
    for (ParameterGroup& g : o.groups) settleNumber(g.lrFactor, g.formulas, lrFactorParam(), kGroup, value, found);
    for (Regulariser& r : o.regularisers)
      settleNumber(r.weight, r.formulas, regulariserWeightParam(), regulariserOf(r), value, found);
  }
  return found;
}

}  // namespace netwright::run
