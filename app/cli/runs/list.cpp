// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/project.h"
#include "core/store/run_words.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::vector<std::string> statuses, tags;
  std::string filter, sort = "id";
  bool deleted = false;
};

using Tags = std::vector<std::pair<std::string, std::string>>;
using Row = store::RunFacts;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::vector<store::RunStatus> statusesOf(const std::vector<std::string>& names) {
  std::vector<store::RunStatus> all;
  for (const std::string& name : names) {
    const auto status = store::runStatusFromName(upper(name));
    if (!status)
      failInput(fmt::format("There is no status '{}'.", name), "",
                "Choose running, paused, finished, failed, killed or lost.");
    all.push_back(*status);
  }
  return all;
}

// "key" or "key=value".
bool hasTag(const Tags& tags, const std::string& wanted) {
  return std::any_of(tags.begin(), tags.end(),
                     [&](const auto& tag) { return wanted == tag.first || wanted == tag.first + "=" + tag.second; });
}

double duration(const store::RunSummary& r) {
  return r.endMs ? static_cast<double>(*r.endMs - r.startMs) / 1000 : std::nan("");
}

// The best value of "val/accuracy", or of "accuracy" on validation samples, else on those of training.
double bestOf(const store::RunSummary& r, const std::string& metric) {
  for (const store::MetricSummary& m : r.metrics)
    if (m.context + "/" + m.key == metric && m.best()) return m.best()->value;
  for (const char* context : {"val", "train", "test"})
    if (const store::MetricSummary* m = r.metric(metric, context); m && m->best()) return m->best()->value;
  return std::nan("");
}

std::vector<std::string> metricNames(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows)
    for (const store::MetricSummary& m : row.summary.metrics)
      for (const std::string& name : {m.key, m.context + "/" + m.key})
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::function<double(const Row&)> numberOf(const std::string& field, const std::vector<Row>& rows) {
  if (field == "id") return [](const Row& r) { return static_cast<double>(r.summary.id.value); };
  if (field == "started") return [](const Row& r) { return static_cast<double>(r.summary.startMs); };
  if (field == "epochs") return [](const Row& r) { return static_cast<double>(r.summary.epochs); };
  if (field == "steps") return [](const Row& r) { return static_cast<double>(r.summary.steps); };
  if (field == "duration") return [](const Row& r) { return duration(r.summary); };
  if (field == "size") return [](const Row& r) { return static_cast<double>(r.bytes); };
  std::vector<std::string> names = metricNames(rows);
  if (std::find(names.begin(), names.end(), field) == names.end() && !rows.empty()) {
    for (const char* known : {"id", "name", "status", "started", "epochs", "steps", "duration", "size"})
      names.emplace_back(known);
    failInput(
        fmt::format("Runs cannot be sorted by '{}'. Did you mean '{}'?", field, nearest(field, names)), "",
        "Choose id, name, status, started, epochs, steps, duration, size or a metric; a - in front turns the order "
        "round.");
  }
  return [field](const Row& r) { return bestOf(r.summary, field); };
}

// Stable, and rows without a value come last in both directions.
void sortRows(std::vector<Row>& rows, std::string field) {
  const bool falling = field.starts_with("-");
  if (falling) field.erase(0, 1);
  if (field == "name" || field == "status") {
    const auto textOf = [&](const Row& r) {
      return field == "name" ? r.summary.name : std::string(store::name(r.summary.status));
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      return falling ? textOf(b) < textOf(a) : textOf(a) < textOf(b);
    });
    return;
  }
  const auto number = numberOf(field, rows);
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    const double x = number(a), y = number(b);
    if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
    return falling ? x > y : x < y;
  });
}

std::vector<Row> wantedRows(const Options& o, const std::filesystem::path& database) {
  const auto statuses = statusesOf(o.statuses);
  const store::RunFilter filter = store::RunFilter::parse(o.filter);
  std::vector<Row> rows =
      store::runFacts(database, o.deleted ? store::Database::Which::Trashed : store::Database::Which::Kept);
  std::erase_if(rows, [&](const Row& row) {
    const bool status =
        statuses.empty() || std::find(statuses.begin(), statuses.end(), row.summary.status) != statuses.end();
    const bool tag =
        std::all_of(o.tags.begin(), o.tags.end(), [&](const std::string& t) { return hasTag(row.tags, t); });
    return !status || !tag || !filter.matches(row);
  });
  sortRows(rows, o.sort);
  return rows;
}

Json toJson(const std::vector<Row>& rows) {
  Json all = Json::array();
  for (const Row& row : rows) {
    Json one = describe(row.summary);
    one["bytes"] = row.bytes;
    one["tags"] = Json::object();
    for (const auto& [key, value] : row.tags) one["tags"][key] = value;
    all.push_back(std::move(one));
  }
  return all;
}

void printRow(const Row& row) {
  const store::RunSummary& r = row.summary;
  const store::MetricSummary* result = r.result();
  const store::MetricSummary* loss = r.metric("loss", r.metric("loss", "val") ? "val" : "train");
  const bool known = result && result->best() && result->key != "loss";
  std::string tags;
  for (const auto& [key, value] : row.tags) tags += " " + key + (value.empty() ? "" : "=" + value);
  fmt::print("{:>4}  {:<16} {:<9} {:<16} {:>6} {:>9} {:>18} {:>10} {:>9}{}\n", r.id.value, r.name,
             store::name(r.status), when(r.startMs), r.epochs, grouped(r.steps),
             known ? fmt::format("{} {}", result->key, valueText(*result, result->best()->value)) : "",
             loss ? fmt::format("{:.4f}", loss->last) : "", byteText(static_cast<double>(row.bytes)), dim(tags));
}

void list(const Options& o) {
  const std::filesystem::path file = project::databaseFile(project::projectFolder(o.target.folder));
  store::Database database(file);
  database.markLostRuns();
  const auto rows = wantedRows(o, file);
  if (o.target.json) return printJson(toJson(rows));
  if (rows.empty() && o.deleted) return fmt::print("The trash is empty.\n");
  if (rows.empty() && database.runs().empty())
    return fmt::print("No runs yet. Train: netwright-cli train {}\n", o.target.folder);
  if (rows.empty()) return fmt::print("No run is like that.\n");
  fmt::print("{}\n", bold(fmt::format("{:>4}  {:<16} {:<9} {:<16} {:>6} {:>9} {:>18} {:>10} {:>9}", "id", "name",
                                      "status", "started", "epochs", "steps", "best", "loss", "size")));
  int64_t bytes = 0;
  for (const Row& row : rows) {
    printRow(row);
    bytes += row.bytes;
  }
  fmt::print("{}\n", dim(fmt::format("{} run{}, {}", rows.size(), rows.size() == 1 ? "" : "s",
                                     byteText(static_cast<double>(bytes)))));
}

}  // namespace

void addList(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("list", "All runs with their best values.");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("--status", o->statuses, "Only runs of these states: running, finished, failed, ...")
      ->delimiter(',');
  command->add_option("--tag", o->tags, "Only runs with all these tags: key or key=value.")->delimiter(',');
  command->add_option("--filter", o->filter,
                      "Only runs that fit, as the Runs page filters: 'val/accuracy > 0.9 and tag.team = x'; fields are "
                      "settings, metrics, tags, status, epochs, duration, size and others.");
  command
      ->add_option("--sort", o->sort,
                   "id, name, status, started, epochs, steps, duration, size or a metric; - in "
                   "front turns the order round.")
      ->capture_default_str();
  command->add_flag("--deleted", o->deleted, "The runs in the trash.");
  command->callback([o] { list(*o); });
}

}  // namespace netwright::cli::runs
