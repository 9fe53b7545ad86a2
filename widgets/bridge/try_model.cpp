// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/try_model.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/store/database.h"
#include "widgets/bridge/background.h"

namespace netwright::bridge {
namespace {

constexpr int kAgainMs = 400, kMostRuns = 100;

}  // namespace

TryModel::TryModel(ProjectModel* project, RunModel* run) : project_(project), run_(run), again_(new QTimer(this)) {
  again_->setSingleShot(true);
  again_->setInterval(kAgainMs);
  connect(again_, &QTimer::timeout, this, &TryModel::put);
  connect(project_, &ProjectModel::projectChanged, this, [this] {
    reset();
    setRuns({});
    chosen_ = 0;
    if (active_) refresh();
  });
  connect(run_, &RunModel::runStarted, this, [this] {
    chosen_ = 0;  // who trains wants to see that one
    refresh();
  });
  connect(run_, &RunModel::ended, this, [this] {  // the same run, from its checkpoint now
    pending_ = 0;
    refresh();
    if (active_ && network_) load();
  });
  connect(run_, &RunModel::progressed, this, [this] {
    if (active_ && isLive() && question_ && !pending_ && !again_->isActive()) again_->start();
  });
  connect(run_, &RunModel::predicted, this, [this](qint64 question, const std::vector<NamedTensor>& outputs) {
    if (question != pending_ || !isLive()) return;
    step_ = run_->progress().step;
    take(outputs);
  });
  connect(run_, &RunModel::predictionFailed, this, [this](qint64 question, const Message& why) {
    if (question != pending_) return;
    pending_ = 0;
    Q_EMIT failed(why);
  });
}

TryModel::~TryModel() { retire(); }

bool TryModel::isLive() const {
  return run_->isActive() && run_->started() && run_->started()->run == chosen_ && run_->folder() == project_->folder();
}

void TryModel::setActive(bool active) {
  if (std::exchange(active_, active) == active) return;
  if (active)
    refresh();
  else
    retire();
}

void TryModel::refresh() {
  if (!project_->isOpen()) return;
  const std::filesystem::path folder = project_->folder();
  const qint64 going = run_->isActive() && run_->started() && run_->folder() == folder ? run_->started()->run : 0;
  const int listing = ++listing_;
  inBackground(
      this,
      [folder, going] {
        QVector<Choice> runs;
        if (!std::filesystem::exists(project::databaseFile(folder))) return runs;
        store::Database database(project::databaseFile(folder));
        std::vector<store::RunSummary> all = database.runs();
        for (auto run = all.rbegin(); run != all.rend() && runs.size() < kMostRuns; ++run)
          if (run->id.value == going || !database.checkpoints(run->id).empty())
            runs << Choice{run->id.value, QString::fromStdString(run->name), run->id.value == going};
        return runs;
      },
      [this, listing](QVector<Choice> runs) {
        if (listing == listing_) setRuns(std::move(runs));
      },
      [](const Message&) {});  // a record that cannot be read is told by the table of runs
}

void TryModel::setRuns(QVector<Choice> runs) {
  const bool changed = runs != runs_;
  runs_ = std::move(runs);
  if (changed) Q_EMIT runsChanged();
  const bool known = std::any_of(runs_.begin(), runs_.end(), [this](const Choice& c) { return c.run == chosen_; });
  if (!known && !runs_.isEmpty()) choose(runs_.front().run);
  if (active_ && known && !network_ && !loading_) load();
}

void TryModel::choose(qint64 run) {
  if (run == chosen_ && (network_ || loading_)) return;
  reset();
  chosen_ = run;
  Q_EMIT runsChanged();
  if (active_) load();
}

void TryModel::reset() {
  retire();
  network_.reset();
  question_.reset();
  answer_.reset();
  Q_EMIT networkChanged();
  Q_EMIT answered();
}

// The data in the background; for a stored run an engine with its weights as well.
void TryModel::load() {
  retire();
  const int generation = ++generation_;
  if (!isLive()) startEngine();
  if (network_) return put();
  loading_ = true;
  inBackground(
      this, [folder = project_->folder(), run = chosen_] { return TryNetwork::load(folder, std::to_string(run)); },
      [this, generation](std::shared_ptr<const TryNetwork> network) {
        if (generation != generation_) return;
        loading_ = false;
        network_ = std::move(network);
        Q_EMIT networkChanged();
        put();
      },
      [this, generation](const Message& why) {
        if (generation != generation_) return;
        loading_ = false;
        Q_EMIT failed(why);
      });
}

void TryModel::startEngine() {
  const int generation = generation_;
  try {
    client_ = std::make_unique<run::EngineClient>([alive = QPointer(this), generation](const run::Event& event) {
      if (!qApp) return;
      QMetaObject::invokeMethod(
          qApp,
          [alive, generation, event] {  // it may be gone meanwhile
            if (alive) alive->receive(generation, event);
          },
          Qt::QueuedConnection);
    });
    loadCommand_ =
        client_->send(run::LoadModel{std::filesystem::absolute(project_->folder()).string(), std::to_string(chosen_)});
  } catch (const Error& e) {
    Q_EMIT failed(messageOf(e));
  }
}

void TryModel::ask(std::vector<HostTensor> values) {
  if (!network_) return;
  try {
    question_ = network_->inputs(values);
  } catch (const Error& e) {
    forgetQuestion();
    Q_EMIT failed(messageOf(e));
    return;
  }
  waiting_ = true;
  put();
}

void TryModel::forgetQuestion() {
  question_.reset();
  waiting_ = false;
  if (std::exchange(answer_, std::nullopt)) Q_EMIT answered();
}

// To whoever has the network now, one at a time.
void TryModel::put() {
  if (!question_ || pending_ || !active_) return;
  if (!isLive() && !client_) startEngine();  // the run has ended meanwhile, or its engine
  if (isLive())
    pending_ = run_->predict(*question_);
  else if (client_)
    pending_ = client_->send(run::Predict{}, *question_);
  if (!pending_) return;
  asked_ = *question_;
  waiting_ = false;
}

void TryModel::take(const std::vector<NamedTensor>& outputs) {
  pending_ = 0;
  if (question_ && network_) {
    answer_ = network_->answer(asked_, outputs);
    Q_EMIT answered();
  }
  if (waiting_) put();
}

void TryModel::receive(int generation, const run::Event& event) {
  if (generation != generation_) return;
  if (const auto* lost = std::get_if<run::EngineLost>(&event.body)) {
    retire();
    Q_EMIT failed(
        {tr("The engine has stopped working."), QString::fromStdString(lost->what), tr("Choose the run again.")});
    return;
  }
  const auto* reply = std::get_if<run::Reply>(&event.body);
  if (!reply || (reply->id != pending_ && reply->id != loadCommand_)) return;
  if (reply->ok && reply->id == pending_) {
    step_ = 0;
    return take(event.tensors);
  }
  if (reply->ok) return;
  if (reply->id == pending_) pending_ = 0;
  Q_EMIT failed(
      {QString::fromStdString(reply->what), QString::fromStdString(reply->why), QString::fromStdString(reply->next)});
}

// An engine without a run ends when its pipe closes; waiting for that is not for this thread.
void TryModel::retire() {
  ++generation_;
  loading_ = false;
  pending_ = loadCommand_ = 0;
  again_->stop();
  if (!client_) return;
  client_->letGo();  // no event comes any more
  std::shared_ptr<run::EngineClient> last = std::move(client_);
  QThreadPool::globalInstance()->start([last]() mutable { last.reset(); });
}

}  // namespace netwright::bridge
