// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/monitor.h"
#include "core/project/project.h"
#include "core/project/stored_run.h"

namespace netwright::cli {
namespace {

using Overrides = std::vector<std::pair<std::string, std::string>>;

// Flags that change settings for one run.
struct Options {
  std::string folder, name, run = "latest";
  std::map<std::string, std::string> settings;
  std::vector<std::string> sets;
  bool json = false;
};

// In the order in which they are to be applied; wrong ones are told before the engine starts.
Overrides overridesOf(const Options& o, project::Project check) {
  Overrides overrides;
  const auto change = [&](const std::string& name, const std::string& value) {
    project::setByName(check, name, value);
    overrides.emplace_back(name, value);
  };
  for (const std::string& set : o.sets) {
    const auto [name, value] = assignment(set);
    change(name, value);
  }
  for (const auto& [name, value] : o.settings)  // after --set: choosing an optimiser there must not undo --lr
    if (!value.empty()) change(name, value);
  return overrides;
}

void train(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  follow(run::Train{std::filesystem::absolute(folder).string(), o.name, overridesOf(o, project::load(folder))},
         {o.folder, o.json});
}

void resume(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  const store::RunSummary run = project::findRun(folder, o.run);
  store::Database database(project::databaseFile(folder));
  const project::Project trained =
      project::fromText(database.graphJson(run.id), "The record of run '" + run.name + "'");
  follow(run::ResumeRun{std::filesystem::absolute(folder).string(), o.run, overridesOf(o, trained)},
         {o.folder, o.json});
}

void addSettings(CLI::App& command, Options& o) {
  command.add_option("--epochs", o.settings["epochs"], "How often all training samples are seen.");
  command.add_option("--lr", o.settings["lr"], "Learning rate.");
  command.add_option("--device", o.settings["device"], "auto, cpu or cuda.");
  command.add_option("--threads", o.settings["threads"], "Processor threads; 0 uses all.");
  command.add_flag("--json", o.json, "Answer as JSON when done.");
}

}  // namespace

void addTrain(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "Train a project's network; the run is kept in its runs.sqlite.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("--name", o->name, "Name of the run; chosen if left out.");
  addSettings(*command, *o);
  command->add_option("--batch", o->settings["batch_size"], "Samples in each step.");
  command->add_option("--seed", o->settings["seed"], "Start of all randomness.");
  command
      ->add_option("--set", o->sets,
                   "Change any setting: optimiser=sgd, schedule=cosine or conv1.kernel_size=5. May be repeated.")
      ->allow_extra_args(false);
  command->callback([o] { train(*o); });
}

void addResume(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("resume", "Go on with a run that was stopped, killed or is to have more epochs.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest.")->capture_default_str();
  addSettings(*command, *o);
  command->callback([o] { resume(*o); });
}

}  // namespace netwright::cli
