// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "app/cli/text_chart.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/stored_run.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::string run = "latest";
};

Json toJson(store::Database& database, const store::RunSummary& r) {
  Json json = describe(r);
  for (const auto& [key, value] : database.params(r.id)) json["params"][key] = value;
  json["tags"] = Json::object();
  for (const auto& [key, value] : database.tags(r.id)) json["tags"][key] = value;
  json["notes"] = Json::array();
  for (const auto& n : database.notes(r.id)) json["notes"].push_back({{"time_ms", n.timeMs}, {"text", n.text}});
  json["datasets"] = Json::array();
  for (const auto& d : database.datasets(r.id))
    json["datasets"].push_back({{"role", d.role}, {"name", d.name}, {"digest", d.digest}, {"samples", d.samples}});
  for (const auto& c : database.checkpoints(r.id))
    json["checkpoints"].push_back({{"epoch", c.epoch}, {"step", c.step}, {"path", c.path}, {"best", c.isBest}});
  json["bytes"] = database.diskUse()[r.id].total();
  return json;
}

void printSystem(store::Database& database, store::RunId run) {
  for (const std::string& key : database.systemKeys(run)) {
    const store::Series s = database.systemSeries(run, key);
    double largest = 0;
    for (const double v : s.values) largest = std::max(largest, v);
    fmt::print("  {:24} at most {}\n", key,
               key == "memory_bytes" ? byteText(largest) : fmt::format("{:.0f} %", largest));
  }
}

void show(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const store::RunSummary r = project::findRun(folder, o.run);
  store::Database database(project::databaseFile(folder));
  if (o.target.json) return printJson(toJson(database, r));
  fmt::print("{}  {}  {}\n", bold(r.name), store::name(r.status),
             dim(fmt::format("id {}, {}, {}", r.id.value, when(r.startMs),
                             byteText(static_cast<double>(database.diskUse()[r.id].total())))));
  if (!r.errorText.empty()) fmt::print("{}\n", red(r.errorText));
  if (r.parent) fmt::print("  {:24} run {}\n", "started from", r.parent.value);
  for (const auto& [key, value] : database.tags(r.id)) fmt::print("  {:24} {}\n", "tag " + key, value);
  for (const auto& note : database.notes(r.id)) fmt::print("  {:24} {}\n", "note " + when(note.timeMs), note.text);
  for (const auto& d : database.datasets(r.id))
    fmt::print("  {:24} {}, {} samples, {}\n", d.role + " data", d.name, grouped(d.samples),
               dim(d.digest.substr(0, 12)));
  for (const auto& [key, value] : database.params(r.id)) fmt::print("  {:24} {}\n", key, value);
  for (const store::MetricSummary& m : r.metrics)
    fmt::print("  {:24} last {:.5g}{}\n", m.context + "/" + m.key, m.last,
               m.best() ? fmt::format(", best {:.5g} at step {}", m.best()->value, m.best()->step) : "");
  printSystem(database, r.id);
  const store::Series loss = database.series(r.id, "loss", "train");
  fmt::print("{}", textChart(loss.values, {.title = "training loss", .width = 64, .height = 6}));
}

}  // namespace

void addShow(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("show", "One run: settings, metrics, curve, checkpoints.");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  command->callback([o] { show(*o); });
}

}  // namespace netwright::cli::runs
