// SPDX-License-Identifier: Apache-2.0
#include "core/run/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"
#include "core/run/metric_choice.h"
#include "core/run/setting_check.h"

namespace netwright::run {
namespace {

// One row for each plain setting: its spec, how to read it and how to write it.
struct Setting {
  ParamSpec spec;
  std::function<Attribute(const RunConfig&)> read;
  std::function<void(RunConfig&, const Attribute&)> write;
};

template <class T>
Setting setting(ParamSpec spec, T RunConfig::* member) {
  using Stored = std::conditional_t<std::is_same_v<T, uint64_t>, int64_t, T>;
  const RunConfig defaults;
  spec.fallback = static_cast<Stored>(defaults.*member);
  return {std::move(spec), [member](const RunConfig& c) { return Attribute(static_cast<Stored>(c.*member)); },
          [member](RunConfig& c, const Attribute& v) { c.*member = static_cast<T>(std::get<Stored>(v)); }};
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kSettings{
      setting(intParam("epochs", 0).min(1).max(1e6).withDoc("How often the network sees all training samples."),
              &RunConfig::epochs),
      setting(intParam("batch_size", 0).min(1).max(1e6).withUnit("samples").withDoc("Samples in each step."),
              &RunConfig::batchSize),
      setting(intParam("seed", 0).min(0).withDoc("Start of all randomness; the same seed gives the same run."),
              &RunConfig::seed),
      setting(boolParam("shuffle", true).withDoc("Mix the training samples anew in each epoch."), &RunConfig::shuffle),
      setting(boolParam("drop_last", false).withDoc("Leave out a last batch that is not full."), &RunConfig::dropLast),
      setting(textParam("device", "").withDoc("auto, cpu, or cuda for a graphics card."), &RunConfig::device),
      setting(intParam("threads", 0).min(0).max(1024).withDoc("Processor threads; 0 uses all cores."),
              &RunConfig::threads),
      setting(boolParam("channels_last", true)
                  .withDoc("Memory order of images; faster convolutions, same results up to rounding."),
              &RunConfig::channelsLast),
      setting(choiceParam("precision", {"float32", "bf16"})
                  .withDoc("bf16 computes large products with 8 instead of 24 bits: faster where the hardware has it."),
              &RunConfig::precision),
      setting(boolParam("parity", false)
                  .withDoc("Draw random numbers as PyTorch does, in one stream; for comparisons with it."),
              &RunConfig::parity),
      setting(intParam("checkpoint_seconds", 0)
                  .min(0)
                  .max(1e6)
                  .withUnit("s")
                  .withDoc("Time between checkpoints within an epoch; 0 saves only at its end."),
              &RunConfig::checkpointSeconds),
      setting(intParam("patience", 0)
                  .min(0)
                  .max(1e6)
                  .withUnit("epochs")
                  .withDoc("End the run after so many epochs without progress; 0 never does."),
              &RunConfig::patience),
      setting(intParam("keep_best", 0)
                  .min(0)
                  .max(1e6)
                  .withDoc("Checkpoints kept because they are the best; 0 with keep_last 0 keeps all."),
              &RunConfig::keepBest),
      setting(intParam("keep_last", 0)
                  .min(0)
                  .max(1e6)
                  .withDoc("Checkpoints kept because they are the newest; 0 with keep_best 0 keeps all."),
              &RunConfig::keepLast),
      setting(textParam("start", "")
                  .withDoc("Where the weights start: init, run:NAME (a stored run) or file:PATH (safetensors)."),
              &RunConfig::start),
  };
  return kSettings;
}

struct ObjectiveNumber {
  ParamSpec spec;
  std::function<Attribute(const Objective&)> read;
  std::function<void(Objective&, double)> write;
};

const std::vector<ObjectiveNumber>& objectiveNumbers() {
  static const std::vector<ObjectiveNumber> kNumbers{
      {floatParam("clip_norm", 0)
           .min(0)
           .withDoc("Largest 2-norm of all gradients together; larger ones are scaled down. 0: no limit."),
       [](const Objective& o) { return Attribute(o.clipNorm); }, [](Objective& o, double v) { o.clipNorm = v; }},
      {floatParam("clip_value", 0).min(0).withDoc("Largest magnitude of an entry of a gradient. 0: no limit."),
       [](const Objective& o) { return Attribute(o.clipValue); }, [](Objective& o, double v) { o.clipValue = v; }},
      {intParam("accumulate", 1)
           .min(1)
           .max(1e6)
           .withUnit("batches")
           .withDoc("Batches whose gradients are averaged into one step: as if the batch were so much larger."),
       [](const Objective& o) { return Attribute(o.accumulate); },
       [](Objective& o, double v) { o.accumulate = static_cast<int64_t>(v); }},
      {intParam("every", 1).min(1).max(1e6).withDoc("Takes part in each so-many-th of its turns."),
       [](const Objective& o) { return Attribute(o.every); },
       [](Objective& o, double v) { o.every = static_cast<int64_t>(v); }},
  };
  return kNumbers;
}

const ObjectiveNumber& objectiveNumber(const std::string& name) {
  const auto& all = objectiveNumbers();
  const auto it = std::find_if(all.begin(), all.end(), [&](const ObjectiveNumber& n) { return n.spec.name == name; });
  assert(it != all.end());
  return *it;
}

bool hasSetting(const std::string& name) {
  return std::any_of(settings().begin(), settings().end(), [&](const Setting& s) { return s.spec.name == name; });
}

const Setting& settingOf(const std::string& name) {
  const auto& all = settings();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Setting& s) { return s.spec.name == name; });
  if (it != all.end()) return *it;
  std::vector<std::string> names;
  for (const Setting& s : all) names.push_back(s.spec.name);
  failInput(fmt::format("There is no run setting '{}'. Did you mean '{}'?", name, nearest(name, names)), "", "");
}

