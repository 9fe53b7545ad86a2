// SPDX-License-Identifier: Apache-2.0
#include "core/train/session.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/messages.h"
#include "core/base/text.h"
#include "core/data/sampler.h"
#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/engine/process.h"
#include "core/graph/graph_json.h"
#include "core/project/prepare.h"
#include "core/run/checkpoint.h"
#include "core/run/metric.h"
#include "core/store/database.h"
#include "core/store/recorder.h"
#include "core/train/evaluation.h"

namespace netwright::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kReportInterval{100};
constexpr std::chrono::seconds kHeartbeat{2};

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<std::pair<std::string, std::string>> recordedParams(const project::Project& project) {
  std::vector<std::pair<std::string, std::string>> params;
  for (const ParamSpec& p : run::runParams()) params.emplace_back(p.name, toText(run::runParam(project.run, p.name)));
  const run::Objective& objective = project.run.objectives.front();
  params.emplace_back("optimiser", objective.optimiser.kind);
  for (const auto& [name, value] : run::completeParams(objective.optimiser))
    params.emplace_back("optimiser." + name, toText(value));
  for (const run::LossTerm& t : objective.terms) params.emplace_back("loss", t.loss);
  return params;
}

}  // namespace

// The training loop with all it owns. One object per run.
class Session::Loop {
 public:
  Loop(Session& session) : session_(session), project_(session.options_.project), config_(project_.run) {}

  void run() {
    report(run::StateChanged{run::RunState::Preparing});
    prepare();
    report(run::StateChanged{run::RunState::Running});
    started_ = Clock::now();
    for (int64_t epoch = 1; epoch <= config_.epochs && !stopped_; ++epoch) trainEpoch(epoch);
    finish();
  }

  void fail(const Error& e, const NodePath& node, const std::string& code) {
    sendProgress();
    if (recorder_) {
      recorder_->event(run_, Severity::Error, "failed", e.what());
      recorder_->setStatus(run_, store::RunStatus::Failed, e.what());
    }
    run::Failed failed{code, e.title, e.why, e.next, {}, e.kind == ErrorKind::Input};
    for (const NodeId id : node) failed.node.push_back(id.value);
    report(run::StateChanged{run::RunState::Failed});
    report(std::move(failed));
  }

 private:
  void report(run::EventBody event) { session_.listener_(std::move(event)); }

  void prepare() {
    const auto& options = session_.options_;
    data_ = data::openData(project_.data, options.folder);
    project::Prepared prepared = project::prepare(project_, data_.train->columns());
    if (!prepared.ok()) project::failWith(prepared.diagnostics);
    if (const Diagnostics batches =
            project::checkBatches(prepared, config_, static_cast<int64_t>(data_.trainSamples.size()));
        hasErrors(batches))
      project::failWith(batches);
    if (data_.trainSamples.empty())
      failInput("There is no sample to train on.", "", "Lower the validation share, or choose other data.");
    const int64_t parameters = prepared.lowered.program.parameterCount();
    const int64_t macs = prepared.lowered.program.macs().evaluate({{"N", config_.batchSize}}).value_or(INT64_MAX);
    const int64_t threads = engine::setThreads(config_.threads, macs);
    const std::string device = engine::resolveDevice(config_.device);
    batches_ = (static_cast<int64_t>(data_.trainSamples.size()) + (config_.dropLast ? 0 : config_.batchSize - 1)) /
               config_.batchSize;
    if (batches_ == 0)
      failInput(fmt::format("The batch size {} is larger than the {} training samples.", config_.batchSize,
                            data_.trainSamples.size()),
                "", "Choose a smaller batch size, or keep the last batch.");
    feeder_.emplace(prepared.lowered.program, prepared.columns);
    targetColumn_ = feeder_->targetColumn();
    network_ = std::make_unique<engine::Network>(std::move(prepared.lowered.program),
                                                 engine::NetworkOptions{device, DType::Float32, config_.channelsLast});
    network_->initialise(config_.seed);
    const run::Objective& objective = config_.objectives.front();
    network_->setOptimiser({objective.optimiser.kind, run::completeParams(objective.optimiser), objective.parameters});
    beginRecord(device);
    report(run::RunStarted{run_.value, runName_, device, parameters, static_cast<int64_t>(data_.trainSamples.size()),
                           static_cast<int64_t>(data_.validationSamples.size()), batches_, config_.epochs, threads});
  }

  void beginRecord(const std::string& device) {
    recorder_ = std::make_unique<store::Recorder>(project::databaseFile(session_.options_.folder));
    store::RunStart start;
    start.name = session_.options_.runName;
    start.seed = config_.seed;
    start.device = device;
    start.params = recordedParams(project_);
    start.graphJson = project::toText(project_);
    start.appVersion = NETWRIGHT_VERSION;
    start.libtorchVersion = engine::libtorchVersion();
    run_ = recorder_->beginRun(start);
    store::Database database(project::databaseFile(session_.options_.folder));
    runName_ = database.findRun(std::to_string(run_.value)).value().name;
  }

