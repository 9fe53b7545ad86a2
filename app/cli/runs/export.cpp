// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/project/stored_run.h"
#include "core/store/exporting/run_export.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::vector<std::string> runs;
  std::string format = "csv", output;
  bool all = false;
};

std::string content(const Options& o, store::Database& database, const std::vector<store::RunSummary>& runs) {
  if (o.format == "csv") return store::runsToCsv(database, runs);
  Json all = Json::array();
  for (const auto& run : runs) all.push_back(store::runToJson(database, run));
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  store::Database database(project::databaseFile(folder));
  const auto wanted = o.runs.empty() ? std::vector<std::string>{"latest"} : o.runs;
  const auto runs = o.all ? database.runs() : findRuns(folder, wanted);
  std::vector<std::string> files;
  if (o.format == "tensorboard") {
    for (const auto& run : runs)
      files.push_back(store::writeTensorBoard(database, run, o.output.empty() ? "tensorboard" : o.output).string());
  } else if (o.output.empty() && !o.target.json) {
    return fmt::print("{}", content(o, database, runs));
  } else {
    files.push_back(o.output.empty() ? "runs." + o.format : o.output);
    writeFileAtomic(files[0], content(o, database, runs));
  }
  if (o.target.json) return printJson({{"ok", true}, {"runs", runs.size()}, {"files", files}});
  for (const std::string& file : files) fmt::print("{} {}\n", green("✓"), file);
  if (o.format == "tensorboard")
    fmt::print("  Look at them: tensorboard --logdir {}\n", o.output.empty() ? "tensorboard" : o.output);
}

}  // namespace

void addExport(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("export", "Runs for other programs: CSV, JSON or TensorBoard's event files.");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("RUN", o->runs, "Ids, names or latest (the default).");
  command->add_flag("--all", o->all, "All runs.");
  command->add_option("--format,-f", o->format, "csv, json or tensorboard.")
      ->check(CLI::IsMember({"csv", "json", "tensorboard"}))
      ->capture_default_str();
  command->add_option("--output,-o", o->output,
                      "File, or folder for tensorboard. CSV and JSON go to the standard output without it.");
  command->callback([o] { write(*o); });
}

}  // namespace netwright::cli::runs