// A number, or the formula that tells it.
Json numberJson(const Attributes& formulas, const char* name, const Json& number) {
  const auto formula = formulas.find(name);
  return formula == formulas.end() ? number : netwright::toJson(formula->second);
}

template <class T>
T numberFromJson(const Json& json, const char* name, T fallback, Attributes& formulas, const std::string& source) {
  const auto it = json.find(name);
  if (it == json.end() || !it->is_object()) return jsonGet<T>(json, name, fallback, source);
  Attribute formula = attributeFromJson(*it, fmt::format("{}: '{}'", source, name));
  formulas[name] = std::move(formula);
  return fallback;
}

Json paramsJson(const Attributes& params) {
  Json json = Json::object();
  for (const auto& [name, value] : params) json[name] = netwright::toJson(value);
  return json;
}

Attributes paramsFromJson(const Json& json, const std::string& source) {
  Attributes params;
  const Json values = json.value("params", Json::object());
  if (!values.is_object())
    failInput(fmt::format("{}: 'params' should be an object but is {}.", source, values.dump().substr(0, 60)), "",
              "Correct that value.");
  for (const auto& [name, value] : values.items())
    params[name] = attributeFromJson(value, fmt::format("{}, parameter '{}',", source, name));
  return params;
}

// A kind with its settings: an optimiser, a schedule.
template <class Choice>
Json choiceJson(const Choice& choice) {
  Json json{{"kind", choice.kind}, {"params", paramsJson(choice.params)}};
  addUnknown(json, choice.unknown);
  return json;
}

void readOptimiser(const Json& json, Optimiser& choice, const std::string& source) {
  choice.kind = jsonGet<std::string>(json, "kind", choice.kind, source);
  choice.params = paramsFromJson(json, source);
  choice.unknown = unknownMembers(json, {"kind", "params"});
}

// Schedules may have parts, which are schedules.
Json scheduleJson(const Schedule& schedule) {
  Json json = choiceJson(schedule);
  for (const Schedule& part : schedule.parts) json["parts"].push_back(scheduleJson(part));
  return json;
}

Schedule scheduleFromJson(const Json& json, const std::string& source) {
  Schedule schedule;
  schedule.kind = jsonGet<std::string>(json, "kind", schedule.kind, source);
  schedule.params = paramsFromJson(json, source);
  for (const Json& part : json.value("parts", Json::array())) schedule.parts.push_back(scheduleFromJson(part, source));
  schedule.unknown = unknownMembers(json, {"kind", "params", "parts"});
  return schedule;
}

Json termJson(const LossTerm& t) {
  Json json{{"loss", t.loss},
            {"params", paramsJson(t.params)},
            {"weight", numberJson(t.formulas, "weight", t.weight)},
            {"output", t.output},
            {"target", t.target}};
  if (t.version > 0) json["version"] = t.version;
  addUnknown(json, t.unknown);
  return json;
}

