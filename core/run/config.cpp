// SPDX-License-Identifier: Apache-2.0
#include "core/run/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/run/metric.h"

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
      setting(intParam("keep_best", 0).min(0).max(1e6).withDoc(
                  "Checkpoints kept because they are the best; 0 with keep_last 0 keeps all."),
              &RunConfig::keepBest),
      setting(intParam("keep_last", 0).min(0).max(1e6).withDoc(
                  "Checkpoints kept because they are the newest; 0 with keep_best 0 keeps all."),
              &RunConfig::keepLast),
      setting(textParam("start", "")
                  .withDoc("Where the weights start: init, run:NAME (a stored run) or file:PATH (safetensors)."),
              &RunConfig::start),
  };
  return kSettings;
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

template <class Choice>
void readChoice(const Json& objective, const char* key, Choice& choice, const std::string& source) {
  const Json json = objective.value(key, Json::object());
  choice.kind = jsonGet<std::string>(json, "kind", choice.kind, source);
  choice.params = paramsFromJson(json, source);
  choice.unknown = unknownMembers(json, {"kind", "params"});
}

Json termJson(const LossTerm& t) {
  Json json{{"loss", t.loss},
            {"params", paramsJson(t.params)},
            {"weight", t.weight},
            {"output", t.output},
            {"target", t.target}};
  if (t.version > 0) json["version"] = t.version;
  addUnknown(json, t.unknown);
  return json;
}

Json groupJson(const ParameterGroup& g) {
  Json json{{"parameters", g.parameters}, {"params", paramsJson(g.params)}};
  addUnknown(json, g.unknown);
  return json;
}

Json objectiveJson(const Objective& o) {
  Json terms = Json::array(), groups = Json::array();
  for (const LossTerm& t : o.terms) terms.push_back(termJson(t));
  for (const ParameterGroup& g : o.groups) groups.push_back(groupJson(g));
  Json json{{"terms", terms},
            {"parameters", o.parameters},
            {"optimiser", choiceJson(o.optimiser)},
            {"groups", groups},
            {"schedule", choiceJson(o.schedule)},
            {"clip_norm", o.clipNorm},
            {"clip_value", o.clipValue},
            {"accumulate", o.accumulate},
            {"every", o.every}};
  addUnknown(json, o.unknown);
  return json;
}

Objective objectiveFromJson(const Json& json, const std::string& source) {
  Objective objective;
  objective.terms.clear();
  for (const Json& t : json.value("terms", Json::array())) {
    LossTerm term;
    term.loss = jsonGet<std::string>(t, "loss", term.loss, source);
    term.weight = jsonGet<double>(t, "weight", term.weight, source);
    term.output = jsonGet<std::string>(t, "output", "", source);
    term.target = jsonGet<std::string>(t, "target", "", source);
    term.version = jsonGet<int64_t>(t, "version", 0, source);
    term.params = paramsFromJson(t, source);
    term.unknown = unknownMembers(t, {"loss", "version", "params", "weight", "output", "target"});
    objective.terms.push_back(std::move(term));
  }
  objective.parameters = jsonGet<std::string>(json, "parameters", objective.parameters, source);
  readChoice(json, "optimiser", objective.optimiser, source);
  for (const Json& g : json.value("groups", Json::array()))
    objective.groups.push_back({jsonGet<std::string>(g, "parameters", "", source), paramsFromJson(g, source),
                                unknownMembers(g, {"parameters", "params"})});
  readChoice(json, "schedule", objective.schedule, source);
  objective.clipNorm = jsonGet<double>(json, "clip_norm", 0, source);
  objective.clipValue = jsonGet<double>(json, "clip_value", 0, source);
  objective.accumulate = jsonGet<int64_t>(json, "accumulate", 1, source);
  objective.every = jsonGet<int64_t>(json, "every", 1, source);
  objective.unknown = unknownMembers(json, {"terms", "parameters", "optimiser", "groups", "schedule", "clip_norm",
                                            "clip_value", "accumulate", "every"});
  return objective;
}

