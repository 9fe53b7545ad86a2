// SPDX-License-Identifier: Apache-2.0
#include "core/train/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/engine/network.h"
#include "core/engine/process.h"
#include "core/engine/torchscript.h"
#include "core/project/prepare.h"
#include "core/project/stored_run.h"
#include "core/run/protocol.h"
#include "core/train/evaluation.h"
#include "core/train/loop.h"
#include "core/train/resume.h"
#include "core/train/session.h"

namespace netwright::train {
namespace {

class Server {
 public:
  explicit Server(int output) : output_(output) {}

  void handle(const run::Command& command) {
    try {
      std::visit([&](const auto& body) { on(command, body); }, command.body);
    } catch (const Error& e) {
      run::Reply reply;
      reply.id = command.id;
      refuse(reply, e);
      send(std::move(reply));
    }
  }

  void hello() { send(run::Hello{run::kProtocolVersion, ::getpid(), engine::libtorchVersion()}); }

  void finish() {
    if (session_) session_->stop();
    if (worker_.joinable()) worker_.join();
  }

 private:
  void on(const run::Command& command, const run::Train& train) {
    if (session_) failInput("This engine has a run already.", "", "Start another engine for another run.");
    SessionOptions options{train.project, project::load(train.project), train.runName, {}};
    for (const auto& [name, text] : train.overrides) project::setByName(options.project, name, text);
    start(command, std::move(options));
  }

  void on(const run::Command& command, const run::ResumeRun& wanted) {
    if (session_) failInput("This engine has a run already.", "", "Start another engine for another run.");
    start(command, resumeOptions(wanted));
  }

  void start(const run::Command& command, SessionOptions options) {
    session_ = std::make_unique<Session>(std::move(options), [this](run::EventBody event) { send(std::move(event)); });
    worker_ = std::jthread([this] { session_->run(); });
    acknowledge(command);
  }
  void on(const run::Command& command, const run::Pause&) { forSession(command, &Session::pause); }
  void on(const run::Command& command, const run::Resume&) { forSession(command, &Session::resume); }
  void on(const run::Command& command, const run::Stop&) { forSession(command, &Session::stop); }
  void on(const run::Command& command, const run::Step& step) {
    requireSession().step(step.epoch);
    acknowledge(command);
  }
  void on(const run::Command& command, const run::SetLearningRate& wanted) {
    if (!(wanted.rate >= 0) || !std::isfinite(wanted.rate))
      failInput(fmt::format("The learning rate must be at least 0 but is {}.", wanted.rate), "", "");
    requireSession().between([=, this](Loop* loop) {
      reply(command, loop, [&](run::Reply&) {
        loop->setLearningRate(static_cast<size_t>(std::max<int64_t>(0, wanted.objective)), wanted.rate);
      });
    });
  }
  void on(const run::Command& command, const run::SaveCheckpoint&) {
    requireSession().between(
        [=, this](Loop* loop) { reply(command, loop, [&](run::Reply&) { loop->saveCheckpoint(); }); });
  }

  void on(const run::Command& command, const run::Evaluate& wanted) {
    if (wanted.run.empty())
      return requireSession().between([=, this](Loop* loop) {
        reply(command, loop, [&](run::Reply& r) { r.values = loop->evaluate(wanted.split); });
      });
    project::StoredRun stored = project::openRun(wanted.project, wanted.run);
    const data::DataSplits data = project::openRunData(stored.project, wanted.project, stored.checkpoint.data);
    const project::SplitSamples split = project::splitOf(data, wanted.split);
    project::Prepared prepared = project::prepare(stored.project, split.dataset.columns());
    if (!prepared.ok()) project::failWith(prepared.diagnostics);
    engine::setThreads(stored.project.run.threads);
    Feeder feeder(prepared.lowered.program, prepared.columns);
    const Measures measures = measuresOf(stored.project.run, prepared);
    engine::Network network(std::move(prepared.lowered.program), options(stored.project));
    network.setWeights(stored.checkpoint.weights);
    run::Reply reply;
    reply.id = command.id;
    reply.values = evaluateSamples(network, feeder, split, measures);
    reply.values["samples"] = static_cast<double>(split.samples.size());
    reply.values["epoch"] = static_cast<double>(stored.checkpoint.position.epoch);
    send(std::move(reply));
  }

  void on(const run::Command& command, const run::LoadModel& wanted) {
    project::StoredRun stored = project::openRun(wanted.project, wanted.run);
    layers::Lowered lowered = layers::lowerGraph(stored.project.graph);
    if (!lowered.ok()) project::failWith(lowered.diagnostics);
    engine::setThreads(stored.project.run.threads);
    model_ = std::make_unique<engine::Network>(std::move(lowered.program), options(stored.project));
    model_->setWeights(stored.checkpoint.weights);
    acknowledge(command);
  }

  void on(const run::Command& command, const run::Predict&) {
    if (model_) return acknowledge(command, train::predict(*model_, command.tensors));
    if (!session_) failInput("No model is loaded.", "", "Load a run first.");
    session_->between([=, this](Loop* loop) {
      std::vector<NamedTensor> outputs;
      reply(command, loop, [&](run::Reply&) { outputs = loop->predict(command.tensors); }, &outputs);
    });
  }

  void on(const run::Command& command, const run::RunTorchScript& wanted) {
    acknowledge(command, engine::runTorchScript(wanted.path, command.tensors));
  }

  void on(const run::Command& command, const run::Describe&) {
    run::Reply reply;
    reply.id = command.id;
    reply.texts["libtorch"] = engine::libtorchVersion();
    for (const engine::DeviceInfo& d : engine::devices()) reply.texts["device " + d.id] = d.name;
    reply.values["threads"] = static_cast<double>(engine::setThreads(0));
    send(std::move(reply));
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
  void reply(const run::Command& command, Loop* loop, Act act, std::vector<NamedTensor>* tensors = nullptr) {
    run::Reply answer;
    answer.id = command.id;
    try {
      if (!loop) failInput("The run has ended.", "", "Use the stored run.");
      act(answer);
    } catch (const Error& e) {
      refuse(answer, e);
    }
    send(std::move(answer), tensors ? std::move(*tensors) : std::vector<NamedTensor>());
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
    send(std::move(reply), std::move(tensors));
  }

  void send(run::EventBody body, std::vector<NamedTensor> tensors = {}) {
    const std::lock_guard lock(sending_);
    const std::string bytes = run::encode(run::Event{++number_, std::move(body), std::move(tensors)});
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(output_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;  // the client is gone; the end of the input tells the main loop
      done += static_cast<size_t>(n);
    }
  }

  const int output_;
  std::mutex sending_;
  int64_t number_ = 0;
  std::unique_ptr<Session> session_;
  std::unique_ptr<engine::Network> model_;
  std::jthread worker_;
};

}  // namespace

int serve(int input, int output) {
  Server server(output);
  server.hello();
  run::FrameReader frames;
  std::vector<char> chunk(1 << 16);
  try {
    for (ssize_t n; (n = ::read(input, chunk.data(), chunk.size())) != 0;) {
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) break;
      frames.append({chunk.data(), static_cast<size_t>(n)});
      while (auto frame = frames.next()) server.handle(run::decodeCommand(*frame));
    }
  } catch (const Error& e) {
    ::dprintf(STDERR_FILENO, "netwright-engine: %s\n", e.what());
    server.finish();
    return 3;
  }
  server.finish();
  return 0;
}

}  // namespace netwright::train
