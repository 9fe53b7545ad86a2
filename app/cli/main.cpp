// SPDX-License-Identifier: Apache-2.0
// netwright-cli: the headless twin. Links no Qt and no LibTorch; starts the engine when it computes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace {

int report(const netwright::Error& e) {
  fmt::print(stderr, "{} {}\n", netwright::cli::red("✗"), e.title);
  if (!e.why.empty()) fmt::print(stderr, "  {}\n", e.why);
  if (!e.next.empty()) fmt::print(stderr, "  {}\n", e.next);
  return e.kind == netwright::ErrorKind::Input ? netwright::cli::kInputError : netwright::cli::kEnvironmentError;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace netwright::cli;
  CLI::App app(
      "Netwright: draw a network, watch it learn, ship it anywhere. Everything the window does, without the window.",
      "netwright-cli");
  app.set_version_flag("--version", "netwright-cli " NETWRIGHT_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 done, 1 the model or a file is wrong, 2 wrong usage, 3 something is missing on this "
      "machine.\nFirst steps: netwright-cli new --template digits-cnn digits && netwright-cli train digits");
  for (const auto add :
       {addTemplates, addNew,    addValidate, addSummary, addData,       addTrain,     addResume,     addAttach,
        addPs,        addStop,   addEval,     addPredict, addExport,     addWeights,   addRuns,       addProject,
        addHelp,      addLayers, addOps,      addFormats, addOptimisers, addSchedules, addCompletion, addDoctor})
    add(app);
  if (argc > 1 && argv[1][0] != '-') {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    if (std::find(names.begin(), names.end(), argv[1]) == names.end()) {
      fmt::print(stderr,
                 "{} There is no command '{}'. Did you mean '{}'?\n  'netwright-cli --help' lists the commands.\n",
                 red("✗"), argv[1], netwright::nearest(argv[1], names));
      return kUsageError;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e);
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    fmt::print(stderr, "{} {}\n  'netwright-cli --help' lists the commands; each has --help of its own.\n", red("✗"),
               e.what());
    return kUsageError;
  } catch (const netwright::Error& e) {
    return report(e);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{} Unexpected error: {}\n", red("✗"), e.what());
    return kEnvironmentError;
  }
  return exitCode();
}