Diagnostic unknownName(const char* what, const std::string& name, const std::vector<std::string>& known) {
  Diagnostic d;
  d.code = "NW-R002";
  d.args = {{"what", what}, {"name", name}, {"nearest", nearest(name, known)}, {"known", joined(known, ", ")}};
  return d;
}

Diagnostic badValue(const std::string& where, const std::string& param, const std::string& problem) {
  Diagnostic d;
  d.code = "NW-P001";
  d.args = {{"layer", where}, {"param", param}, {"problem", problem}};
  d.param = param;
  return d;
}

}  // namespace

Json toJson(const RunConfig& config) {
  Json json = Json::object();
  for (const Setting& s : settings()) json[s.spec.name] = netwright::toJson(s.read(config));
  json["metrics"] = config.metrics;
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
    s.write(config, value);
  }
  if (json.contains("metrics")) config.metrics = json.at("metrics").get<std::vector<std::string>>();
  if (json.contains("objectives")) {
    config.objectives.clear();
    for (const Json& o : json.at("objectives")) config.objectives.push_back(objectiveFromJson(o, source));
  }
  Json others = Json::object();
  for (const auto& [key, value] : json.items())
    if (key != "metrics" && key != "objectives" && !hasSetting(key)) others[key] = value;
  if (!others.empty()) config.unknown = others.dump();
  return config;
} catch (const Json::exception& e) {
  failInput(fmt::format("{}: the run settings are malformed.", source), e.what(),
            "Restore the file from version control or a backup.");
}

namespace {

// The settings of `what` against the specs it has.
void checkParams(const Attributes& params, const std::vector<ParamSpec>& specs, const std::string& what,
                 Diagnostics& found) {
  for (const auto& [name, value] : params) {
    const auto p = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& s) { return s.name == name; });
    const auto problem =
        p == specs.end() ? std::optional<std::string>("is not one of its parameters") : p->problem(value);
    if (problem) found.push_back(badValue(what, name, *problem));
  }
}

template <class Spec>
std::vector<std::string> idsOf(const std::vector<Spec>& specs) {
  std::vector<std::string> ids;
  for (const Spec& s : specs) ids.push_back(s.id);
  return ids;
}

void checkObjective(const Objective& o, Diagnostics& found) {
  const std::string what = "The objective";
  if (o.terms.empty()) found.push_back(badValue(what, "terms", "must name at least one loss"));
  if (const OptimiserSpec* spec = findOptimiser(o.optimiser.kind)) {
    checkParams(o.optimiser.params, spec->params, spec->title, found);
    for (const ParameterGroup& g : o.groups) checkParams(g.params, spec->params, spec->title, found);
  } else {
    found.push_back(unknownName("The optimiser", o.optimiser.kind, idsOf(optimisers())));
  }
  if (const ScheduleSpec* spec = findSchedule(o.schedule.kind))
    checkParams(o.schedule.params, spec->params, spec->title, found);
  else
    found.push_back(unknownName("The schedule", o.schedule.kind, idsOf(schedules())));
  for (const auto& [name, value] : {std::pair("accumulate", o.accumulate), std::pair("every", o.every)})
    if (value < 1) found.push_back(badValue(what, name, fmt::format("must be at least 1 but is {}", value)));
  for (const auto& [name, value] : {std::pair("clip_norm", o.clipNorm), std::pair("clip_value", o.clipValue)})
    if (!(value >= 0)) found.push_back(badValue(what, name, fmt::format("must be at least 0 but is {}", value)));
  for (const ParameterGroup& g : o.groups)
    if (g.parameters.empty())
      found.push_back(badValue(what, "groups", "must each say which parameters they hold, such as *.bias"));
}

}  // namespace

