// SPDX-License-Identifier: Apache-2.0
#include "app/cli/monitor.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/text_chart.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/queue.h"
#include "core/base/text.h"
#include "core/run/engine_client.h"

namespace netwright::cli {
namespace {

std::atomic<bool> interrupted = false;

void noteInterrupt(int) { interrupted = true; }

std::string percent(double v) { return fmt::format("{:.2f} %", 100 * v); }

std::string valuesText(const std::map<std::string, double>& values) {
  std::vector<std::string> items;
  for (const auto& [name, v] : values)
    items.push_back(
        fmt::format("{} {}", name, name.find("accuracy") != std::string::npos ? percent(v) : fmt::format("{:.4f}", v)));
  return joined(items, "  ");
}

enum class Tie { Owner, Observer };  // whether the run ends with this program

class Monitor {
 public:
  Monitor(const FollowOptions& options, run::EngineClient& engine, Tie tie)
      : options_(options), engine_(engine), tie_(tie) {}

  // Returns once the run has ended, or this program is to leave it.
  void follow(Queue<run::Event>& events) {
    while (!ended_) {
      for (const run::Event& e : events.popAll(std::chrono::milliseconds(200)))
        if (!ended_) std::visit([this](const auto& body) { on(body); }, e.body);
      if (!ended_) stopOnInterrupt();
    }
  }

 private:
  void stopOnInterrupt() {
    if (!interrupted.exchange(false)) return;
    if (tie_ == Tie::Observer) return detach();
    if (silent_) {  // asked again: nothing else helps
      engine_.kill();
    } else if (!stopping_) {
      stopping_ = true;
      engine_.send(run::Stop{});
    }
  }

  template <class T>
  void on(const T&) {}
  void detach() {
    ended_ = true;
    if (options_.json)
      return printJson({{"run", run_.name}, {"id", run_.run}, {"detached", true}, {"epochs", epochs_}});
    if (outputIsTerminal()) fmt::print("\r\033[K");
    fmt::print("{} Detached; {} goes on. Come back with: netwright-cli attach {} {}\n", yellow("!"), run_.name,
               options_.folder, run_.name);
  }

