// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/queue.h"
#include "core/base/text.h"
#include "core/project/going_runs.h"
#include "core/run/engine_client.h"
#include "core/store/process.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, run = "latest";
  bool now = false, json = false;
};

struct Outcome {
  std::string checkpoint;
  int64_t step = 0;
  bool ended = false, finished = false;  // finished: by itself, before it heard
};

void take(Outcome& outcome, const run::EventBody& event, const project::GoingRun& run) {
  if (const auto* s = std::get_if<run::Snapshot>(&event)) outcome.step = s->progress.step;
  if (const auto* p = std::get_if<run::Progress>(&event)) outcome.step = p->step;
  if (const auto* c = std::get_if<run::CheckpointWritten>(&event)) outcome.checkpoint = c->path;
  if (const auto* f = std::get_if<run::Finished>(&event)) outcome.ended = true, outcome.finished = !f->stopped;
  if (const auto* f = std::get_if<run::Failed>(&event))
    throw Error(f->inputError ? ErrorKind::Input : ErrorKind::Environment, f->what, f->why, f->next);
  if (const auto* l = std::get_if<run::EngineLost>(&event))
    failEnvironment(fmt::format("The engine of run '{}' ended before it had stopped in order.", run.summary.name),
                    l->what + l->detail, "Let it go on with: netwright-cli resume.");
  if (const auto* s = std::get_if<run::EngineSilent>(&event); s && s->seconds > 0)
    failEnvironment(fmt::format("The engine of run '{}' (process {}) has not answered for {:g} seconds.",
                                run.summary.name, run.address.pid, s->seconds),
                    "It hangs, or this machine is overloaded.",
                    "Try again, or end it with --now: the run can be resumed from its last checkpoint.");
}

// Takes control from whoever has it: whoever asks for this means it.
Outcome stopInOrder(const project::GoingRun& run) {
  Queue<run::Event> events;
  run::EngineClient engine(run.address.socket, [&](const run::Event& e) { events.push(e); });
  engine.request(run::TakeControl{});
  engine.request(run::Attach{});
  engine.request(run::Stop{});
  Outcome outcome;
  while (!outcome.ended)
    for (const run::Event& e : events.popAll(std::chrono::seconds(1)))
      if (!outcome.ended) take(outcome, e.body, run);
  return outcome;
}

// By a descriptor of the process, which cannot become another one's.
void killNow(const project::GoingRun& run) {
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, run.address.pid, 0));
  const bool same = process >= 0 && store::isAlive({run.address.pid, run.address.start});
  if (same && ::syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0) == 0) {
    pollfd end{process, POLLIN, 0};
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
  } else if (same) {
    failEnvironment(fmt::format("The process {} could not be ended.", run.address.pid), std::strerror(errno), "");
  }
  if (process >= 0) ::close(process);
  store::Database(project::databaseFile(run.folder)).markLostRuns();
  project::removeStaleSockets();
}

void stop(const Options& o) {
  const project::GoingRun run = project::goingRun(project::projectFolder(o.folder), o.run);
  Outcome outcome;
  if (o.now)
    killNow(run);
  else
    outcome = stopInOrder(run);
  const std::string& name = run.summary.name;
  if (o.json)
    return printJson({{"run", name},
                      {"id", run.summary.id.value},
                      {"killed", o.now},
                      {"finished", outcome.finished},
                      {"step", outcome.step},
                      {"checkpoint", outcome.checkpoint}});
  if (outcome.finished) return fmt::print("{} {} had finished.\n", green("✓"), name);
  fmt::print("{} {} {}. Go on with: netwright-cli resume {} {}\n", green("✓"), name,
             o.now ? "was ended; what came after its last checkpoint is lost"
                   : fmt::format("stopped after step {}; a checkpoint was saved", grouped(outcome.step)),
             o.folder, name);
}

}  // namespace

void addStop(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "stop", "Stop a run that is going, whoever started it, and wait until its checkpoint is saved.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("RUN", o->run, "Id, name or latest of those that are going.")->capture_default_str();
  command->add_flag("--now", o->now, "Kill its engine, also one that hangs: the run goes back to its last checkpoint.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { stop(*o); });
}

}  // namespace netwright::cli