Diagnostics checkConfig(const RunConfig& config) {
  Diagnostics found;
  for (const Setting& s : settings())
    if (const auto problem = s.spec.problem(s.read(config)))
      found.push_back(badValue("The run", s.spec.name, *problem));
  for (const std::string& m : config.metrics)
    if (!findMetric(m)) found.push_back(unknownName("The metric", m, idsOf(metrics())));
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

Attribute runParam(const RunConfig& config, const std::string& name) { return settingOf(name).read(config); }

void setRunParam(RunConfig& config, const std::string& name, const Attribute& value) {
  const Setting& s = settingOf(name);
  if (const auto problem = s.spec.problem(value)) failInput(fmt::format("{} {}.", name, *problem), "", "");
  s.write(config, value);
}

namespace {

std::vector<ParamSpec> adamParams(double decay) {
  return {floatParam("lr", 1e-3).min(0).withDoc("Learning rate: size of the steps."),
          floatParam("beta1", 0.9).min(0).max(0.999999).withDoc("Memory of the running mean of gradients."),
          floatParam("beta2", 0.999).min(0).max(0.9999999).withDoc("Memory of the running mean of squared gradients."),
          floatParam("eps", 1e-8).min(0).withDoc("Added to the denominator for stability."),
          floatParam("weight_decay", decay).min(0).withDoc("Pull of the weights towards zero."),
          boolParam("amsgrad", false).withDoc("Divide by the largest mean so far; for runs that do not settle.")};
}

}  // namespace

const std::vector<OptimiserSpec>& optimisers() {
  static const std::vector<OptimiserSpec> kOptimisers{
      {"adam", "Adam", "torch.optim.Adam", "Adapts the step of each weight; a good first choice.", adamParams(0)},
      {"adamw", "AdamW", "torch.optim.AdamW",
       "Adam whose weight decay does not pass through the adaptation; the standard for transformers.",
       adamParams(1e-2)},
      {"rmsprop",
       "RMSprop",
       "torch.optim.RMSprop",
       "Divides each step by the recent size of the gradient; once the choice for recurrent networks.",
       {floatParam("lr", 1e-2).min(0).withDoc("Learning rate: size of the steps."),
        floatParam("alpha", 0.99).min(0).max(1).withDoc("Memory of the running mean of squared gradients."),
        floatParam("eps", 1e-8).min(0).withDoc("Added to the denominator for stability."),
        floatParam("momentum", 0).min(0).max(1).withDoc("How much of the last step is kept."),
        floatParam("weight_decay", 0).min(0).withDoc("Pull of the weights towards zero."),
        boolParam("centered", false).withDoc("Subtract the mean of the gradients before taking their size.")}},
      {"sgd",
       "SGD",
       "torch.optim.SGD",
       "Plain gradient descent, with momentum if wanted.",
       {floatParam("lr", 1e-2).min(0).withDoc("Learning rate: size of the steps."),
        floatParam("momentum", 0).min(0).max(1).withDoc("How much of the last step is kept."),
        floatParam("dampening", 0).min(0).max(1).withDoc("How much the gradient's part in momentum is damped."),
        floatParam("weight_decay", 0).min(0).withDoc("Pull of the weights towards zero."),
        boolParam("nesterov", false)
            .withDoc("Look ahead along the momentum; needs momentum above 0 and dampening 0.")}},
  };
  return kOptimisers;
}

const OptimiserSpec* findOptimiser(const std::string& id) {
  const auto& all = optimisers();
  const auto it = std::find_if(all.begin(), all.end(), [&](const OptimiserSpec& o) { return o.id == id; });
  return it == all.end() ? nullptr : &*it;
}

Attributes completeParams(const Optimiser& optimiser) {
  Attributes params;
  if (const OptimiserSpec* spec = findOptimiser(optimiser.kind)) params = defaults(spec->params);
  for (const auto& [name, value] : optimiser.params) params[name] = value;
  return params;
}

}  // namespace netwright::run
