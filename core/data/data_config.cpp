// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/registry.h"

namespace netwright::data {
namespace {

const std::vector<std::pair<std::string, SplitMode>>& splitModes() {
  static const std::vector<std::pair<std::string, SplitMode>> kModes{{"auto", SplitMode::Auto},
                                                                     {"random", SplitMode::Random},
                                                                     {"stratified", SplitMode::Stratified},
                                                                     {"time", SplitMode::Time}};
  return kModes;
}

std::string nameOf(SplitMode mode) {
  for (const auto& [name, m] : splitModes())
    if (m == mode) return name;
  return "";
}

SplitMode splitModeFromName(const std::string& word, const std::string& sourceName) {
  std::vector<std::string> names;
  for (const auto& [name, mode] : splitModes()) {
    if (name == word) return mode;
    names.push_back(name);
  }
  failInput(fmt::format("{}: 'split' should be one of {} but is \"{}\".", sourceName, joined(names, ", "), word), "",
            fmt::format("Did you mean '{}'?", nearest(word, names)));
}

Json paramsToJson(const Attributes& params) {
  Json json = Json::object();
  for (const auto& [name, value] : params) json[name] = netwright::toJson(value);
  return json;
}

Json toJson(const TransformConfig& step) {
  Json json{{"kind", step.kind}, {"params", paramsToJson(step.params)}};
  addUnknown(json, step.unknown);
  return json;
}

const Json& member(const Json& json, const char* key, const Json& fallback, bool (Json::*isType)() const noexcept,
                   const std::string& sourceName) {
  const auto it = json.find(key);
  if (it == json.end()) return fallback;
  if (!((*it).*isType)())
    failInput(fmt::format("{}: '{}' should be {} but is {}.", sourceName, key,
                          fallback.is_array() ? "a list" : "an object", it->dump().substr(0, 60)),
              "", "Correct that value.");
  return *it;
}

TransformConfig transformFromJson(const Json& json, const std::string& sourceName) {
  static const Json kNone = Json::object();
  TransformConfig step;
  step.kind = jsonGet<std::string>(json, "kind", "", sourceName);
  if (step.kind.empty()) failInput(fmt::format("{}: a transform has no 'kind'.", sourceName), "", "Add it.");
  for (const auto& [name, value] : member(json, "params", kNone, &Json::is_object, sourceName).items())
    step.params[name] =
        attributeFromJson(value, fmt::format("{}: '{}' of transform '{}'", sourceName, name, step.kind));
  step.unknown = unknownMembers(json, {"kind", "params"});
  return step;
}

// How diagnostics name what a setting is of.
constexpr const char* kData = "The data";
std::string stepName(const TransformConfig& step) { return fmt::format("Transform '{}'", step.kind); }

}  // namespace

Json toJson(const DataConfig& config) {
  Json steps = Json::array();
  for (const TransformConfig& step : config.transforms) steps.push_back(toJson(step));
  Json json{{"source", config.source},
            {"path", config.path},
            {"params", paramsToJson(config.params)},
            {"transforms", std::move(steps)},
            {"validation", config.validation},
            {"test", config.test},
            {"split", nameOf(config.split)},
            {"split_seed", config.splitSeed}};
  for (const auto& [name, formula] : config.formulas) json[name] = netwright::toJson(formula);
  addUnknown(json, config.unknown);
  return json;
}

DataConfig dataConfigFromJson(const Json& json, const std::string& sourceName) {
  static const Json kNoSteps = Json::array(), kNoParams = Json::object();
  DataConfig config;
  config.source = jsonGet(json, "source", config.source, sourceName);
  config.path = jsonGet(json, "path", config.path, sourceName);
  const auto isFormula = [&](const char* name) {
    const auto it = json.find(name);
    if (it == json.end() || !it->is_object()) return false;
    config.formulas[name] = attributeFromJson(*it, fmt::format("{}: '{}' of the data", sourceName, name));
    return true;
  };
  if (!isFormula("validation")) config.validation = jsonGet(json, "validation", config.validation, sourceName);
  if (!isFormula("test")) config.test = jsonGet(json, "test", config.test, sourceName);
  if (!isFormula("split"))
    config.split = splitModeFromName(jsonGet(json, "split", nameOf(config.split), sourceName), sourceName);
  if (!isFormula("split_seed")) config.splitSeed = jsonGet(json, "split_seed", config.splitSeed, sourceName);
  for (const auto& [name, value] : member(json, "params", kNoParams, &Json::is_object, sourceName).items())
    config.params[name] = attributeFromJson(value, fmt::format("{}: '{}' of the data source", sourceName, name));
  for (const Json& step : member(json, "transforms", kNoSteps, &Json::is_array, sourceName))
    config.transforms.push_back(transformFromJson(step, sourceName));
  config.unknown =
      unknownMembers(json, {"source", "path", "params", "transforms", "validation", "test", "split", "split_seed"});
  return config;
}

const std::vector<ParamSpec>& splitParams() {
  static const std::vector<ParamSpec> kParams = [] {
    std::vector<std::string> modes;
    for (const auto& [name, mode] : splitModes()) modes.push_back(name);
    return std::vector<ParamSpec>{
        floatParam("validation", 0.1).min(0).max(0.9).withDoc("Share of the samples kept apart to measure with."),
        floatParam("test", 0.0)
            .min(0)
            .max(0.9)
            .withDoc("Share of the samples kept for the very end; unused where the "
                     "source has a test set."),
        choiceParam("split", modes)
            .withDoc("How samples are divided: at random, with each class in its proportion, or "
                     "the last ones held back; auto takes time for series, else random."),
        intParam("split_seed", 0).min(0).withDoc("Chooses which samples are held back."),
    };
  }();
  return kParams;
}

Attribute splitParam(const DataConfig& config, const std::string& name) {
  if (const auto formula = config.formulas.find(name); formula != config.formulas.end()) return formula->second;
  if (name == "validation") return config.validation;
  if (name == "test") return config.test;
  if (name == "split") return nameOf(config.split);
  assert(name == "split_seed");
  return static_cast<int64_t>(config.splitSeed);
}

void setSplitParam(DataConfig& config, const std::string& name, const Attribute& value) {
  const auto spec =
      std::find_if(splitParams().begin(), splitParams().end(), [&](const ParamSpec& p) { return p.name == name; });
  assert(spec != splitParams().end());
  const Attributes one{{name, setFormula(config.formulas, name, value) ? spec->fallback : value}};
  if (name == "validation")
    config.validation = number(one, name);
  else if (name == "test")
    config.test = number(one, name);
  else if (name == "split")
    config.split = splitModeFromName(text(one, name), "The data");
  else
    config.splitSeed = static_cast<uint64_t>(whole(one, name));
}

void eachFormula(DataConfig& config, const FormulaVisit& visit) {
  netwright::eachFormula(config.formulas, kData, visit);
  netwright::eachFormula(config.params, kData, visit);
  for (TransformConfig& t : config.transforms) netwright::eachFormula(t.params, stepName(t), visit);
}

Diagnostics settle(DataConfig& config, const FormulaValue& value) {
  Diagnostics found;
  const Attributes formulas = std::exchange(config.formulas, {});
  for (const ParamSpec& spec : splitParams())
    if (const auto formula = formulas.find(spec.name); formula != formulas.end())
      setSplitParam(config, spec.name,
                    settled(formula->second, kData, spec.name, &spec, value, found).value_or(spec.fallback));
  netwright::settle(config.params, kData, value, found);
  for (TransformConfig& t : config.transforms) netwright::settle(t.params, stepName(t), value, found);
  return found;
}

void setDataByName(DataConfig& config, const std::string& name, const std::string& value) {
  if (name == "source") {
    config.source = sourceSpec(value).kind;
    config.params.clear();  // they were of the other source
    return;
  }
  if (name == "path") {
    config.path = value;
    return;
  }
  std::vector<std::string> names{"source", "path"};
  for (const ParamSpec& spec : splitParams()) {
    if (spec.name == name) return setSplitParam(config, name, spec.parse(value));
    names.push_back(spec.name);
  }
  for (const ParamSpec& spec : sourceSpec(config.source).params) {
    if (spec.name == name) {
      config.params[name] = spec.parse(value);
      return;
    }
    names.push_back(spec.name);
  }
  failInput(fmt::format("The data has no setting '{}'. Did you mean '{}'?", name, nearest(name, names)),
            fmt::format("The source '{}' knows {}.", config.source, joined(names, ", ")), "");
}

}  // namespace netwright::data
