// SPDX-License-Identifier: Apache-2.0
#include "core/project/run_difference.h"

#include <fmt/format.h>

#include <map>

#include "core/base/json.h"

namespace netwright::project {
namespace {

std::map<std::string, Json> paramsOf(store::Database& database, const store::RunSummary& run) {
  std::map<std::string, Json> params{{"seed", run.seed}, {"device", run.device}, {"app_version", run.appVersion}};
  for (const auto& [key, value] : database.params(run.id)) params[key] = value;
  for (const auto& d : database.datasets(run.id)) params[d.role + " data"] = d.digest;
  return params;
}

// Nodes by name with what makes them up, the wires by the names of their ends, and variables; those of blocks behind
// the block's name: "Residual / conv1".
void addParts(const Json& graph, const std::string& prefix, std::map<std::string, Json>& parts) {
  std::map<std::string, std::string> names;
  for (const Json& node : graph.value("nodes", Json::array())) {
    const std::string name = prefix + node.value("name", "");
    names[node.value("id", Json()).dump()] = name;
    parts[name] = {{"kind", node.value("kind", "")}, {"params", node.value("params", Json::object())}};
    for (const char* key : {"mode", "bypassed", "shared", "bodies"})
      if (node.contains(key)) parts[name][key] = node[key];
  }
  const auto named = [&](const std::string& end) {
    const size_t dot = end.find('.');
    const auto it = names.find(end.substr(0, dot));
    return it == names.end() || dot == std::string::npos ? end : it->second + end.substr(dot);
  };
  for (const Json& wire : graph.value("wires", Json::array()))
    if (wire.is_array() && wire.size() == 2 && wire[0].is_string() && wire[1].is_string())
      parts[named(wire[0]) + " -> " + named(wire[1])] = "wire";
  for (const Json& variable : graph.value("variables", Json::array()))
    parts[prefix + variable.value("name", "")] = variable.value("value", Json());
  for (const Json& block : graph.value("blocks", Json::array())) {
    const std::string name = prefix + block.value("name", "");
    for (const Json& param : block.value("params", Json::array()))
      parts[name + " / " + param.value("name", "")] = param.value("default", Json());
    addParts(block.value("body", Json::object()), name + " / ", parts);
  }
}

std::map<std::string, Json> graphOf(store::Database& database, store::RunId run) {
  std::map<std::string, Json> parts;
  const Json project = Json::parse(database.graphJson(run), nullptr, false);
  if (project.is_object() && project.contains("graph")) addParts(project["graph"], "", parts);
  return parts;
}

std::map<std::string, Json> metricsOf(const store::RunSummary& run) {
  std::map<std::string, Json> metrics;
  for (const store::MetricSummary& m : run.metrics)
    metrics[m.context + "/" + m.key] =
        m.best() ? Json{{"best", m.best()->value}, {"last", m.last}} : Json{{"best", nullptr}, {"last", m.last}};
  return metrics;
}

std::vector<Difference> difference(const std::map<std::string, Json>& a, const std::map<std::string, Json>& b) {
  std::vector<Difference> all;
  std::map<std::string, Json> keys = a;
  keys.insert(b.begin(), b.end());
  for (const auto& [key, unused] : keys) {
    const auto inA = a.find(key), inB = b.find(key);
    const Json left = inA == a.end() ? Json() : inA->second, right = inB == b.end() ? Json() : inB->second;
    if (left != right) all.push_back({key, left, right});
  }
  return all;
}

}  // namespace

RunDifference differenceOf(store::Database& database, const store::RunSummary& a, const store::RunSummary& b) {
  return {difference(paramsOf(database, a), paramsOf(database, b)),
          difference(graphOf(database, a.id), graphOf(database, b.id)), difference(metricsOf(a), metricsOf(b))};
}

std::string wireText(const graph::Document& document, const graph::Wire& wire) {
  const auto end = [&](const PortRef& port) {
    const graph::Node* node = document.find(port.node);
    return (node ? node->name : "") + "." + port.port;
  };
  return end(wire.from) + " -> " + end(wire.to);
}

std::string shortText(const Json& value) {
  constexpr size_t kLongest = 24;
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>().substr(0, kLongest);
  if (value.is_object() && value.contains("kind")) return value["kind"].get<std::string>();
  if (value.is_object() && value.contains("best"))
    return value["best"].is_null() ? "-" : fmt::format("{:.5g}", value["best"].get<double>());
  return value.dump();
}

std::vector<Row> rowsOf(const std::vector<Difference>& differences) {
  std::vector<Row> rows;
  for (const Difference& d : differences) {
    if (!d.a.is_object() || !d.b.is_object() || !d.a.contains("params") || !d.b.contains("params")) {
      rows.push_back({d.what, shortText(d.a), shortText(d.b)});
      continue;
    }
    if (d.a["kind"] != d.b["kind"]) rows.push_back({d.what, shortText(d.a), shortText(d.b)});
    for (const Json* side : {&d.a, &d.b})
      for (const auto& [key, unused] : (*side)["params"].items()) {
        const Json left = d.a["params"].value(key, Json()), right = d.b["params"].value(key, Json());
        if (left == right || (side == &d.b && d.a["params"].contains(key))) continue;
        rows.push_back({d.what + "." + key, shortText(left), shortText(right)});
      }
    for (const char* key : {"mode", "bypassed", "shared", "bodies"})
      if (const Json left = d.a.value(key, Json()), right = d.b.value(key, Json()); left != right)
        rows.push_back({d.what + "." + key, shortText(left), shortText(right)});
  }
  return rows;
}

}  // namespace netwright::project