Json groupJson(const ParameterGroup& g) {
  Json json{{"parameters", g.parameters}, {"params", paramsJson(g.params)}};
  if (g.lrFactor != 1 || !g.formulas.empty()) json["lr_factor"] = numberJson(g.formulas, "lr_factor", g.lrFactor);
  addUnknown(json, g.unknown);
  return json;
}

ParameterGroup groupFromJson(const Json& json, const std::string& source) {
  ParameterGroup group{jsonGet<std::string>(json, "parameters", "", source), paramsFromJson(json, source),
                       unknownMembers(json, {"parameters", "params", "lr_factor"})};
  group.lrFactor = numberFromJson<double>(json, "lr_factor", 1, group.formulas, source);
  return group;
}

Json regulariserJson(const Regulariser& r) {
  Json json{{"parameters", r.parameters}, {"kind", r.kind}, {"weight", numberJson(r.formulas, "weight", r.weight)}};
  addUnknown(json, r.unknown);
  return json;
}

Regulariser regulariserFromJson(const Json& json, const std::string& source) {
  const Regulariser usual;
  Regulariser regulariser{jsonGet<std::string>(json, "parameters", usual.parameters, source),
                          jsonGet<std::string>(json, "kind", usual.kind, source), usual.weight,
                          unknownMembers(json, {"parameters", "kind", "weight"})};
  regulariser.weight = numberFromJson(json, "weight", usual.weight, regulariser.formulas, source);
  return regulariser;
}

Json initialiserJson(const Initialiser& i) {
  Json json{{"parameters", i.parameters}, {"kind", i.kind}, {"params", paramsJson(i.params)}};
  addUnknown(json, i.unknown);
  return json;
}

Initialiser initialiserFromJson(const Json& json, const std::string& source) {
  return {jsonGet<std::string>(json, "parameters", "", source),
          jsonGet<std::string>(json, "kind", Initialiser().kind, source), paramsFromJson(json, source),
          unknownMembers(json, {"parameters", "kind", "params"})};
}

Json objectiveJson(const Objective& o) {
  Json terms = Json::array(), groups = Json::array();
  for (const LossTerm& t : o.terms) terms.push_back(termJson(t));
  for (const ParameterGroup& g : o.groups) groups.push_back(groupJson(g));
  Json json{{"terms", terms},
            {"parameters", o.parameters},
            {"optimiser", choiceJson(o.optimiser)},
            {"groups", groups},
            {"schedule", scheduleJson(o.schedule)},
            {"clip_norm", numberJson(o.formulas, "clip_norm", o.clipNorm)},
            {"clip_value", numberJson(o.formulas, "clip_value", o.clipValue)},
            {"accumulate", numberJson(o.formulas, "accumulate", o.accumulate)},
            {"every", numberJson(o.formulas, "every", o.every)}};
  for (const Regulariser& r : o.regularisers) json["regularisers"].push_back(regulariserJson(r));
  addUnknown(json, o.unknown);
  return json;
}

Objective objectiveFromJson(const Json& json, const std::string& source) {
  Objective objective;
  objective.terms.clear();
  for (const Json& t : json.value("terms", Json::array())) {
    LossTerm term;
    term.loss = jsonGet<std::string>(t, "loss", term.loss, source);
    term.weight = numberFromJson(t, "weight", term.weight, term.formulas, source);
    term.output = jsonGet<std::string>(t, "output", "", source);
    term.target = jsonGet<std::string>(t, "target", "", source);
    term.version = jsonGet<int64_t>(t, "version", 0, source);
    term.params = paramsFromJson(t, source);
    term.unknown = unknownMembers(t, {"loss", "version", "params", "weight", "output", "target"});
    objective.terms.push_back(std::move(term));
  }
  objective.parameters = jsonGet<std::string>(json, "parameters", objective.parameters, source);
  readOptimiser(json.value("optimiser", Json::object()), objective.optimiser, source);
  for (const Json& g : json.value("groups", Json::array())) objective.groups.push_back(groupFromJson(g, source));
  for (const Json& r : json.value("regularisers", Json::array()))
    objective.regularisers.push_back(regulariserFromJson(r, source));
  objective.schedule = scheduleFromJson(json.value("schedule", Json::object()), source);
  Attributes& formulas = objective.formulas;
  objective.clipNorm = numberFromJson<double>(json, "clip_norm", 0, formulas, source);
  objective.clipValue = numberFromJson<double>(json, "clip_value", 0, formulas, source);
  objective.accumulate = numberFromJson<int64_t>(json, "accumulate", 1, formulas, source);
  objective.every = numberFromJson<int64_t>(json, "every", 1, formulas, source);
  objective.unknown = unknownMembers(json, {"terms", "parameters", "optimiser", "groups", "schedule", "clip_norm",
                                            "clip_value", "accumulate", "every", "regularisers"});
  return objective;
}

}  // namespace

