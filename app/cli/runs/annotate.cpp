// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/runs/runs.h"
#include "core/base/json.h"
#include "core/project/stored_run.h"
#include "core/store/annotations.h"

namespace netwright::cli::runs {
namespace {

struct Options {
  Target target;
  std::string run, text;
  std::vector<std::string> tags, remove;
};

void tag(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const auto file = project::databaseFile(folder);
  const store::RunSummary run = project::findRun(folder, o.run);
  for (const std::string& tag : o.tags) {
    const size_t equals = tag.find('=');
    store::tagRun(file, run.id, tag.substr(0, equals), equals == std::string::npos ? "" : tag.substr(equals + 1));
  }
  for (const std::string& key : o.remove) store::untagRun(file, run.id, key);
  Json tags = Json::object();
  for (const auto& [key, value] : store::Database(file).tags(run.id)) tags[key] = value;
  if (o.target.json) return printJson({{"run", run.name}, {"tags", tags}});
  for (const auto& [key, value] : tags.items()) fmt::print("{}={}\n", key, value.get<std::string>());
}

void note(const Options& o) {
  const auto folder = project::projectFolder(o.target.folder);
  const store::RunSummary run = project::findRun(folder, o.run);
  store::addNote(project::databaseFile(folder), run.id, o.text);
  if (o.target.json) return printJson({{"ok", true}, {"run", run.name}});
  fmt::print("{} Noted with {}.\n", green("✓"), run.name);
}

}  // namespace

void addTag(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("tag", "Tags of a run, to find it by (runs list --tag).");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("RUN", o->run, "Id, name or latest.")->required();
  command->add_option("TAG", o->tags, "key or key=value.");
  command->add_option("--remove", o->remove, "Keys to take away.")->delimiter(',');
  command->callback([o] { tag(*o); });
}

void addNote(CLI::App& runs) {
  CLI::App* command = runs.add_subcommand("note", "A remark kept with a run.");
  auto o = std::make_shared<Options>();
  addTarget(*command, o->target);
  command->add_option("RUN", o->run, "Id, name or latest.")->required();
  command->add_option("TEXT", o->text, "The remark.")->required();
  command->callback([o] { note(*o); });
}

}  // namespace netwright::cli::runs
