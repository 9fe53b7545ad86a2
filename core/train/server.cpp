// SPDX-License-Identifier: Apache-2.0
#include "core/train/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/base/queue.h"
#include "core/engine/network.h"
#include "core/engine/onnx_runtime.h"
#include "core/engine/process.h"
#include "core/engine/torchscript.h"
#include "core/project/going_runs.h"
#include "core/project/prepare.h"
#include "core/project/settle.h"
#include "core/project/stored_run.h"
#include "core/run/endpoint.h"
#include "core/run/hub.h"
#include "core/store/process.h"
#include "core/train/evaluation.h"
#include "core/train/loop.h"
#include "core/train/resume.h"
#include "core/train/session.h"
#include "core/train/unexpected.h"

namespace netwright::train {
namespace {

std::atomic<bool> terminated = false;
std::atomic<run::Hub*> hubToWake = nullptr;

// Commands that compute are carried out one after the other on a thread of their own (the desk), so that the hub
// answers at once whatever the engine does; a run has a third thread.
class Server {
 public:
  Server(int input, int output)
      : hub_({run::kProtocolVersion, ::getpid(), engine::libtorchVersion(), "netwright-engine " NETWRIGHT_VERSION},
             {[this](run::ClientId client, run::Command command) { put({client, std::move(command)}); },
              [this] { look(); }}) {
    hub_.addStarter(input, output);
    listen();
    hubToWake = &hub_;
    desk_ = std::jthread([this] {
      while (auto task = tasks_.pop()) {
        handle(task->client, task->command);
        --waiting_;
        hub_.wake();
      }
    });
  }

  ~Server() {
    hubToWake = nullptr;
    if (Session* running = session()) running->stop();  // where serve() ended in disorder
    tasks_.close();
    if (desk_.joinable()) desk_.join();
    if (worker_.joinable()) worker_.join();
    if (!socket_.empty()) ::unlink(socket_.c_str());
  }

  int serve() { return hub_.serve() ? 0 : 3; }

 private:
  struct Task {
    run::ClientId client;
    run::Command command;
  };

  // A run needs no socket: without one it can be steered by its starter alone.
  void listen() {
    try {
      const store::ProcessId self = store::thisProcess();
      project::removeStaleSockets();
      const auto path = run::runtimeFolder() / run::socketName(self.pid, self.start);
      hub_.listen(run::listenAt(path));
      socket_ = path;
    } catch (const Error& e) {
      ::dprintf(STDERR_FILENO, "netwright-engine: %s\n", e.what());
    }
  }

  void put(Task task) {
    ++waiting_;
    tasks_.push(std::move(task));
  }

  // Whether there is still somebody to compute for. On the hub's thread.
  void look() {
    const bool idle = waiting_ == 0;
    Session* session = going_ ? this->session() : nullptr;
    if (session && (terminated || (!hub_.hasStarter() && !keep_))) session->stop();
    // Nobody is there to let it go on.
    if (session && hub_.clients() == 0 && hub_.state() == run::RunState::Paused) session->stop();
    if (!session && idle && (terminated || !hub_.hasStarter())) hub_.end();
  }

  Session* session() {
    const std::lock_guard lock(starting_);
    return session_.get();
  }

  void handle(run::ClientId client, const run::Command& command) {
    client_ = client;
    run::Reply reply;
    reply.id = command.id;
    try {
      return std::visit([&](const auto& body) { on(command, body); }, command.body);
    } catch (const Error& e) {
      refuse(reply, e);
    } catch (const std::exception& e) {
      refuse(reply, unexpected(e));
    }
    hub_.reply(client, std::move(reply));
  }

  // The hub answers these.
  void on(const run::Command&, const run::Greeting&) {}
  void on(const run::Command&, const run::Attach&) {}
  void on(const run::Command&, const run::TakeControl&) {}
  void on(const run::Command&, const run::Ping&) {}

  void on(const run::Command& command, const run::Train& train) {
    if (session_) failInput("This engine has a run already.", "", "Start another engine for another run.");
    SessionOptions options{train.project, project::load(train.project), train.runName, {}};
    for (const auto& [name, text] : train.overrides) project::setByName(options.project, name, text);
    start(command, std::move(options), train.keep);
  }