Json toJson(const RunConfig& config) {
  Json json = Json::object();
  for (const Setting& s : settings()) json[s.spec.name] = netwright::toJson(runParam(config, s.spec.name));
  json["metrics"] = config.metrics;
  if (!config.frozen.empty()) json["frozen"] = config.frozen;
  for (const Initialiser& i : config.initialisers) json["initialisers"].push_back(initialiserJson(i));
  json["objectives"] = Json::array();
  for (const Objective& o : config.objectives) json["objectives"].push_back(objectiveJson(o));
  addUnknown(json, config.unknown);
  return json;
}

RunConfig runConfigFromJson(const Json& json, const std::string& source) try {
  RunConfig config;
  for (const Setting& s : settings()) {
    const auto it = json.find(s.spec.name);
    if (it == json.end()) continue;
    Attribute value = attributeFromJson(*it, fmt::format("{}: '{}'", source, s.spec.name));
    if (std::holds_alternative<Auto>(value)) value = std::string("auto");  // device
    if (const auto problem = s.spec.problem(value))
      failInput(fmt::format("{}: {} {}.", source, s.spec.name, *problem), "", "Correct that value.");
    setRunParam(config, s.spec.name, value);
  }
  if (json.contains("metrics")) config.metrics = json.at("metrics").get<std::vector<std::string>>();
  if (json.contains("frozen")) config.frozen = json.at("frozen").get<std::vector<std::string>>();
  for (const Json& i : json.value("initialisers", Json::array()))
    config.initialisers.push_back(initialiserFromJson(i, source));
  if (json.contains("objectives")) {
    config.objectives.clear();
    for (const Json& o : json.at("objectives")) config.objectives.push_back(objectiveFromJson(o, source));
  }
  Json others = Json::object();
  for (const auto& [key, value] : json.items())
    if (key != "metrics" && key != "objectives" && key != "frozen" && key != "initialisers" && !hasSetting(key))
      others[key] = value;
  if (!others.empty()) config.unknown = others.dump();
  return config;
} catch (const Json::exception& e) {
  failInput(fmt::format("{}: the run settings are malformed.", source), e.what(),
            "Restore the file from version control or a backup.");
}

namespace {

// What an optimiser cannot do that others can.
void checkTogether(const Objective& o, const OptimiserSpec& optimiser, Diagnostics& found) {
  if (cyclesMomentum(o.schedule) && !optimiser.hasMomentum())
    found.push_back(badValue("The schedule", "cycle_momentum",
                             fmt::format("must be false, because {} has no momentum", optimiser.title)));
  if (!optimiser.searches) return;
  const std::string why = fmt::format(", because {} looks at one batch several times", optimiser.title);
  if (o.accumulate > 1) found.push_back(badValue("The objective", "accumulate", "must be 1" + why));
  if (!o.groups.empty())
    found.push_back(badValue("The objective", "groups",
                             fmt::format("must be none, because {} has the same settings for all", optimiser.title)));
}

void checkObjective(const Objective& o, Diagnostics& found) {
  const std::string what = "The objective";
  if (const OptimiserSpec* spec = findOptimiser(o.optimiser.kind)) {
    checkParams(o.optimiser.params, spec->params, spec->title, found);
    for (const ParameterGroup& g : o.groups) checkParams(g.params, spec->params, spec->title, found);
  } else {
    found.push_back(unknownName("The optimiser", o.optimiser.kind, idsOf(optimisers())));
  }
  for (Diagnostic& d : checkSchedule(o.schedule)) found.push_back(std::move(d));
  if (const OptimiserSpec* spec = findOptimiser(o.optimiser.kind)) checkTogether(o, *spec, found);
  for (const auto& [name, value] : {std::pair("accumulate", o.accumulate), std::pair("every", o.every)})
    if (value < 1) found.push_back(badValue(what, name, fmt::format("must be at least 1 but is {}", value)));
  for (const auto& [name, value] : {std::pair("clip_norm", o.clipNorm), std::pair("clip_value", o.clipValue)})
    if (!(value >= 0)) found.push_back(badValue(what, name, fmt::format("must be at least 0 but is {}", value)));
  for (const ParameterGroup& g : o.groups) {
    if (g.parameters.empty())
      found.push_back(badValue(what, "groups", "must each say which parameters they hold, such as *.bias"));
    if (!(g.lrFactor >= 0))
      found.push_back(badValue(what, "lr_factor", fmt::format("must be at least 0 but is {}", g.lrFactor)));
  }
  for (const Regulariser& r : o.regularisers) {
    if (!findRegulariser(r.kind)) found.push_back(unknownName("The regulariser", r.kind, idsOf(regularisers())));
    if (!(r.weight >= 0))
      found.push_back(
          badValue("The regulariser " + r.kind, "weight", fmt::format("must be at least 0 but is {}", r.weight)));
  }
}

void checkInitialisers(const RunConfig& config, Diagnostics& found) {
  for (const Initialiser& i : config.initialisers)
    if (const InitialiserSpec* spec = findInitialiser(i.kind))
      checkParams(i.params, spec->params, "The initialiser " + spec->title, found);
    else
      found.push_back(unknownName("The initialiser", i.kind, idsOf(initialisers())));
}

}  // namespace

