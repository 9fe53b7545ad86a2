// SPDX-License-Identifier: Apache-2.0
#include "core/train/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/messages.h"
#include "core/base/text.h"
#include "core/data/loader.h"
#include "core/data/sampler.h"
#include "core/engine/node_error.h"
#include "core/engine/process.h"
#include "core/graph/graph_json.h"
#include "core/project/prepare.h"
#include "core/project/settle.h"
#include "core/project/stored_run.h"
#include "core/run/metric_choice.h"

namespace netwright::train {
namespace {

// An error that may be gone at the next try, or that a smaller rate cures: the run pauses instead of ending.
bool recoverable(const engine::NodeError& e) {
  return e.code == "NW-R005" || e.code == "NW-R006" || e.code == "NW-D004";
}

constexpr int kWorkers = 2;  // threads that read ahead where data does not lie in memory

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

engine::ObjectiveOptions optionsOf(const run::Objective& o) {
  const Attributes params = run::completeParams(o.optimiser);
  engine::ObjectiveOptions options{o.optimiser.kind, o.parameters, params, {}, o.clipNorm, o.clipValue};
  for (const run::ParameterGroup& g : o.groups) {
    Attributes own = params;
    for (const auto& [name, value] : g.params) own[name] = value;
    if (g.lrFactor != 1) own["lr"] = numbers(own.at("lr")).value().front() * g.lrFactor;
    options.groups.push_back({g.parameters, std::move(own)});
  }
  return options;
}

}  // namespace

Loop::Loop(Session& session)
    : session_(session),
      project_(project::settled(session.options_.project)),
      config_(project_.run),
      log_(session.listener_) {}

void Loop::run() {
  log_.state(run::RunState::Preparing);
  prepare();
  log_.state(run::RunState::Running);
  while (!stopped_ && !(position_.epochDone && position_.epoch >= config_.epochs)) {
    trainEpoch();
    if (stopped_ || config_.patience == 0 || position_.badEpochs < config_.patience) continue;
    log_.event(Severity::Info, "early_stopped",
               fmt::format("No progress in {} epochs; ended after epoch {}.", position_.badEpochs, position_.epoch));
    break;
  }
  finish();
}

void Loop::fail(const Error& e, const NodePath& node, const std::string& code) {
  log_.progress(where(), true);
  if (network_ && network_->whole() && position_.step > 0) {
    try {
      if (groupEnds()) writeCheckpoint(std::nullopt);  // what was learnt is kept
    } catch (const Error&) {                           // the first error is the one to tell
    }
  }
  log_.event(Severity::Error, "failed", e.what());
  log_.status(store::RunStatus::Failed, e.what());
  run::Failed failed{code, e.title, e.why, e.next, {}, e.kind == ErrorKind::Input};
  for (const NodeId id : node) failed.node.push_back(id.value);
  log_.state(run::RunState::Failed);
  log_.report(std::move(failed));
}

void Loop::prepare() {
  const auto& options = session_.options_;
  const std::string learnt = options.resume && options.resume->checkpoint ? options.resume->checkpoint->data : "";
  data_ = project::openRunData(project_, options.folder, learnt);
  prepared_ = project::prepare(session_.options_.project, data_.train->columns());  // tells formulas at fault
  if (!prepared_->ok()) project::failWith(prepared_->diagnostics);
  const auto samples = static_cast<int64_t>(data_.trainSamples.size());
  if (const Diagnostics found = project::checkBatches(*prepared_, config_, samples); hasErrors(found))
    project::failWith(found);
  const program::Program& program = prepared_->lowered.program;
  const int64_t parameters = program.parameterCount();
  const int64_t macs = program.macs().evaluate({{"N", config_.batchSize}}).value_or(INT64_MAX);
  const int64_t threads = engine::setThreads(config_.threads, macs);
  const std::string device = engine::resolveDevice(config_.device);
  batches_ = data::batchCount(samples, config_.batchSize, config_.dropLast);
  feeder_.emplace(program, prepared_->columns);
  measures_ = measuresOf(*prepared_);
  network_ =
      std::make_unique<engine::Network>(program, engine::NetworkOptions{device, DType::Float32, config_.channelsLast,
                                                                        config_.precision == "bf16", config_.parity});
  graphHash_ = sha256Hex(graph::toJson(project_.graph).dump());
  const bool begins = !options.resume || !options.resume->checkpoint;
  const std::string startNote = begins ? startWeights() : "";
  std::vector<engine::ObjectiveOptions> objectives;
  bool accumulates = false;
  for (const run::Objective& o : config_.objectives) {
    objectives.push_back(optionsOf(o));
    accumulates = accumulates || o.accumulate > 1;
  }
  network_->setObjectives(objectives);
  if (!accumulates) network_->setInterrupt(&session_.stopping_);
  makeSchedulers();
  if (options.resume) goOn(*options.resume);
  log_.begin(options, device);
  log_.startClock(position_.seconds);
  recordData();
  if (options.resume) recallCheckpoints(options.resume->path);
  epochStart_ = lastCheckpoint_ = trainedFrom_ = position_.seconds;
  log_.report(run::RunStarted{log_.run().value, log_.name(), device, parameters, samples,
                              static_cast<int64_t>(data_.validationSamples.size()), batches_, config_.epochs, threads,
                              position_.step});
  for (const std::string& note : data_.notes) log_.event(Severity::Info, "data", note);
  if (!startNote.empty()) log_.event(Severity::Info, "start", startNote);
  if (options.resume)
    log_.event(Severity::Info, "resumed",
               fmt::format("Went on from step {} of epoch {}.", position_.step, position_.epoch));
}

void Loop::makeSchedulers() {
  for (const run::Objective& o : config_.objectives) {
    const int64_t groups = ceilDiv(batches_, o.accumulate);
    const double base = numbers(run::completeParams(o.optimiser).at("lr")).value().front();
    schedulers_.emplace_back(
        o.schedule, base,
        run::RunLength{ceilDiv(groups * config_.epochs, o.every), std::max<int64_t>(1, groups / o.every)});
    rates_.push_back(std::nan(""));
  }
}

void Loop::goOn(const ResumePoint& point) {
  if (!point.checkpoint) return;
  const run::Checkpoint& c = *point.checkpoint;
  if (c.graphHash != graphHash_)
    failInput(fmt::format("The checkpoint of run '{}' belongs to another graph.", point.name),
              "The graph that it was written for is not the one of this run.", "Choose another checkpoint.");
  network_->setWeights(c.weights);
  position_ = c.position;
  for (size_t i = 0; i < schedulers_.size() && i < position_.schedules.size(); ++i) {
    run::Scheduler::State state = position_.schedules[i];
    if (point.newRates) state.base = schedulers_[i].state().base;
    schedulers_[i].restore(state);
    setMomentum(i, 0);  // any: momentum that is cycled has a state, whatever the settings say
  }
  network_->setOptimiserState(c.optimiser);
  if (!position_.generator.empty()) network_->setGeneratorState(position_.generator);
  if (point.path.find("/step-") != std::string::npos) rolling_ = point.path;
}

void Loop::trainEpoch() {
  if (position_.epochDone || position_.epoch == 0) {
    ++position_.epoch;
    position_.batches = 0;
    position_.epochDone = false;
    position_.means.clear();
    position_.metrics.clear();
  }
  meters_.emplace(measures_);
  meters_->restore(position_.means, position_.metrics);
  const std::vector<int64_t> order =
      config_.shuffle ? data::epochOrder(data_.trainSamples, config_.seed, position_.epoch) : data_.trainSamples;
  const int workers = data_.train->inMemory() ? 0 : kWorkers;
  data::Loader loader(data_.train, order, {config_.batchSize, config_.dropLast, workers, position_.batches, 0});
  batch_ = nullptr;
  while (position_.batches < batches_) {
    if (session_.interrupted_ && groupEnds()) obey();
    if (stopped_) return writeLastCheckpoint();
    if (!batch_) batch_ = loader.next();
    if (!trainBatch(*batch_)) continue;
    batch_ = nullptr;
    log_.progress(where(), false);
    const bool due = config_.checkpointSeconds > 0 &&
                     trainingSeconds() - lastCheckpoint_ >= static_cast<double>(config_.checkpointSeconds);
    if (due && groupEnds() && position_.batches < batches_) tryCheckpoint(std::nullopt);
    if (const auto problem = log_.failure())
      trouble(Error(ErrorKind::Environment, "The run's numbers cannot be written.", *problem,
                    "Free some disk space, then resume; nothing is lost."),
              {}, "");
  }
  finishEpoch();
}

bool Loop::trainBatch(const data::Batch& batch) {
  const std::vector<engine::Turn> all = turns();
  setRates(all);
  const bool watched = session_.watched_ && (session_.interrupted_ || watchPace_.due(trainingSeconds()));
  const double before = trainingSeconds();
  if (watched) network_->watchNext();
  engine::StepResult result;
  try {
    result = network_->trainStep(feeder_->feeds(batch, true), {config_.seed, position_.step + 1}, all);
  } catch (const engine::Interrupted&) {
    return false;
  } catch (const engine::NodeError& raw) {
    const engine::NodeError e = named(raw, batch.samples);
    if (!recoverable(e)) throw e;
    const auto args =
        std::map<std::string, std::string>{{"loss", network_->program().losses.front().name},
                                           {"value", e.args.contains("value") ? e.args.at("value") : "not a number"},
                                           {"step", grouped(position_.step + 1)},
                                           {"epoch", std::to_string(position_.epoch)},
                                           {"rate", fmt::format("{}", rates_.front())}};
    trouble(Error(ErrorKind::Input, messageText("NW-R003", args), e.title, ""), e.node, e.code);
    return false;
  }
  const double now = trainingSeconds();
  watched ? watchPace_.watched(now, now - before) : watchPace_.stepped(now - before);
  ++position_.batches;
  ++position_.step;
  trained_ += batch.size();
  meters_->add(result, batch);
  log_.point("loss", "train", position_.step, result.loss);
  if (watched) tellNodes(result);
  return true;
}

void Loop::tellNodes(const engine::StepResult& result) {
  run::NodeStatistics told{position_.step, {}};
  for (const engine::NodeStatistic& n : result.nodes) {
    told.nodes.push_back({{}, n.mean, n.deviation, n.gradient, n.runs});
    for (const NodeId id : n.node) told.nodes.back().node.push_back(id.value);
  }
  log_.report(std::move(told));
}

// Which objectives take part in the next batch, and where it stands in their groups.
std::vector<engine::Turn> Loop::turns() const {
  std::vector<engine::Turn> all;
  const int64_t batch = position_.batches;  // counts from 0
  for (size_t i = 0; i < config_.objectives.size(); ++i) {
    const run::Objective& o = config_.objectives[i];
    const int64_t start = batch / o.accumulate * o.accumulate, size = std::min(o.accumulate, batches_ - start);
    const int64_t group = (position_.epoch - 1) * ceilDiv(batches_, o.accumulate) + batch / o.accumulate;
    if (group % o.every != 0) continue;
    all.push_back({i, 1 / static_cast<double>(size), batch == start, batch + 1 == start + size});
  }
  return all;
}

bool Loop::groupEnds() const {
  return position_.batches == batches_ ||
         std::all_of(config_.objectives.begin(), config_.objectives.end(),
                     [&](const run::Objective& o) { return position_.batches % o.accumulate == 0; });
}

void Loop::setRates(const std::vector<engine::Turn>& turns) {
  for (const engine::Turn& turn : turns) {
    if (!turn.last) continue;
    const run::Objective& o = config_.objectives[turn.objective];
    const int64_t group = (position_.epoch - 1) * ceilDiv(batches_, o.accumulate) + position_.batches / o.accumulate;
    const int64_t step = group / o.every;
    setMomentum(turn.objective, step);
    const double rate = schedulers_[turn.objective].rate(step);
    if (rate == rates_[turn.objective]) continue;
    network_->setLearningRate(turn.objective, rates_[turn.objective] = rate);
    log_.point(turn.objective == 0 ? "lr" : fmt::format("lr{}", turn.objective), "train", position_.step + 1, rate);
  }
}

void Loop::setMomentum(size_t objective, int64_t step) {
  if (const auto momentum = schedulers_[objective].momentum(step)) network_->setMomentum(objective, *momentum);
}

void Loop::finishEpoch() {
  position_.epochDone = true;
  values_.clear();
  for (const auto& [name, value] : meters_->values()) {
    values_["train/" + name] = value;
    if (name != "loss") log_.point(name, "train", position_.step, value);
  }
  const auto count = static_cast<int64_t>(data_.validationSamples.size());
  ValidationView view(measures_, *data_.train, feeder_->firstInput(), count);
  if (count > 0)
    for (const auto& [name, value] :
         evaluateSamples(*network_, *feeder_, project::splitOf(data_, "validation"), measures_, &view)) {
      values_["val/" + name] = value;
      log_.point(name, "val", position_.step, value);
    }
  const double watched = values_.at(data_.validationSamples.empty() ? "train/loss" : "val/loss");
  for (run::Scheduler& s : schedulers_) s.epochEnded(watched);
  const std::optional<double> value = deciding();
  const bool better = value && (!position_.best || *value > *position_.best);
  position_.badEpochs = better ? 0 : position_.badEpochs + 1;
  log_.point("epoch_seconds", "train", position_.step, trainingSeconds() - epochStart_);
  epochStart_ = trainingSeconds();
  log_.progress(where(), true);
  tryCheckpoint(value);
  if (view.possible()) log_.report(view.told(position_.epoch, position_.step));
  log_.report(run::EpochFinished{position_.epoch, position_.step, values_});
  if (steppingEpoch_) {
    steppingEpoch_ = false;
    session_.pause();
  }
}

void Loop::finish() {
  log_.progress(where(), true);
  const auto status = !troubleText_.empty() ? store::RunStatus::Failed
                      : stopped_            ? store::RunStatus::Killed
                                            : store::RunStatus::Finished;
  log_.close(position_.step, position_.epoch, status, troubleText_);
  log_.state(run::RunState::Finished);
  log_.report(run::Finished{stopped_, trainingSeconds(), values_});
}

void Loop::obey() {
  for (;;) {
    for (const auto& task : session_.takeTasks()) task(this);
    switch (session_.wished()) {
      case Session::Wish::Run:
        return;
      case Session::Wish::Pause:
        pause(fmt::format("Paused after step {}.", position_.step));
        break;
      case Session::Wish::StepBatch:
        log_.state(run::RunState::Stepping);
        session_.pause();  // after this batch
        return;
      case Session::Wish::StepEpoch:
        log_.state(run::RunState::Stepping);
        steppingEpoch_ = true;
        session_.resume();
        return;
      case Session::Wish::Stop:
        stopped_ = true;
        log_.event(Severity::Info, "stopped", fmt::format("Stopped after step {}.", position_.step));
        return log_.state(run::RunState::Stopping);
    }
  }
}

// Waits, carrying out tasks, until there is another wish. Nothing is reported under the lock: a slow client must not
// hold up the next command.
void Loop::pause(const std::string& why) {
  const double since = log_.seconds();
  steppingEpoch_ = false;
  log_.progress(where(), true);
  log_.status(store::RunStatus::Paused);
  log_.event(Severity::Info, "paused", why);
  log_.state(run::RunState::Paused);
  for (bool waiting = true; waiting;) {
    {
      std::unique_lock lock(session_.mutex_);
      session_.changed_.wait(lock, [&] { return session_.wish_ != Session::Wish::Pause || !session_.tasks_.empty(); });
      waiting = session_.wish_ == Session::Wish::Pause;
    }
    for (const auto& task : session_.takeTasks()) task(this);
  }
  paused_ += log_.seconds() - since;
  if (session_.wished() == Session::Wish::Stop) return;
  troubleText_.clear();
  log_.status(store::RunStatus::Running);
  log_.event(Severity::Info, "resumed", fmt::format("Went on after step {}.", position_.step));
  if (session_.wished() == Session::Wish::Run) log_.state(run::RunState::Running);
}

void Loop::trouble(const Error& e, const NodePath& node, const std::string& code) {
  run::Trouble told{code, e.title, e.why, e.next, {}, e.kind == ErrorKind::Input};
  for (const NodeId id : node) told.node.push_back(id.value);
  troubleText_ = e.what();
  log_.event(Severity::Error, "trouble", e.what());
  log_.report(std::move(told));
  session_.pause();
  obey();
}

void Loop::setLearningRate(size_t objective, double rate) {
  schedulers_.at(objective).setBase(rate);
  log_.event(Severity::Info, "learning_rate", fmt::format("Learning rate {} after step {}.", rate, position_.step));
}

void Loop::saveCheckpoint() { writeCheckpoint(std::nullopt); }

std::map<std::string, double> Loop::evaluate(const std::string& split) {
  return evaluateSamples(*network_, *feeder_, project::splitOf(data_, split), measures_);
}

std::vector<NamedTensor> Loop::predict(const std::vector<NamedTensor>& inputs) {
  return train::predict(*network_, inputs);
}

double Loop::decidingSign() const {
  return !config_.metrics.empty() && run::metricChoice(config_.metrics.front()).spec()->higherIsBetter ? 1 : -1;
}

std::pair<std::string, std::string> Loop::decidingMetric() const {
  return {config_.metrics.empty() ? "loss" : config_.metrics.front(),
          data_.validationSamples.empty() ? "train" : "val"};
}

// The value that says which checkpoint is best: the first metric on validation data, else the loss. Higher is better.
std::optional<double> Loop::deciding() const {
  const auto [key, context] = decidingMetric();
  const double value = decidingSign() * values_.at(context + "/" + key);
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

run::Checkpoint Loop::checkpoint() const {
  run::Checkpoint c{network_->weights(), network_->optimiserState(),       position_, config_.seed,
                    graphHash_,          data::toJson(data_.fitted).dump()};
  c.position.schedules.clear();
  for (const run::Scheduler& s : schedulers_) c.position.schedules.push_back(s.state());
  c.position.seconds = trainingSeconds();
  if (!position_.epochDone && meters_) {
    c.position.means = meters_->means();
    c.position.metrics = meters_->metrics();
  }
  if (config_.parity) c.position.generator = network_->generatorState();
  return c;
}

// `value`: of an epoch's end, that competes for the best; without one the file stands until the next replaces it.
void Loop::writeCheckpoint(std::optional<double> value) {
  const auto& folder = session_.options_.folder;
  const bool epochEnd = position_.epochDone;
  const std::string stem = epochEnd ? fmt::format("epoch-{}", position_.epoch) : fmt::format("step-{}", position_.step);
  const std::string path = fmt::format("artifacts/{}/{}.safetensors", log_.name(), stem);
  if (path == rolling_) return;  // it stands for this very step
  const bool best = value && (!position_.best || *value > *position_.best);
  if (best) position_.best = value;
  const run::Checkpoint made = checkpoint();
  if (epochEnd) log_.histograms(made.weights, network_->program(), position_.step);
  log_.commit();
  run::writeCheckpoint(made, folder / path);
  record(path, value, best);
  if (!rolling_.empty()) removeCheckpoint(rolling_);
  rolling_ = epochEnd ? "" : path;
  if (epochEnd) {
    kept_.push_back({path, value});
    dropSuperfluous();
  }
  lastCheckpoint_ = trainingSeconds();
  log_.report(run::CheckpointWritten{path, position_.epoch, position_.step, best});
}

void Loop::writeLastCheckpoint() {
  if (!network_->whole()) return;
  try {
    writeCheckpoint(std::nullopt);
  } catch (const Error&) {
    if (troubleText_.empty()) throw;  // else the trouble that stopped the run is the one to tell
  }
}

void Loop::tryCheckpoint(std::optional<double> value) {
  while (!stopped_) {
    try {
      return writeCheckpoint(value);
    } catch (const Error& e) {
      trouble(Error(ErrorKind::Environment, "The checkpoint could not be written.", e.what(),
                    "Free some disk space, then resume; the run has lost nothing."),
              {}, "");
    }
  }
}

run::Progress Loop::where() const {
  run::Progress p;
  p.epoch = position_.epoch;
  p.batch = position_.batches;
  p.step = position_.step;
  p.seconds = trainingSeconds();
  const double spent = p.seconds - trainedFrom_;
  p.samplesPerSecond = spent > 0 ? static_cast<double>(trained_) / spent : 0;
  return p;
}

}  // namespace netwright::train
