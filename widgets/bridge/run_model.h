// SPDX-License-Identifier: GPL-3.0-or-later
// The run that this window trains: starts and steers the engine, and keeps what it tells for the pages to show.
#pragma once

#include <QElapsedTimer>
#include <QMap>
#include <QObject>
#include <QPair>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/project/going_runs.h"
#include "core/run/engine_client.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

// One metric of the run so far, as columns.
struct RunSeries {
  std::vector<double> steps, values;
};

// Lives in the GUI thread and never blocks it: commands are sent without waiting, events come from the engine's reader
// thread by queued calls, and engines that are done are put away by a pool thread. One run at a time. A run outlives
// the window: only stop() ends it, or the destructor of a model that was not told to leave().
class RunModel : public QObject {
  Q_OBJECT

 public:
  enum class State { Idle, Starting, Running, Paused, Stopping, Finished, Stopped, Failed };

  explicit RunModel(QObject* parent = nullptr);
  ~RunModel() override;  // stops a run that was started here with a checkpoint and waits for its engine

  // The project must be saved. Does nothing while a run is active. A failure comes as State::Failed with problem().
  void start(const std::filesystem::path& folder, const std::string& runName = {},
             const std::map<std::string, std::string>& overrides = {});
  // Watches the project's newest run if one is going, whoever started it: all its points so far, and then what comes.
  void attachIfGoing(const std::filesystem::path& folder);
  void leave();  // the run trains on without this window; back to Idle
  void pause();
  void resume();
  void stop();                        // after the current batch, with a checkpoint
  void kill();                        // an engine that hangs
  void step(bool epoch);              // of a paused run: one batch, or to the end of the epoch
  void setLearningRate(double rate);  // of the first objective, from the next step on
  void saveCheckpoint();              // after the current batch
  // Lets a stored run go on from its last checkpoint, in a new engine and in the same record; its curves come first.
  // `run`: id or name. Does nothing while a run is active.
  void resumeStored(const std::filesystem::path& folder, const std::string& run);
  void resumeLost();  // the same for the run whose engine was lost
  bool canResumeLost() const { return state_ == State::Failed && lost_ && started_; }
  void resumeStopped();  // the same for the run that was stopped here
  bool canResumeStopped() const { return state_ == State::Stopped && started_; }
  void watchNodes(bool on);  // nodeStatistics() from now on, also of runs to come
  bool watchesNodes() const { return watches_; }
  // Asks the network as it is now, between two batches; the answer comes as predicted() or predictionFailed(),
  // or not at all if the run ends. 0: there is none.
  int64_t predict(std::vector<NamedTensor> inputs);
  double silence() const { return silence_; }  // seconds for which the engine has not answered; 0: it does
  void clear();                                // back to Idle; for another project. Does nothing while a run is active

  State state() const { return state_; }
  bool isActive() const;
  bool isAttached() const { return attached_; }  // to a run that was going already
  const std::filesystem::path& folder() const { return folder_; }
  const std::optional<run::RunStarted>& started() const { return started_; }
  const run::Progress& progress() const { return progress_; }                  // without its points
  double fraction() const;                                                     // of all batches, 0 to 1
  std::optional<double> secondsLeft() const;                                   // unknown before the first progress
  const RunSeries& series(const QString& key, const QString& context) const;   // empty if there is none
  const std::map<QString, double>& lastValues() const { return lastValues_; }  // "train/loss" of the last epoch
  const std::map<QString, double>& previousValues() const { return previousValues_; }  // of the one before
  double learningRate() const;  // the last one that the run told; NaN before
  const std::optional<run::ValidationSeen>& validation() const { return validation_; }  // of the last epoch
  const std::optional<run::NodeStatistics>& nodeStatistics() const { return nodes_; }   // the newest; while watched
  const Message& problem() const { return problem_; }                       // why it failed, or paused by itself
  const std::vector<int64_t>& problemNode() const { return problemNode_; }  // NodePath; may be empty
  int64_t enginePid() const { return client_ ? client_->pid() : 0; }

 Q_SIGNALS:
  void stateChanged();
  void runStarted(const netwright::run::RunStarted& run);
  void progressed();
  void pointsAdded(const std::vector<netwright::run::Point>& points);
  void epochFinished(const netwright::run::EpochFinished& epoch);
  void checkpointWritten(const netwright::run::CheckpointWritten& checkpoint);
  void silenceChanged();
  void validationSeen();
  void nodeStatisticsChanged();
  void predicted(qint64 question, const std::vector<netwright::NamedTensor>& outputs);
  void predictionFailed(qint64 question, const netwright::bridge::Message& why);
  void refused(const netwright::bridge::Message& why);  // a step, a rate or a checkpoint that was wished
  void troubled();                                      // paused by itself because of problem()
  void ended();                                         // finished, stopped or failed

 private:
  class Inbox;
  void collect(int generation, const std::shared_ptr<Inbox>& inbox);
  void receive(const run::Event& event);
  void on(const run::Hello&) {}
  void on(const run::ControlChanged&) {}
  void on(const run::Snapshot& event);
  void on(const run::EngineSilent& event);
  void on(const run::RunStarted& event);
  void on(const run::StateChanged& event);
  void on(const run::Progress& event);
  void on(const run::EpochFinished& event);
  void on(const run::CheckpointWritten& event);
  void on(const run::Trouble& event);
  void on(const run::Finished& event);
  void on(const run::Failed& event);
  void on(const run::EngineLost& event);
  void on(const run::Reply& event);
  void on(const run::ValidationSeen& event);
  void on(const run::NodeStatistics& event);
  void answer(const run::Reply& reply, const std::vector<NamedTensor>& tensors);
  void begin(const run::RunStarted& event);
  void holdBack(std::function<std::vector<run::Point>()> history, std::function<void()> then);
  void letThrough();
  bool open(const std::filesystem::path& folder, const std::function<void(run::EngineClient::Listener)>& connect);
  void launch(const std::filesystem::path& folder, run::CommandBody command);
  void attach(const project::GoingRun& run);
  int64_t steer(run::CommandBody command);
  void add(const std::vector<run::Point>& points);
  void setSilence(double seconds);
  void setState(State state);
  void end(State state);
  void fail(Message problem);
  void retire();
  void forget();

  std::unique_ptr<run::EngineClient> client_;
  QElapsedTimer collected_;  // since events were taken
  int generation_ = 0;       // events of engines that are put away are dropped
  int64_t trainCommand_ = 0;
  bool killed_ = false, attached_ = false, lost_ = false;
  double silence_ = 0;
  std::optional<std::vector<run::Event>> early_;  // came while the history was read
  State state_ = State::Idle;
  std::filesystem::path folder_;
  std::optional<run::RunStarted> started_;
  run::Progress progress_;
  std::map<QPair<QString, QString>, RunSeries> series_;
  std::map<QString, double> lastValues_, previousValues_;
  std::optional<run::ValidationSeen> validation_;
  std::optional<run::NodeStatistics> nodes_;
  std::set<int64_t> questions_, wishes_;  // commands whose answers are waited for
  bool watches_ = false;
  Message problem_;
  std::vector<int64_t> problemNode_;
};

}  // namespace netwright::bridge