  void trainEpoch(int64_t epoch) {
    epoch_ = epoch;
    const std::vector<int64_t> order =
        config_.shuffle ? data::epochOrder(data_.trainSamples, config_.seed, epoch) : data_.trainSamples;
    run::SampleMean loss;
    auto meters = makeMetrics(config_.metrics);
    for (batch_ = 1; batch_ <= batches_; ++batch_) {
      if (session_.interrupted_ && !obey()) break;
      const size_t from = static_cast<size_t>((batch_ - 1) * config_.batchSize);
      const size_t count = std::min(static_cast<size_t>(config_.batchSize), order.size() - from);
      data_.train->read(std::span(order).subspan(from, count), samples_);
      engine::StepResult result = step();
      loss.add(result.loss, samples_.size());
      addToMetrics(meters, result);
      trained_ += samples_.size();
      point("loss", "train", result.loss);
      if (!std::isfinite(result.loss)) failLoss(result.loss);
      if (Clock::now() - lastReport_ >= kReportInterval) sendProgress();
    }
    if (stopped_) return writeCheckpoint(std::nullopt);
    finishEpoch(loss, meters);
  }

  engine::StepResult step() try {
    ++step_;
    return network_->trainStep(feeder_->feeds(samples_, true), config_.seed, step_);
  } catch (const engine::NodeError& e) {
    throw named(e, samples_.samples);
  }

  void addToMetrics(Meters& meters, const engine::StepResult& result) {
    if (targetColumn_ < 0) return;
    for (auto& [name, meter] : meters)
      meter->add({result.outputs.front(), samples_.columns[static_cast<size_t>(targetColumn_)].tensor});
  }

  void finishEpoch(const run::SampleMean& loss, const Meters& meters) {
    values_ = {{"train/loss", loss.value()}};
    for (const auto& [name, meter] : meters) {
      values_["train/" + name] = meter->value();
      point(name, "train", meter->value());
    }
    if (!data_.validationSamples.empty()) {
      const auto found = evaluateSamples(*network_, *feeder_, *data_.train, data_.validationSamples, config_.metrics);
      for (const auto& [name, value] : found) {
        values_["val/" + name] = value;
        point(name, "val", value);
      }
    }
    point("epoch_seconds", "train", secondsSince(started_) - paused_ - epochStart_);
    epochStart_ = secondsSince(started_) - paused_;
    sendProgress();
    writeCheckpoint(deciding());
    report(run::EpochFinished{epoch_, step_, values_});
  }

  // The value that says which checkpoint is best: the first metric on validation data, else the loss. Higher is better.
  std::optional<double> deciding() const {
    const std::string context = data_.validationSamples.empty() ? "train/" : "val/";
    if (!config_.metrics.empty()) {
      const double sign = run::findMetric(config_.metrics.front())->higherIsBetter ? 1 : -1;
      return sign * values_.at(context + config_.metrics.front());
    }
    return -values_.at(context + "loss");
  }

  void writeCheckpoint(std::optional<double> value) {
    const auto& folder = session_.options_.folder;
    const std::string stem = value ? fmt::format("epoch-{}", epoch_) : fmt::format("step-{}", step_);
    const std::string path = fmt::format("artifacts/{}/{}.safetensors", runName_, stem);
    run::Checkpoint checkpoint{network_->weights(),
                               network_->optimiserState(),
                               epoch_,
                               step_,
                               config_.seed,
                               sha256Hex(graph::toJson(project_.graph).dump())};
    run::writeCheckpoint(checkpoint, folder / path);
    const bool best = value && (!best_ || *value > *best_);
    if (best) best_ = value;
    store::CheckpointRecord record;
    record.step = step_;
    record.epoch = epoch_;
    record.path = path;
    record.size = static_cast<int64_t>(std::filesystem::file_size(folder / path));
    record.sha256 = sha256Hex(readFile(folder / path));
    record.isBest = best;
    record.value = value ? std::optional(std::abs(*value)) : std::nullopt;
    recorder_->checkpoint(run_, record);
    report(run::CheckpointWritten{path, epoch_, step_, best});
  }

  // Pauses or stops as wished; false if the run is to end. Nothing is reported under the lock: a slow client must not
  // hold up the next command.
  bool obey() {
    if (session_.wished() == Wish::Pause) pause();
    stopped_ = session_.wished() == Wish::Stop;
    if (stopped_) {
      recorder_->event(run_, Severity::Info, "stopped", fmt::format("Stopped after step {}.", step_));
      report(run::StateChanged{run::RunState::Stopping});
    }
    return !stopped_;
  }

