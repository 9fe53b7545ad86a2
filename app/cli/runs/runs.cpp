// SPDX-License-Identifier: Apache-2.0
#include "app/cli/runs/runs.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/stored_run.h"

namespace netwright::cli {
namespace runs {

void addTarget(CLI::App& command, Target& target) {
  command.add_option("PROJECT", target.folder, "The project's folder.")->required();
  command.add_flag("--json", target.json, "Answer as JSON.");
}

std::string when(int64_t ms) {
  const std::time_t seconds = ms / 1000;
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", std::localtime(&seconds));
  return text;
}

std::string valueText(const store::MetricSummary& metric, double value) {
  const bool share = metric.key == "accuracy" || metric.key == "top5";
  return share && std::isfinite(value) ? fmt::format("{:.2f} %", 100 * value) : fmt::format("{:.4g}", value);
}

Json describe(const store::RunSummary& r) {
  Json metrics = Json::object();
  for (const store::MetricSummary& m : r.metrics) {
    Json& one = metrics[m.context + "/" + m.key];
    one = {{"count", m.count}, {"last", m.last}, {"last_step", m.lastStep}};
    if (m.best()) one.update({{"best", m.best()->value}, {"best_step", m.best()->step}});
  }
  const store::MetricSummary* result = r.result();
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
          {"parent", r.parent ? Json(r.parent.value) : Json()},
          {"result", result ? Json(result->context + "/" + result->key) : Json()},
          {"metrics", metrics}};
}

std::vector<store::RunSummary> findRuns(const std::filesystem::path& folder,
                                        const std::vector<std::string>& references) {
  std::vector<store::RunSummary> found;
  for (const std::string& reference : references) found.push_back(project::findRun(folder, reference));
  return found;
}

store::RunSummary findTrashed(const std::filesystem::path& folder, const std::string& reference) {
  store::Database database(project::databaseFile(folder));
  if (auto found = database.findRun(reference, store::Database::Which::Trashed)) return std::move(*found);
  std::vector<std::string> names;
  for (const store::RunSummary& r : database.runs(store::Database::Which::Trashed)) names.push_back(r.name);
  if (names.empty()) failInput(fmt::format("The trash of {} is empty.", folder.string()), "", "");
  failInput(fmt::format("There is no run '{}' in the trash of {}. Did you mean '{}'?", reference, folder.string(),
                        nearest(reference, names)),
            "", "netwright-cli runs list --deleted shows the trash.");
}

}  // namespace runs

void addRuns(CLI::App& app) {
  CLI::App* command = app.add_subcommand("runs", "Look at the runs of a project, compare, export and tidy them.");
  command->require_subcommand(1);
  for (const auto add : {runs::addList, runs::addShow, runs::addCompare, runs::addExport, runs::addTag, runs::addNote,
                         runs::addDelete, runs::addRestore, runs::addGc})
    add(*command);
}

}  // namespace netwright::cli
