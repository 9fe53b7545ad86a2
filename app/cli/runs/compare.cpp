// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/json.h"
#include "core/project/run_difference.h"
#include "core/project/stored_run.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::string a, b;
};

Json toJson(const std::vector<project::Difference>& differences) {
  Json all = Json::object();
  for (const project::Difference& d : differences) all[d.what] = {{"a", d.a}, {"b", d.b}};
  return all;
}

void print(const std::string& title, const std::vector<project::Difference>& differences) {
  if (differences.empty()) return fmt::print("{}: the same\n", title);
  fmt::print("{}\n", bold(title));
  for (const project::Row& row : project::rowsOf(differences))
    fmt::print("  {:26} {:>24} {:>24}\n", row.what, row.a, row.b);
}

void compare(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const store::RunSummary a = project::findRun(folder, o.a), b = project::findRun(folder, o.b);
  store::Database database(project::databaseFile(folder));
  const project::RunDifference difference = project::differenceOf(database, a, b);
  if (o.target.json)
    return printJson({{"a", a.name},
                      {"b", b.name},
                      {"settings", toJson(difference.settings)},
                      {"graph", toJson(difference.graph)},
                      {"metrics", toJson(difference.metrics)}});
  fmt::print("{:28} {:>24} {:>24}\n", "", a.name, b.name);
  print("settings", difference.settings);
  print("graph", difference.graph);
  print("metrics (best)", difference.metrics);
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
