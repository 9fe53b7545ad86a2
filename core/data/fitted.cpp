// SPDX-License-Identifier: Apache-2.0
#include "core/data/fitted.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

[[noreturn]] void failKey(const std::string& sourceName, const std::string& key, const std::string& expected) {
  failInput(fmt::format("{}: '{}' should be {}.", sourceName, key, expected), "", "Train again.");
}

const Json& member(const Json& json, const char* key, const std::string& sourceName, bool list) {
  const auto it = json.is_object() ? json.find(key) : json.end();
  if (it == json.end() || (list ? !it->is_array() : !it->is_object()))
    failKey(sourceName, key, list ? "a list" : "an object");
  return *it;
}

std::vector<std::string> textsFromJson(const Json& json, const char* key, const std::string& sourceName) {
  std::vector<std::string> texts;
  for (const Json& item : member(json, key, sourceName, true)) {
    if (!item.is_string()) failKey(sourceName, key, "a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

FittedValues valuesFromJson(const Json& json, const std::string& sourceName) {
  FittedValues values;
  for (const auto& [name, list] : json.items()) {
    if (!list.is_array()) failKey(sourceName, name, "a list of numbers");
    for (const Json& number : list) {
      if (!number.is_number()) failKey(sourceName, name, "a list of numbers");
      values[name].push_back(number.get<double>());
    }
  }
  return values;
}

// What differs first, as "the entry 'a'" and so on; the longer list names what the other lacks.
std::string firstDifference(const std::vector<std::string>& then, const std::vector<std::string>& now) {
  for (const std::string& name : now)
    if (std::find(then.begin(), then.end(), name) == then.end()) return fmt::format("'{}' is new", name);
  for (const std::string& name : then)
    if (std::find(now.begin(), now.end(), name) == now.end()) return fmt::format("'{}' is gone", name);
  return "their order differs";
}

[[noreturn]] void failChanged(std::string why) {
  failInput("The data has changed since the values of its transforms were learnt.", std::move(why),
            "Use the data of that training, or train again.");
}

}  // namespace

Json toJson(const Fitted& fitted) {
  Json steps = Json::array(), columns = Json::array();
  for (const FittedStep& step : fitted.steps) {
    Json byColumn = Json::object();
    for (const auto& [name, values] : step.columns) byColumn[name] = values;
    steps.push_back({{"kind", step.kind}, {"columns", std::move(byColumn)}});
  }
  for (const FittedColumn& column : fitted.columns)
    columns.push_back({{"name", column.name}, {"entries", column.entries}, {"classes", column.classes}});
  return {{"steps", std::move(steps)}, {"columns", std::move(columns)}};
}

Fitted fittedFromJson(const Json& json, const std::string& sourceName) {
  Fitted fitted;
  for (const Json& item : member(json, "steps", sourceName, true)) {
    FittedStep step;
    step.kind = jsonGet<std::string>(item, "kind", "", sourceName);
    for (const auto& [name, values] : member(item, "columns", sourceName, false).items()) {
      if (!values.is_object()) failKey(sourceName, name, "an object");
      step.columns[name] = valuesFromJson(values, sourceName);
    }
    fitted.steps.push_back(std::move(step));
  }
  for (const Json& item : member(json, "columns", sourceName, true))
    fitted.columns.push_back({jsonGet<std::string>(item, "name", "", sourceName),
                              textsFromJson(item, "entries", sourceName), textsFromJson(item, "classes", sourceName)});
  return fitted;
}

std::vector<FittedColumn> namesOf(const std::vector<ColumnSpec>& columns) {
  std::vector<FittedColumn> names;
  for (const ColumnSpec& c : columns) names.push_back({c.name, c.entries, c.classes});
  return names;
}

void requireSameColumns(const Fitted& fitted, const std::vector<ColumnSpec>& columns) {
  const std::vector<FittedColumn> now = namesOf(columns);
  if (now == fitted.columns) return;
  std::vector<std::string> thenNames, nowNames;
  for (const FittedColumn& c : fitted.columns) thenNames.push_back(c.name);
  for (const FittedColumn& c : now) nowNames.push_back(c.name);
  if (thenNames != nowNames)
    failChanged(fmt::format("The columns were {} and are {}.", joined(thenNames, ", "), joined(nowNames, ", ")));
  for (size_t i = 0; i < now.size(); ++i) {
    const FittedColumn& then = fitted.columns[i];
    if (then.entries != now[i].entries)
      failChanged(
          fmt::format("Column '{}': of the features, {}.", then.name, firstDifference(then.entries, now[i].entries)));
    if (then.classes != now[i].classes)
      failChanged(
          fmt::format("Column '{}': of the classes, {}.", then.name, firstDifference(then.classes, now[i].classes)));
  }
}

}  // namespace netwright::data