Diagnostics checkConfig(const RunConfig& config) {
  Diagnostics found;
  for (const Setting& s : settings())
    if (const auto problem = s.spec.problem(s.read(config)))
      found.push_back(badValue("The run", s.spec.name, *problem));
  for (const std::string& m : config.metrics)
    if (!metricChoice(m).spec()) found.push_back(unknownName("The metric", metricChoice(m).id, idsOf(metrics())));
  checkInitialisers(config, found);
  if (config.objectives.empty()) found.push_back(badValue("The run", "objectives", "must be at least one"));
  for (const Objective& o : config.objectives) checkObjective(o, found);
  if (config.start != "init" && !config.start.starts_with("run:") && !config.start.starts_with("file:"))
    found.push_back(
        badValue("The run", "start", fmt::format("must be init, run:NAME or file:PATH but is {}", config.start)));
  return found;
}

const std::vector<ParamSpec>& runParams() {
  static const std::vector<ParamSpec> kSpecs = [] {
    std::vector<ParamSpec> specs;
    for (const Setting& s : settings()) specs.push_back(s.spec);
    return specs;
  }();
  return kSpecs;
}

Attribute runParam(const RunConfig& config, const std::string& name) {
  const auto formula = config.formulas.find(name);
  return formula == config.formulas.end() ? settingOf(name).read(config) : formula->second;
}

void setRunParam(RunConfig& config, const std::string& name, const Attribute& value) {
  const Setting& s = settingOf(name);
  if (const auto problem = s.spec.problem(value)) failInput(fmt::format("{} {}.", name, *problem), "", "");
  s.write(config, setFormula(config.formulas, name, value) ? s.spec.fallback : value);
}

const std::vector<ParamSpec>& objectiveParams() {
  static const std::vector<ParamSpec> kSpecs = [] {
    std::vector<ParamSpec> specs;
    for (const ObjectiveNumber& n : objectiveNumbers()) specs.push_back(n.spec);
    return specs;
  }();
  return kSpecs;
}

Attribute objectiveParam(const Objective& objective, const std::string& name) {
  const auto formula = objective.formulas.find(name);
  return formula == objective.formulas.end() ? objectiveNumber(name).read(objective) : formula->second;
}

void setObjectiveParam(Objective& objective, const std::string& name, const Attribute& value) {
  const ObjectiveNumber& n = objectiveNumber(name);
  n.write(objective, numbers(setFormula(objective.formulas, name, value) ? n.spec.fallback : value).value().front());
}

const ParamSpec& weightParam() {
  static const ParamSpec kSpec =
      floatParam("weight", LossTerm().weight).withDoc("What the loss is multiplied by in the sum of all losses.");
  return kSpec;
}

const ParamSpec& lrFactorParam() {
  static const ParamSpec kSpec =
      floatParam("lr_factor", ParameterGroup().lrFactor)
          .min(0)
          .withDoc(
              "The group's learning rate is so many times the objective's: 0.1 for layers that are trained "
              "already.");
  return kSpec;
}

const ParamSpec& regulariserWeightParam() {
  static const ParamSpec kSpec = floatParam("weight", Regulariser().weight).min(0);
  return kSpec;
}

}  // namespace netwright::run
