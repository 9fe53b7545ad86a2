// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ctime>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/text_chart.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/stored_run.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, run = "latest";
  bool json = false;
};

std::string when(int64_t ms) {
  const std::time_t seconds = ms / 1000;
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", std::localtime(&seconds));
  return text;
}

Json describe(const store::RunSummary& r) {
  Json metrics = Json::object();
  for (const store::MetricSummary& m : r.metrics) {
    Json& one = metrics[m.context + "/" + m.key];
    one = {{"count", m.count}, {"last", m.last}, {"last_step", m.lastStep}};
    if (m.best()) one.update({{"best", m.best()->value}, {"best_step", m.best()->step}});
  }
  return {{"id", r.id.value},
          {"name", r.name},
          {"status", store::name(r.status)},
          {"start_ms", r.startMs},
          {"end_ms", r.endMs ? Json(*r.endMs) : Json()},
          {"steps", r.steps},
          {"epochs", r.epochs},
          {"seed", r.seed},
          {"device", r.device},
          {"error", r.errorText},
          {"metrics", metrics}};
}

std::string percent(const store::MetricSummary* m) {
  return m && m->best() ? fmt::format("{:.2f} %", 100 * m->best()->value) : "";
}

void list(const Options& o) {
  store::Database database(project::databaseFile(project::projectFolder(o.folder)));
  database.markLostRuns();
  const auto runs = database.runs();
  if (o.json) {
    Json all = Json::array();
    for (const auto& r : runs) all.push_back(describe(r));
    return printJson(all);
  }
  if (runs.empty()) return fmt::print("No runs yet. Train: netwright-cli train {}\n", o.folder);
  fmt::print("{}\n", bold(fmt::format("{:>4}  {:<16} {:<9} {:<16} {:>6} {:>9} {:>10} {:>10}", "id", "name", "status",
                                      "started", "epochs", "steps", "best val", "val loss")));
  for (const auto& r : runs) {
    const auto* loss = r.metric("loss", "val");
    fmt::print("{:>4}  {:<16} {:<9} {:<16} {:>6} {:>9} {:>10} {:>10}\n", r.id.value, r.name, store::name(r.status),
               when(r.startMs), r.epochs, grouped(r.steps), percent(r.metric("accuracy", "val")),
               loss ? fmt::format("{:.4f}", loss->last) : "");
  }
}

void show(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  const store::RunSummary r = project::findRun(folder, o.run);
  store::Database database(project::databaseFile(folder));
  Json json = describe(r);
  for (const auto& [key, value] : database.params(r.id)) json["params"][key] = value;
  for (const auto& c : database.checkpoints(r.id))
    json["checkpoints"].push_back({{"epoch", c.epoch}, {"step", c.step}, {"path", c.path}, {"best", c.isBest}});
  if (o.json) return printJson(json);
  fmt::print("{}  {}  {}\n", bold(r.name), store::name(r.status),
             dim(fmt::format("id {}, {}", r.id.value, when(r.startMs))));
  if (!r.errorText.empty()) fmt::print("{}\n", red(r.errorText));
  for (const auto& [key, value] : database.params(r.id)) fmt::print("  {:24} {}\n", key, value);
  for (const store::MetricSummary& m : r.metrics)
    fmt::print("  {:24} last {:.5g}{}\n", m.context + "/" + m.key, m.last,
               m.best() ? fmt::format(", best {:.5g} at step {}", m.best()->value, m.best()->step) : "");
  const store::Series loss = database.series(r.id, "loss", "train");
  fmt::print("{}", textChart(loss.values, {.title = "training loss", .width = 64, .height = 6}));
}

}  // namespace

void addRuns(CLI::App& app) {
  CLI::App* command = app.add_subcommand("runs", "Look at the runs of a project.");
  command->require_subcommand(1);
  auto o = std::make_shared<Options>();
  CLI::App* listing = command->add_subcommand("list", "All runs with their best values.");
  CLI::App* one = command->add_subcommand("show", "One run: settings, metrics, curve, checkpoints.");
  for (CLI::App* c : {listing, one}) {
    c->add_option("PROJECT", o->folder, "The project's folder.")->required();
    c->add_flag("--json", o->json, "Answer as JSON.");
  }
  one->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  listing->callback([o] { list(*o); });
  one->callback([o] { show(*o); });
}

}  // namespace netwright::cli