  void on(const run::Snapshot& e) {
    if (e.run.run == 0) return;  // it is being prepared: the beginning is still to come
    on(e.run);
    for (const run::Point& p : project::historyOf(e))
      if (p.key == "loss" && p.context == "train") losses_.push_back(p.value);
    if (!options_.json && e.state == run::RunState::Paused)
      fmt::print("{} paused after step {}\n", yellow("!"), grouped(e.progress.step));
    on(e.progress);
  }
  void on(const run::EngineSilent& e) {
    silent_ = e.seconds > 0;
    if (outputIsTerminal()) fmt::print("\n");
    std::fflush(stdout);
    if (!silent_) return fmt::print(stderr, "{} The engine answers again.\n", green("✓"));
    fmt::print(
        stderr,
        "{} The engine (process {}) has not answered for {:g} seconds. It hangs, or this machine is overloaded.\n"
        "  Wait, or end it with {}: the run can be resumed from its last checkpoint.\n",
        yellow("!"), engine_.pid(), e.seconds,
        tie_ == Tie::Owner ? "Ctrl+C" : fmt::format("'netwright-cli stop {} {} --now'", options_.folder, run_.name));
  }
  void on(const run::RunStarted& e) {
    run_ = e;
    if (!options_.json)
      fmt::print("{} · {} · {} parameters · {} samples · {}, {}\n", bold(options_.folder), e.name,
                 grouped(e.parameters), grouped(e.trainSamples), e.device,
                 e.threads == 1 ? "1 thread" : fmt::format("{} threads", e.threads));
    if (!options_.json && e.resumedAt > 0) fmt::print("goes on after step {}\n", grouped(e.resumedAt));
  }
  void on(const run::Progress& e) {
    for (const run::Point& p : e.points)
      if (p.key == "loss" && p.context == "train") losses_.push_back(p.value);
    if (options_.json || !outputIsTerminal() || e.batch == 0) return;
    const int width = 20, filled = static_cast<int>(width * e.batch / std::max<int64_t>(1, run_.batches));
    std::string bar;
    for (int i = 0; i < width; ++i) bar += i < filled ? "━" : "─";
    const double todo = static_cast<double>(run_.batches * run_.epochs - e.step) *
                        static_cast<double>(run_.trainSamples) /
                        static_cast<double>(std::max<int64_t>(1, run_.batches));
    const double left = e.samplesPerSecond > 0 ? todo / e.samplesPerSecond : 0;
    fmt::print("\r\033[Kepoch {}/{} {} {}/{}  {} samples/s  left {}  loss {:.4f}", e.epoch, run_.epochs, bar, e.batch,
               run_.batches, grouped(static_cast<int64_t>(e.samplesPerSecond)), durationText(left),
               losses_.empty() ? 0.0 : losses_.back());
    std::fflush(stdout);
  }
  void on(const run::EpochFinished& e) {
    epochs_.push_back({{"epoch", e.epoch}, {"step", e.step}, {"values", e.values}});
    if (options_.json) return;
    if (outputIsTerminal()) fmt::print("\r\033[K");
    fmt::print("epoch {}/{}  {}\n", e.epoch, run_.epochs, valuesText(e.values));
    std::fflush(stdout);
  }
  void on(const run::Finished& e) {
    ended_ = true;
    if (trouble_)
      throw Error(
          trouble_->inputError ? ErrorKind::Input : ErrorKind::Environment, trouble_->what, trouble_->why,
          fmt::format("{}Go on with: netwright-cli resume {} {}{}.", trouble_->next.empty() ? "" : trouble_->next + " ",
                      options_.folder, run_.name, trouble_->inputError ? " --lr RATE" : ""));
    if (e.stopped && tie_ == Tie::Owner) setExitCode(kInterrupted);
    if (options_.json)
      return printJson({{"run", run_.name},
                        {"id", run_.run},
                        {"stopped", e.stopped},
                        {"seconds", e.seconds},
                        {"parameters", run_.parameters},
                        {"values", e.values},
                        {"epochs", epochs_}});
    fmt::print("{}", textChart(losses_, {.title = "training loss", .width = 64, .height = 5}));
    if (e.stopped)
      fmt::print("{} Stopped; a checkpoint was saved. Go on with: netwright-cli resume {} {}\n", yellow("!"),
                 options_.folder, run_.name);
    else
      fmt::print("{} {} finished in {}. Export it: netwright-cli export {} {} --format onnx -o model.onnx\n",
                 green("✓"), run_.name, durationText(e.seconds), options_.folder, run_.name);
  }
  // Nobody is there to answer: the run ends, with what it has learnt kept.
  void on(const run::Trouble& e) {
    if (outputIsTerminal()) fmt::print("\n");
    if (tie_ == Tie::Observer) return fmt::print(stderr, "{} The run has paused. {} {}\n", yellow("!"), e.what, e.why);
    trouble_ = e;
    stopping_ = true;
    engine_.send(run::Stop{});
  }
  void on(const run::Failed& e) {
    if (outputIsTerminal()) fmt::print("\n");
    throw Error(e.inputError ? ErrorKind::Input : ErrorKind::Environment, e.what, e.why, e.next);
  }
  void on(const run::EngineLost& e) {
    failEnvironment(e.what, e.detail,
                    fmt::format("Go on from its last checkpoint with: netwright-cli resume {} {}.", options_.folder,
                                run_.name.empty() ? "latest" : run_.name));
  }

  const FollowOptions& options_;
  run::EngineClient& engine_;
  run::RunStarted run_;
  std::vector<double> losses_;
  Json epochs_ = Json::array();
  const Tie tie_;
  bool ended_ = false, stopping_ = false, silent_ = false;
  std::optional<run::Trouble> trouble_;
};

}  // namespace

void follow(run::CommandBody command, const FollowOptions& options) {
  Queue<run::Event> events;
  run::EngineClient engine([&](const run::Event& e) { events.push(e); });
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, noteInterrupt);
  engine.request(std::move(command));
  Monitor(options, engine, Tie::Owner).follow(events);
}

void followGoing(const project::GoingRun& run, const FollowOptions& options) {
  Queue<run::Event> events;
  run::EngineClient engine(run.address.socket, [&](const run::Event& e) { events.push(e); }, {"observe", {}});
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, noteInterrupt);
  engine.request(run::Attach{});
  Monitor(options, engine, Tie::Observer).follow(events);
}

}  // namespace netwright::cli
