// SPDX-License-Identifier: Apache-2.0
// The training loop of one run with all it owns. Internal to train: the session gives it wishes and tasks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_config.h"
#include "core/engine/network.h"
#include "core/run/checkpoint.h"
#include "core/run/retention.h"
#include "core/run/schedule.h"
#include "core/train/evaluation.h"
#include "core/train/run_log.h"
#include "core/train/session.h"
#include "core/train/watch_pace.h"

namespace netwright::train {

class Loop {
 public:
  explicit Loop(Session& session);

  void run();
  void fail(const Error& e, const NodePath& node, const std::string& code);

  // Tasks between two batches.
  void setLearningRate(size_t objective, double rate);
  void saveCheckpoint();
  std::map<std::string, double> evaluate(const std::string& split);
  std::vector<NamedTensor> predict(const std::vector<NamedTensor>& inputs);

 private:
  void prepare();
  std::string startWeights();  // a note for the log, or nothing
  void startFromData();
  void makeSchedulers();
  void goOn(const ResumePoint& point);

  void trainEpoch();
  // One batch; false if it failed in a way that the run can go on from, or was undone to stop.
  bool trainBatch(const data::Batch& batch);
  void tellNodes(const engine::StepResult& result);
  std::vector<engine::Turn> turns() const;
  bool groupEnds() const;  // no objective is in the middle of a group of batches
  void setRates(const std::vector<engine::Turn>& turns);
  void setMomentum(size_t objective, int64_t step);
  void finishEpoch();
  void finish();

  void obey();  // carries out tasks and wishes; returns when the run goes on or is to stop
  void pause(const std::string& why);
  void trouble(const Error& e, const NodePath& node, const std::string& code);
  std::optional<double> deciding() const;
  std::pair<std::string, std::string> decidingMetric() const;  // key and context
  double decidingSign() const;  // 1 where a higher value of the deciding metric is better, else -1
  void writeCheckpoint(std::optional<double> value);
  void record(const std::string& path, std::optional<double> value, bool best);
  void removeCheckpoint(const std::filesystem::path& path);
  void dropSuperfluous();                              // as keep_best and keep_last say
  void recallCheckpoints(const std::string& resumed);  // of earlier sittings; `resumed`: the path it goes on from
  void recordData();
  void writeLastCheckpoint();                       // of a run that is stopped within an epoch
  void tryCheckpoint(std::optional<double> value);  // a full disk pauses the run until it works
  run::Checkpoint checkpoint() const;
  run::Progress where() const;
  double trainingSeconds() const { return log_.seconds() - paused_; }

  Session& session_;
  const project::Project project_;  // settled
  const run::RunConfig& config_;
  RunLog log_;
  data::DataSplits data_;
  std::optional<project::Prepared> prepared_;
  std::optional<Feeder> feeder_;
  Measures measures_;
  std::unique_ptr<engine::Network> network_;
  std::vector<run::Scheduler> schedulers_;
  std::vector<double> rates_;  // as last set and recorded
  std::optional<Meters> meters_;
  run::Position position_;
  std::vector<run::KeptCheckpoint> kept_;  // of ends of epochs, oldest first
  std::string graphHash_, rolling_;        // rolling_: the checkpoint within an epoch that the next one replaces
  const data::Batch* batch_ = nullptr;     // read, but not trained on yet
  int64_t batches_ = 0, trained_ = 0;
  bool stopped_ = false, steppingEpoch_ = false;
  std::string troubleText_;  // why the run was paused last, if it was stopped then
  double paused_ = 0, epochStart_ = 0, lastCheckpoint_ = 0, trainedFrom_ = 0;
  WatchPace watchPace_;
  std::map<std::string, double> values_;
};

}  // namespace netwright::train