  void on(const run::Command& command, const run::ResumeRun& wanted) {
    if (session_) failInput("This engine has a run already.", "", "Start another engine for another run.");
    start(command, resumeOptions(wanted), wanted.keep);
  }

  void start(const run::Command& command, SessionOptions options, bool keep) {
    const std::filesystem::path folder = options.folder;
    hub_.begin(std::filesystem::weakly_canonical(folder).string(), keep);
    {
      const std::lock_guard lock(starting_);
      session_ = std::make_unique<Session>(std::move(options), [this, folder](run::EventBody event) {
        if (const auto* started = std::get_if<run::RunStarted>(&event); started && started->resumedAt > 0)
          hub_.setHistory(recorded(folder, started->run));
        hub_.broadcast(std::move(event));
      });
    }
    keep_ = keep;
    going_ = true;
    acknowledge(command);
    worker_ = std::jthread([this] {
      session_->run();
      going_ = false;
      hub_.wake();
    });
  }

  static std::vector<run::SeriesCount> recorded(const std::filesystem::path& folder, int64_t run) {
    std::vector<run::SeriesCount> counts;
    const auto found = store::Database(project::databaseFile(folder)).findRun(std::to_string(run));
    for (const store::MetricSummary& m : found.value().metrics) counts.push_back({m.key, m.context, m.count});
    return counts;
  }

  void on(const run::Command& command, const run::Pause&) { forSession(command, &Session::pause); }
  void on(const run::Command& command, const run::Resume&) { forSession(command, &Session::resume); }
  void on(const run::Command& command, const run::Stop&) { forSession(command, &Session::stop); }
  void on(const run::Command& command, const run::Step& step) {
    requireSession().step(step.epoch);
    acknowledge(command);
  }
  void on(const run::Command& command, const run::WatchNodes& wanted) {
    requireSession().watchNodes(wanted.on);
    acknowledge(command);
  }
  void on(const run::Command& command, const run::SetLearningRate& wanted) {
    if (!(wanted.rate >= 0) || !std::isfinite(wanted.rate))
      failInput(fmt::format("The learning rate must be at least 0 but is {}.", wanted.rate), "", "");
    requireSession().between([=, this, client = client_](Loop* loop) {
      reply({client, command}, loop, [&](run::Reply&) {
        loop->setLearningRate(static_cast<size_t>(std::max<int64_t>(0, wanted.objective)), wanted.rate);
      });
    });
  }
  void on(const run::Command& command, const run::SaveCheckpoint&) {
    requireSession().between([=, this, client = client_](Loop* loop) {
      reply({client, command}, loop, [&](run::Reply&) { loop->saveCheckpoint(); });
    });
  }

  void on(const run::Command& command, const run::Evaluate& wanted) {
    if (wanted.run.empty())
      return requireSession().between([=, this, client = client_](Loop* loop) {
        reply({client, command}, loop, [&](run::Reply& r) { r.values = loop->evaluate(wanted.split); });
      });
    project::StoredRun stored = project::openRun(wanted.project, wanted.run);
    stored.project = project::settled(std::move(stored.project));
    const data::DataSplits data = project::openRunData(stored.project, wanted.project, stored.checkpoint.data);
    const project::SplitSamples split = project::splitOf(data, wanted.split);
    project::Prepared prepared = project::prepare(stored.project, split.dataset.columns());
    if (!prepared.ok()) project::failWith(prepared.diagnostics);
    engine::setThreads(stored.project.run.threads);
    Feeder feeder(prepared.lowered.program, prepared.columns);
    const Measures measures = measuresOf(prepared);
    engine::Network network(std::move(prepared.lowered.program), options(stored.project));
    network.setWeights(stored.checkpoint.weights);
    run::Reply reply;
    reply.id = command.id;
    reply.values = evaluateSamples(network, feeder, split, measures);
    reply.values["samples"] = static_cast<double>(split.samples.size());
    reply.values["epoch"] = static_cast<double>(stored.checkpoint.position.epoch);
    hub_.reply(client_, std::move(reply));
  }

