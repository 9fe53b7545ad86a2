// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/json.h"
#include "core/project/stored_run.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::string a, b;
};

struct Difference {
  std::string what;
  Json a, b;  // null where one side has no such thing
};

std::map<std::string, Json> paramsOf(store::Database& database, const store::RunSummary& run) {
  std::map<std::string, Json> params{{"seed", run.seed}, {"device", run.device}, {"app_version", run.appVersion}};
  for (const auto& [key, value] : database.params(run.id)) params[key] = value;
  for (const auto& d : database.datasets(run.id)) params[d.role + " data"] = d.digest;
  return params;
}

// Nodes by name with what makes them up, and the wires by the names of their ends.
std::map<std::string, Json> graphOf(store::Database& database, store::RunId run) {
  std::map<std::string, Json> parts;
  const Json project = Json::parse(database.graphJson(run), nullptr, false);
  if (!project.is_object() || !project.contains("graph")) return parts;
  const Json& graph = project["graph"];
  std::map<std::string, std::string> names;
  for (const Json& node : graph.value("nodes", Json::array())) {
    const std::string name = node.value("name", "");
    names[node.value("id", Json()).dump()] = name;
    parts[name] = {{"kind", node.value("kind", "")}, {"params", node.value("params", Json::object())}};
    if (node.contains("mode")) parts[name]["mode"] = node["mode"];
    if (node.contains("shared")) parts[name]["shared"] = node["shared"];
  }
  const auto named = [&](const std::string& end) {
    const size_t dot = end.find('.');
    const auto it = names.find(end.substr(0, dot));
    return it == names.end() || dot == std::string::npos ? end : it->second + end.substr(dot);
  };
  for (const Json& wire : graph.value("wires", Json::array()))
    if (wire.is_array() && wire.size() == 2 && wire[0].is_string() && wire[1].is_string())
      parts[named(wire[0]) + " -> " + named(wire[1])] = "wire";
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

Json toJson(const std::vector<Difference>& differences) {
  Json all = Json::object();
  for (const Difference& d : differences) all[d.what] = {{"a", d.a}, {"b", d.b}};
  return all;
}

std::string text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>().substr(0, 24);
  if (value.is_object() && value.contains("best"))
    return value["best"].is_null() ? "-" : fmt::format("{:.5g}", value["best"].get<double>());
  return value.dump();
}

void print(const std::string& title, const std::vector<Difference>& differences) {
  if (differences.empty()) return fmt::print("{}: the same\n", title);
  fmt::print("{}\n", bold(title));
  for (const Difference& d : differences) {
    if (d.a.is_object() && d.b.is_object() && d.a.contains("params") && d.b.contains("params")) {
      fmt::print("  {}\n", d.what);
      for (const auto& [key, value] : d.a["params"].items())
        if (const Json other = d.b["params"].value(key, Json()); other != value)
          fmt::print("    {:24} {:>24} {:>24}\n", key, text(value), text(other));
      if (d.a["kind"] != d.b["kind"])
        fmt::print("    {:24} {:>24} {:>24}\n", "kind", text(d.a["kind"]), text(d.b["kind"]));
      continue;
    }
    const auto brief = [](const Json& v) {
      return v.is_object() && v.contains("kind") ? v["kind"].get<std::string>() : text(v);
    };
    fmt::print("  {:26} {:>24} {:>24}\n", d.what, brief(d.a), brief(d.b));
  }
}

void compare(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const store::RunSummary a = project::findRun(folder, o.a), b = project::findRun(folder, o.b);
  store::Database database(project::databaseFile(folder));
  const auto settings = difference(paramsOf(database, a), paramsOf(database, b));
  const auto graph = difference(graphOf(database, a.id), graphOf(database, b.id));
  const auto metrics = difference(metricsOf(a), metricsOf(b));
  if (o.target.json)
    return printJson({{"a", a.name},
                      {"b", b.name},
                      {"settings", toJson(settings)},
                      {"graph", toJson(graph)},
                      {"metrics", toJson(metrics)}});
  fmt::print("{:28} {:>24} {:>24}\n", "", a.name, b.name);
  print("settings", settings);
  print("graph", graph);
  print("metrics (best)", metrics);
}

}  // namespace

void addCompare(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("compare", "Settings, graph and metrics in which two runs differ.");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("A", o->a, "Id, name or latest.")->required();
  command->add_option("B", o->b, "Id, name or latest.")->required();
  command->callback([o] { compare(*o); });
}

}  // namespace netwright::cli::runs
