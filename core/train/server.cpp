// SPDX-License-Identifier: Apache-2.0
#include "core/train/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
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
      reply.ok = false;
      reply.what = e.title;
      reply.why = e.why;
      reply.next = e.next;
      reply.inputError = e.kind == ErrorKind::Input;
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
    SessionOptions options{train.project, project::load(train.project), train.runName};
    for (const auto& [name, text] : train.overrides) project::setByName(options.project, name, text);
    session_ = std::make_unique<Session>(std::move(options), [this](run::EventBody event) { send(std::move(event)); });
    worker_ = std::jthread([this] { session_->run(); });
    acknowledge(command);
  }
  void on(const run::Command& command, const run::Pause&) { forSession(command, &Session::pause); }
  void on(const run::Command& command, const run::Resume&) { forSession(command, &Session::resume); }
  void on(const run::Command& command, const run::Stop&) { forSession(command, &Session::stop); }

  void on(const run::Command& command, const run::Evaluate& wanted) {
    project::StoredRun stored = project::openRun(wanted.project, wanted.run);
    const data::DataSplits data = data::openData(stored.project.data, wanted.project);
    const auto [dataset, samples] = splitOf(data, wanted.split);
    project::Prepared prepared = project::prepare(stored.project, dataset->columns());
    if (!prepared.ok()) project::failWith(prepared.diagnostics);
    engine::setThreads(stored.project.run.threads);
    Feeder feeder(prepared.lowered.program, prepared.columns);
    engine::Network network(std::move(prepared.lowered.program), options(stored.project));
    network.setWeights(stored.checkpoint.weights);
    run::Reply reply;
    reply.id = command.id;
    reply.values = evaluateSamples(network, feeder, *dataset, samples, stored.project.run.metrics);
    reply.values["samples"] = static_cast<double>(samples.size());
    reply.values["epoch"] = static_cast<double>(stored.checkpoint.epoch);
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
    if (!model_) failInput("No model is loaded.", "", "Load a run first.");
    const program::Program& program = model_->program();
    engine::Feeds feeds;
    for (const program::Port& port : program.inputs) {
      feeds.push_back(nullptr);
      for (const NamedTensor& t : command.tensors)
        if (t.name == port.name) feeds.back() = &t.tensor;
      if (!feeds.back())
        failInput(fmt::format("The input '{}' is missing.", port.name), "", "Send one tensor for each input.");
    }
    std::vector<HostTensor> outputs = model_->predict(feeds);
    std::vector<NamedTensor> tensors;
    for (size_t i = 0; i < outputs.size(); ++i) tensors.push_back({program.outputs[i].name, std::move(outputs[i])});
    acknowledge(command, std::move(tensors));
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

  void forSession(const run::Command& command, void (Session::*act)()) {
    if (!session_) failInput("There is no run to steer.", "", "Start one first.");
    (session_.get()->*act)();
    acknowledge(command);
  }

  static engine::NetworkOptions options(const project::Project& project) {
    return {engine::resolveDevice(project.run.device), DType::Float32, project.run.channelsLast};
  }

  static std::pair<const data::Dataset*, std::vector<int64_t>> splitOf(const data::DataSplits& data,
                                                                       const std::string& split) {
    if (split == "train") return {data.train.get(), data.trainSamples};
    if (split == "validation") return {data.train.get(), data.validationSamples};
    if (split != "test")
      failInput(fmt::format("There is no split '{}'.", split), "", "Choose train, validation or test.");
    if (!data.test) failInput("The data has no test split.", "", "Evaluate on the validation split instead.");
    std::vector<int64_t> all(static_cast<size_t>(data.test->size()));
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
    return {data.test.get(), std::move(all)};
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
