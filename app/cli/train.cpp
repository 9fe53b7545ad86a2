// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <cmath>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/text_chart.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/queue.h"
#include "core/base/text.h"
#include "core/project/project.h"
#include "core/run/engine_client.h"

namespace netwright::cli {
namespace {

struct Options {
  std::string folder, name;
  std::map<std::string, std::string> settings;
  std::vector<std::string> sets;
  bool json = false;
};

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

// Follows one run's events: a live line on a terminal, a line an epoch elsewhere.
class Monitor {
 public:
  Monitor(const Options& options, run::EngineClient& engine) : options_(options), engine_(engine) {}

  // True once the run has ended.
  bool take(const run::Event& event) {
    std::visit([this](const auto& body) { on(body); }, event.body);
    return ended_;
  }

  void stopOnInterrupt() {
    if (!interrupted || stopping_) return;
    stopping_ = true;
    engine_.send(run::Stop{});
  }

 private:
  template <class T>
  void on(const T&) {}
  void on(const run::RunStarted& e) {
    run_ = e;
    if (!options_.json)
      fmt::print("{} · {} · {} parameters · {} samples · {}, {}\n", bold(options_.folder), e.name,
                 grouped(e.parameters), grouped(e.trainSamples), e.device,
                 e.threads == 1 ? "1 thread" : fmt::format("{} threads", e.threads));
  }
  void on(const run::Progress& e) {
    for (const run::Point& p : e.points)
      if (p.key == "loss" && p.context == "train") losses_.push_back(p.value);
    if (options_.json || !outputIsTerminal() || e.batch == 0) return;
    const int width = 20, filled = static_cast<int>(width * e.batch / std::max<int64_t>(1, run_.batches));
    std::string bar;
    for (int i = 0; i < width; ++i) bar += i < filled ? "━" : "─";
    const double done = static_cast<double>(e.step), all = static_cast<double>(run_.batches * run_.epochs);
    const double left = done > 0 ? e.seconds * (all - done) / done : 0;
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
    if (e.stopped) setExitCode(kInterrupted);
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
      fmt::print("{} Stopped; a checkpoint was saved. See it: netwright-cli runs show {} {}\n", yellow("!"),
                 options_.folder, run_.name);
    else
      fmt::print("{} {} finished in {}. Export it: netwright-cli export {} {} --format onnx -o model.onnx\n",
                 green("✓"), run_.name, durationText(e.seconds), options_.folder, run_.name);
  }
  void on(const run::Failed& e) {
    if (outputIsTerminal()) fmt::print("\n");
    throw Error(e.inputError ? ErrorKind::Input : ErrorKind::Environment, e.what, e.why, e.next);
  }
  void on(const run::EngineLost& e) {
    failEnvironment(e.what, e.detail, "The run is kept up to its last checkpoint; 'netwright-cli runs list' shows it.");
  }

  const Options& options_;
  run::EngineClient& engine_;
  run::RunStarted run_;
  std::vector<double> losses_;
  Json epochs_ = Json::array();
  bool ended_ = false, stopping_ = false;
};

void train(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  run::Train command{std::filesystem::absolute(folder).string(), o.name, {}};
  project::Project check = project::load(folder);  // wrong settings are told before the engine starts
  const auto change = [&](const std::string& name, const std::string& value) {
    project::setByName(check, name, value);
    command.overrides.emplace_back(name, value);
  };
  for (const std::string& set : o.sets) {
    const size_t equals = set.find('=');
    if (equals == std::string::npos)
      throw CLI::ValidationError("--set", fmt::format("'{}' should look like name=value", set));
    change(set.substr(0, equals), set.substr(equals + 1));
  }
  for (const auto& [name, value] : o.settings)  // after --set: choosing an optimiser there must not undo --lr
    if (!value.empty()) change(name, value);
  Queue<run::Event> events;
  run::EngineClient engine([&](const run::Event& e) { events.push(e); });
  ::signal(SIGINT, noteInterrupt);
  ::signal(SIGTERM, noteInterrupt);
  engine.request(std::move(command));
  Monitor monitor(o, engine);
  for (bool ended = false; !ended;) {
    for (const run::Event& e : events.popAll(std::chrono::milliseconds(200)))
      if (monitor.take(e)) ended = true;
    monitor.stopOnInterrupt();
  }
}

}  // namespace

void addTrain(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "Train a project's network; the run is kept in its runs.sqlite.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("--name", o->name, "Name of the run; chosen if left out.");
  command->add_option("--epochs", o->settings["epochs"], "How often all training samples are seen.");
  command->add_option("--batch", o->settings["batch_size"], "Samples in each step.");
  command->add_option("--lr", o->settings["lr"], "Learning rate.");
  command->add_option("--seed", o->settings["seed"], "Start of all randomness.");
  command->add_option("--device", o->settings["device"], "auto, cpu or cuda.");
  command->add_option("--threads", o->settings["threads"], "Processor threads; 0 uses all.");
  command->add_option("--set", o->sets, "Change any setting: optimiser=sgd or conv1.kernel_size=5. May be repeated.")
      ->allow_extra_args(false);
  command->add_flag("--json", o->json, "Answer as JSON when done.");
  command->callback([o] { train(*o); });
}

}  // namespace netwright::cli
