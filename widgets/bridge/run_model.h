// SPDX-License-Identifier: GPL-3.0-or-later
// The run that this window trains: starts and steers the engine, and keeps what it tells for the pages to show.
#pragma once

#include <QMap>
#include <QObject>
#include <QPair>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
  void stop();        // after the current batch, with a checkpoint
  void kill();        // an engine that hangs
  void resumeLost();  // lets a run whose engine was lost go on from its last checkpoint, in a new engine
  bool canResumeLost() const { return state_ == State::Failed && lost_ && started_; }
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
  void troubled();  // paused by itself because of problem()
  void ended();     // finished, stopped or failed

 private:
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
  bool open(const std::filesystem::path& folder, const std::function<void(run::EngineClient::Listener)>& connect);
  void launch(const std::filesystem::path& folder, run::CommandBody command);
  void attach(const project::GoingRun& run);
  void showHistory(const run::Snapshot& snapshot, const std::vector<run::Point>& points);
  void steer(run::CommandBody command);
  void add(const std::vector<run::Point>& points);
  void setSilence(double seconds);
  void setState(State state);
  void end(State state);
  void fail(Message problem);
  void retire();
  void forget();

  std::unique_ptr<run::EngineClient> client_;
  int generation_ = 0;  // events of engines that are put away are dropped
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
  Message problem_;
  std::vector<int64_t> problemNode_;
};

}  // namespace netwright::bridge
