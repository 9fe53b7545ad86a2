// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the network of a run: of the one that is going on between two of its batches, of a stored one in an engine of
// its own. Lives in the GUI thread and never blocks it.
#pragma once

#include <QObject>
#include <QString>
#include <QVector>
#include <memory>
#include <optional>

#include "core/run/engine_client.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"
#include "widgets/bridge/try_network.h"

QT_BEGIN_NAMESPACE
class QTimer;
QT_END_NAMESPACE

namespace netwright::bridge {

// The newest question is the one that is answered; while one is on its way, the next waits. A question to a run that is
// going on is asked again as it trains.
class TryModel : public QObject {
  Q_OBJECT

 public:
  TryModel(ProjectModel* project, RunModel* run);
  ~TryModel() override;

  struct Choice {
    qint64 run = 0;
    QString name;
    bool live = false;
    bool operator==(const Choice&) const = default;
  };
  void setActive(bool active);                           // whether somebody looks; without, no engine is kept
  void refresh();                                        // reads in the background which runs there are
  const QVector<Choice>& runs() const { return runs_; }  // newest first
  void choose(qint64 run);
  qint64 chosen() const { return chosen_; }
  bool isLive() const;  // the chosen run is going on
  bool isReady() const { return network_ != nullptr; }
  bool isBusy() const { return loading_ || pending_ || waiting_; }
  const std::shared_ptr<const TryNetwork>& network() const { return network_; }

  void ask(std::vector<HostTensor> values);  // one for each column of the source
  void forgetQuestion();
  const std::optional<TryAnswer>& answer() const { return answer_; }
  int64_t answeredStep() const { return step_; }  // of the run that is going on, when it answered

 Q_SIGNALS:
  void runsChanged();
  void networkChanged();  // another one, or none while it is loaded
  void answered();        // answer() is new, or gone
  void failed(const netwright::bridge::Message& why);

 private:
  void setRuns(QVector<Choice> runs);
  void load();
  void startEngine();
  void put();
  void receive(int generation, const run::Event& event);
  void take(const std::vector<NamedTensor>& outputs);
  void retire();
  void reset();

  ProjectModel* project_;
  RunModel* run_;
  QVector<Choice> runs_;
  qint64 chosen_ = 0;
  bool active_ = false, loading_ = false;
  std::shared_ptr<const TryNetwork> network_;
  std::unique_ptr<run::EngineClient> client_;
  int generation_ = 0, listing_ = 0;
  int64_t loadCommand_ = 0, pending_ = 0;
  std::optional<std::vector<NamedTensor>> question_;
  std::vector<NamedTensor> asked_;  // the one that is pending
  bool waiting_ = false;            // the question is newer than the pending one
  std::optional<TryAnswer> answer_;
  int64_t step_ = 0;
  QTimer* again_;
};

}  // namespace netwright::bridge