  void on(const run::Command& command, const run::LoadModel& wanted) {
    project::StoredRun stored = project::openRun(wanted.project, wanted.run);
    stored.project = project::settled(std::move(stored.project));
    layers::Lowered lowered = layers::lowerGraph(stored.project.graph);
    if (!lowered.ok()) project::failWith(lowered.diagnostics);
    engine::setThreads(stored.project.run.threads);
    model_ = std::make_unique<engine::Network>(std::move(lowered.program), options(stored.project));
    model_->setWeights(stored.checkpoint.weights);
    acknowledge(command);
  }

  void on(const run::Command& command, const run::Predict& wanted) {
    if (model_)
      return acknowledge(
          command, wanted.values ? train::values(*model_, command.tensors) : train::predict(*model_, command.tensors));
    if (!session_) failInput("No model is loaded.", "", "Load a run first.");
    session_->between([=, this, client = client_](Loop* loop) {
      std::vector<NamedTensor> outputs;
      reply({client, command}, loop, [&](run::Reply&) { outputs = loop->predict(command.tensors); }, &outputs);
    });
  }

  void on(const run::Command& command, const run::RunTorchScript& wanted) {
    acknowledge(command, engine::runTorchScript(wanted.path, command.tensors));
  }

  void on(const run::Command& command, const run::RunOnnx& wanted) {
    run::Reply reply;
    reply.id = command.id;
    std::vector<NamedTensor> outputs;
    if (const auto by = engine::onnxRuntimeVersion()) {
      outputs = engine::runOnnx(wanted.path, command.tensors);
      reply.texts["by"] = *by;
    }
    hub_.reply(client_, std::move(reply), std::move(outputs));
  }

  void on(const run::Command& command, const run::Describe&) {
    run::Reply reply;
    reply.id = command.id;
    reply.texts["libtorch"] = engine::libtorchVersion();
    for (const engine::DeviceInfo& d : engine::devices()) reply.texts["device " + d.id] = d.name;
    reply.values["threads"] = static_cast<double>(engine::setThreads(0));
    hub_.reply(client_, std::move(reply));
  }

  Session& requireSession() {
    if (!session_) failInput("There is no run to steer.", "", "Start one first.");
    return *session_;
  }
  void forSession(const run::Command& command, void (Session::*act)()) {
    (requireSession().*act)();
    acknowledge(command);
  }

  // Answers a command that is carried out between two batches; `loop` is null once the run has ended.
  template <class Act>
  void reply(const Task& task, Loop* loop, Act act, std::vector<NamedTensor>* tensors = nullptr) {
    run::Reply answer;
    answer.id = task.command.id;
    try {
      if (!loop) failInput("The run has ended.", "", "Use the stored run.");
      act(answer);
    } catch (const Error& e) {
      refuse(answer, e);
    } catch (const std::exception& e) {  // memory, above all: the command has failed, the run has not
      refuse(answer, unexpected(e));
    }
    hub_.reply(task.client, std::move(answer), tensors ? std::move(*tensors) : std::vector<NamedTensor>());
  }
  static void refuse(run::Reply& reply, const Error& e) {
    reply.ok = false;
    reply.what = e.title;
    reply.why = e.why;
    reply.next = e.next;
    reply.inputError = e.kind == ErrorKind::Input;
  }

  static engine::NetworkOptions options(const project::Project& project) {
    return {engine::resolveDevice(project.run.device), DType::Float32, project.run.channelsLast,
            project.run.precision == "bf16", project.run.parity};
  }

  void acknowledge(const run::Command& command, std::vector<NamedTensor> tensors = {}) {
    run::Reply reply;
    reply.id = command.id;
    hub_.reply(client_, std::move(reply), std::move(tensors));
  }

  run::Hub hub_;
  std::filesystem::path socket_;
  Queue<Task> tasks_;
  std::atomic<int> waiting_ = 0;  // tasks that are not done
  std::atomic<bool> going_ = false, keep_ = false;
  run::ClientId client_ = 0;  // of the task under way
  std::mutex starting_;       // guards the pointer: it is set on the desk and read by the hub's thread
  std::unique_ptr<Session> session_;
  std::unique_ptr<engine::Network> model_;
  std::jthread worker_, desk_;
};

}  // namespace

void terminate() {
  terminated = true;
  if (run::Hub* hub = hubToWake) hub->wake();
}

int serve(int input, int output) { return Server(input, output).serve(); }

}  // namespace netwright::train
