// SPDX-License-Identifier: Apache-2.0
#include "core/store/trash.h"

#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/stored_run.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::vector<std::string> runs;
  bool dryRun = false;
};

struct Chosen {
  std::vector<store::RunId> ids;
  std::vector<std::string> names;
  void add(const store::RunSummary& run) {
    ids.push_back(run.id);
    names.push_back(run.name);
  }
};

void remove(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  store::Database(project::databaseFile(folder)).markLostRuns();
  Chosen chosen;
  for (const auto& run : findRuns(folder, o.runs)) chosen.add(run);
  store::moveToTrash(project::databaseFile(folder), chosen.ids);
  if (o.target.json) return printJson({{"ok", true}, {"deleted", chosen.names}});
  fmt::print("{} In the trash: {}\n  Back: netwright-cli runs restore. For good: netwright-cli runs gc.\n", green("✓"),
             joined(chosen.names, ", "));
}

void restore(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  Chosen chosen;
  for (const std::string& reference : o.runs) chosen.add(findTrashed(folder, reference));
  store::restoreFromTrash(project::databaseFile(folder), chosen.ids);
  if (o.target.json) return printJson({{"ok", true}, {"restored", chosen.names}});
  fmt::print("{} Back from the trash: {}\n", green("✓"), joined(chosen.names, ", "));
}

void collect(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const store::Collected c = store::collectGarbage(folder, project::databaseFile(folder), o.dryRun);
  const int64_t bytes = c.fileBytes + c.databaseBytes;
  if (o.target.json) {
    Json files = Json::array();
    for (const auto& file : c.files) files.push_back(file.string());
    return printJson({{"ok", true},
                      {"dry_run", o.dryRun},
                      {"runs", c.runs},
                      {"files", files},
                      {"file_bytes", c.fileBytes},
                      {"database_bytes", c.databaseBytes},
                      {"note", c.kept}});
  }
  if (o.dryRun)
    for (const auto& file : c.files) fmt::print("  {}\n", file.string());
  fmt::print("{} {} run{} and {} file{}: {} {}\n", o.dryRun ? dim("i") : green("✓"), c.runs, c.runs == 1 ? "" : "s",
             c.files.size(), c.files.size() == 1 ? "" : "s", byteText(static_cast<double>(bytes)),
             o.dryRun ? "would be freed. Nothing was changed." : "freed.");
  if (!c.kept.empty()) fmt::print("{} The database will shrink another time. {}\n", yellow("!"), c.kept);
}

CLI::App* command(CLI::App& runs, const std::string& name, const std::string& doc,
                  const std::shared_ptr<Options>& options) {
  CLI::App* command = runs.add_subcommand(name, doc);
  addTarget(*command, options->target);
  return command;
}

}  // namespace

void addDelete(CLI::App& runs) {
  auto o = std::make_shared<Options>();
  CLI::App* c = command(runs, "delete", "Runs into the trash; nothing is lost until runs gc.", o);
  c->add_option("RUN", o->runs, "Ids, names or latest.")->required();
  c->callback([o] { remove(*o); });
}

void addRestore(CLI::App& runs) {
  auto o = std::make_shared<Options>();
  CLI::App* c = command(runs, "restore", "Runs back from the trash.", o);
  c->add_option("RUN", o->runs, "Ids, names or latest.")->required();
  c->callback([o] { restore(*o); });
}

void addGc(CLI::App& runs) {
  auto o = std::make_shared<Options>();
  CLI::App* c = command(runs, "gc", "Empties the trash, removes files that no run refers to, shrinks the database.", o);
  c->add_flag("--dry-run", o->dryRun, "Only tell what would be removed.");
  c->callback([o] { collect(*o); });
}

}  // namespace netwright::cli::runs
