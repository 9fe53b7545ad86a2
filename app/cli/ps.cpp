// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/going_runs.h"

namespace netwright::cli {
namespace {

struct Options {
  bool json = false;
  double patience = 3;
};

std::string stateOf(const project::GoingEngine& e) {
  if (!e.snapshot) return "silent";
  return e.snapshot->project.empty() ? "idle" : run::name(e.snapshot->state);
}

Json describe(const project::GoingEngine& e) {
  const run::Snapshot s = e.snapshot.value_or(run::Snapshot{});
  return {{"pid", e.address.pid},
          {"state", stateOf(e)},
          {"project", s.project},
          {"run", s.run.name},
          {"id", s.run.run},
          {"epoch", s.progress.epoch},
          {"epochs", s.run.epochs},
          {"step", s.progress.step},
          {"seconds", s.progress.seconds},
          {"samples_per_second", s.progress.samplesPerSecond},
          {"memory", s.memory},
          {"clients", s.clients > 0 ? s.clients - 1 : 0},  // without this one
          {"controller", s.controller},
          {"keep", s.keep},
          {"socket", e.address.socket.string()}};
}

void list(const Options& o) {
  const auto engines = project::goingEngines(std::chrono::milliseconds(static_cast<int64_t>(1000 * o.patience)));
  if (o.json) {
    Json all = Json::array();
    for (const auto& e : engines) all.push_back(describe(e));
    return printJson(all);
  }
  if (engines.empty()) return fmt::print("No engine is going.\n");
  fmt::print("{}\n", bold(fmt::format("{:>8}  {:<12} {:<10} {:>9} {:>11} {:>9}  {}", "pid", "run", "state", "epoch",
                                      "samples/s", "memory", "project")));
  for (const auto& e : engines) {
    const run::Snapshot s = e.snapshot.value_or(run::Snapshot{});
    fmt::print("{:>8}  {:<12} {:<10} {:>9} {:>11} {:>9}  {}\n", e.address.pid, s.run.name, stateOf(e),
               s.run.run ? fmt::format("{}/{}", s.progress.epoch, s.run.epochs) : "",
               s.run.run ? grouped(static_cast<int64_t>(s.progress.samplesPerSecond)) : "",
               e.snapshot ? byteText(static_cast<double>(s.memory)) : "", s.project);
  }
}

}  // namespace

void addPs(CLI::App& app) {
  CLI::App* command = app.add_subcommand("ps", "List the engines that are going: run, state, epoch, rate, memory.");
  auto o = std::make_shared<Options>();
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->add_option("--timeout", o->patience, "Seconds after which an engine counts as silent.")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([o] { list(*o); });
}

}  // namespace netwright::cli
