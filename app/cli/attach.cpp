// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/command.h"
#include "app/cli/monitor.h"
#include "core/project/project.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, run = "latest";
  bool json = false;
};

}  // namespace

void addAttach(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("attach", "Watch a run that is going, as train shows it. Ctrl+C leaves it; the run goes on.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest of those that are going.")->capture_default_str();
  command->add_flag("--json", o->json, "Answer as JSON when the run ends.");
  command->callback(
      [o] { followGoing(project::goingRun(project::projectFolder(o->folder), o->run), {o->folder, o->json}); });
}

}  // namespace netwright::cli