  void pause() {
    const auto since = Clock::now();
    sendProgress();
    recorder_->setStatus(run_, store::RunStatus::Paused);
    recorder_->event(run_, Severity::Info, "paused", fmt::format("Paused after step {}.", step_));
    report(run::StateChanged{run::RunState::Paused});
    {
      std::unique_lock lock(session_.mutex_);
      session_.changed_.wait(lock, [&] { return session_.wish_ != Wish::Pause; });
    }
    paused_ += secondsSince(since);
    if (session_.wished() != Wish::Run) return;
    recorder_->setStatus(run_, store::RunStatus::Running);
    recorder_->event(run_, Severity::Info, "resumed", fmt::format("Went on after step {}.", step_));
    report(run::StateChanged{run::RunState::Running});
  }

  void point(const std::string& key, const std::string& context, double value) {
    const double seconds = secondsSince(started_);
    recorder_->metric(run_, key, context, step_, seconds, value);
    progress_.points.push_back({key, context, step_, seconds, value});
  }

  void sendProgress() {
    if (!recorder_) return;
    lastReport_ = Clock::now();
    if (lastReport_ - lastHeartbeat_ >= kHeartbeat) {
      lastHeartbeat_ = lastReport_;
      recorder_->heartbeat(run_, step_, epoch_);
    }
    progress_.epoch = epoch_;
    progress_.batch = std::min(batch_, batches_);
    progress_.step = step_;
    progress_.seconds = secondsSince(started_) - paused_;
    progress_.samplesPerSecond = progress_.seconds > 0 ? static_cast<double>(trained_) / progress_.seconds : 0;
    report(std::exchange(progress_, {}));
  }

  [[noreturn]] void failLoss(double value) {
    const Attributes params = run::completeParams(config_.objectives.front().optimiser);
    throw engine::NodeError({}, "NW-R003",
                            messageText("NW-R003", {{"loss", config_.objectives.front().terms.front().loss},
                                                    {"value", std::isnan(value) ? "not a number" : "infinite"},
                                                    {"step", grouped(step_)},
                                                    {"epoch", std::to_string(epoch_)},
                                                    {"rate", toText(params.at("lr"))}}),
                            "", "");
  }

  void finish() {
    sendProgress();
    recorder_->heartbeat(run_, step_, epoch_);
    recorder_->setStatus(run_, stopped_ ? store::RunStatus::Killed : store::RunStatus::Finished);
    recorder_->flush();
    if (const auto problem = recorder_->failure())
      failEnvironment("The run could not be recorded to its end.", *problem,
                      "Free some disk space; the weights are in the run's artifacts.");
    report(run::StateChanged{run::RunState::Finished});
    report(run::Finished{stopped_, secondsSince(started_) - paused_, values_});
  }

  Session& session_;
  const project::Project& project_;
  const run::RunConfig& config_;
  data::DataSplits data_;
  std::optional<Feeder> feeder_;
  int targetColumn_ = -1;
  std::unique_ptr<engine::Network> network_;
  std::unique_ptr<store::Recorder> recorder_;
  store::RunId run_;
  std::string runName_;
  data::Batch samples_;
  int64_t batches_ = 0, epoch_ = 0, batch_ = 0, step_ = 0, trained_ = 0;
  bool stopped_ = false;
  Clock::time_point started_ = Clock::now(), lastReport_{}, lastHeartbeat_{};
  double paused_ = 0, epochStart_ = 0;
  std::optional<double> best_;
  std::map<std::string, double> values_;
  run::Progress progress_;
};

Session::Session(SessionOptions options, Listener listener)
    : options_(std::move(options)), listener_(std::move(listener)) {}

void Session::run() {
  Loop loop(*this);
  try {
    loop.run();
  } catch (const engine::NodeError& e) {
    loop.fail(e, e.node, e.code);
  } catch (const Error& e) {
    loop.fail(e, {}, "");
  } catch (const std::exception& e) {
    loop.fail(Error(ErrorKind::Environment, "The run ended by an unexpected error.", engine::firstLine(e.what()),
                    "Please report it."),
              {}, "");
  }
}

void Session::wish(Wish wish) {
  {
    const std::lock_guard lock(mutex_);
    if (wish_ == Wish::Stop) return;
    wish_ = wish;
    interrupted_ = wish != Wish::Run;
  }
  changed_.notify_all();
}

Session::Wish Session::wished() {
  const std::lock_guard lock(mutex_);
  return wish_;
}

void Session::pause() { wish(Wish::Pause); }
void Session::resume() { wish(Wish::Run); }
void Session::stop() { wish(Wish::Stop); }

}  // namespace netwright::train
