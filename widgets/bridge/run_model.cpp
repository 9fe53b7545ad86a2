// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_model.h"

#include <QThreadPool>
#include <utility>

#include "core/base/text.h"

namespace netwright::bridge {
namespace {

// The last line that says something, of what the engine wrote to its error output.
QString lastLine(const std::string& text) {
  const QStringList lines = QString::fromStdString(text).split('\n', Qt::SkipEmptyParts);
  return lines.isEmpty() ? QString() : lines.last().trimmed();
}

}  // namespace

RunModel::RunModel(QObject* parent) : QObject(parent) {}

RunModel::~RunModel() {
  ++generation_;
  client_.reset();
}

bool RunModel::isActive() const {
  return state_ == State::Starting || state_ == State::Running || state_ == State::Paused || state_ == State::Stopping;
}

void RunModel::start(const std::filesystem::path& folder, const std::string& runName,
                     const std::map<std::string, std::string>& overrides) {
  if (isActive()) return;
  forget();
  folder_ = folder;
  const int generation = ++generation_;
  try {
    client_ = std::make_unique<run::EngineClient>([this, generation](const run::Event& event) {
      QMetaObject::invokeMethod(
          this,
          [this, generation, event] {
            if (generation == generation_) receive(event);
          },
          Qt::QueuedConnection);
    });
    trainCommand_ = client_->send(
        run::Train{std::filesystem::absolute(folder).string(), runName, {overrides.begin(), overrides.end()}});
  } catch (const Error& e) {
    return fail(messageOf(e));
  }
  setState(State::Starting);
}

void RunModel::pause() {
  if (state_ == State::Running) client_->send(run::Pause{});
}

void RunModel::resume() {
  if (state_ == State::Paused) client_->send(run::Resume{});
}

void RunModel::stop() {
  if (!isActive() || state_ == State::Stopping) return;
  client_->send(run::Stop{});
  setState(State::Stopping);
}

void RunModel::kill() {
  if (!client_) return;
  killed_ = true;
  client_->kill();
}

void RunModel::clear() {
  if (isActive() || state_ == State::Idle) return;
  forget();
  setState(State::Idle);
}

double RunModel::fraction() const {
  if (state_ == State::Finished) return 1;
  if (!started_ || started_->batches <= 0 || started_->epochs <= 0 || progress_.epoch <= 0) return 0;
  const double done = static_cast<double>((progress_.epoch - 1) * started_->batches + progress_.batch);
  return std::min(1.0, done / static_cast<double>(started_->batches * started_->epochs));
}

std::optional<double> RunModel::secondsLeft() const {
  const double share = fraction();
  if (share <= 0 || progress_.seconds <= 0) return std::nullopt;
  return progress_.seconds / share * (1 - share);
}

const RunSeries& RunModel::series(const QString& key, const QString& context) const {
  static const RunSeries kNone;
  const auto found = series_.find({key, context});
  return found == series_.end() ? kNone : found->second;
}

void RunModel::receive(const run::Event& event) {
  std::visit([this](const auto& body) { on(body); }, event.body);
}

void RunModel::on(const run::RunStarted& event) {
  started_ = event;
  Q_EMIT runStarted(event);
}

void RunModel::on(const run::StateChanged& event) {
  if (state_ == State::Stopping) return;  // the wish is shown until the run has ended
  if (event.state == run::RunState::Running || event.state == run::RunState::Stepping) {
    problem_ = {};
    problemNode_.clear();
    setState(State::Running);
  }
  if (event.state == run::RunState::Paused) setState(State::Paused);
}

void RunModel::on(const run::Progress& event) {
  progress_ = event;
  progress_.points.clear();
  for (const run::Point& p : event.points) {
    RunSeries& s = series_[{QString::fromStdString(p.key), QString::fromStdString(p.context)}];
    s.steps.push_back(static_cast<double>(p.step));
    s.values.push_back(p.value);
  }
  if (!event.points.empty()) Q_EMIT pointsAdded(event.points);
  Q_EMIT progressed();
}

void RunModel::on(const run::EpochFinished& event) {
  previousValues_ = std::exchange(lastValues_, {});
  for (const auto& [name, value] : event.values) lastValues_[QString::fromStdString(name)] = value;
  Q_EMIT epochFinished(event);
}

void RunModel::on(const run::CheckpointWritten& event) { Q_EMIT checkpointWritten(event); }

void RunModel::on(const run::Trouble& event) {
  problemNode_ = event.node;
  problem_ = {QString::fromStdString(event.what), QString::fromStdString(event.why),
              QString::fromStdString(event.next)};
  Q_EMIT troubled();
}

void RunModel::on(const run::Finished& event) { end(event.stopped ? State::Stopped : State::Finished); }

void RunModel::on(const run::Failed& event) {
  problemNode_ = event.node;
  fail({QString::fromStdString(event.what), QString::fromStdString(event.why), QString::fromStdString(event.next)});
}

void RunModel::on(const run::EngineLost& event) {
  if (!isActive()) return retire();
  const QString kept = started_ && !lastValues_.empty() ? tr("The checkpoints of the finished epochs are kept.")
                                                        : tr("Nothing of your project was lost.");
  const QString detail = lastLine(event.detail);
  const QString what = QString::fromStdString(event.what);
  fail({killed_ ? tr("The engine was ended.") : tr("The engine has stopped working."),
        detail.isEmpty() ? what : what + ' ' + detail, kept + ' ' + tr("Start again; this window is not affected.")});
}

void RunModel::on(const run::Reply& event) {
  if (event.ok || event.id != trainCommand_) return;
  fail({QString::fromStdString(event.what), QString::fromStdString(event.why), QString::fromStdString(event.next)});
}

void RunModel::setState(State state) {
  if (state == state_) return;
  state_ = state;
  Q_EMIT stateChanged();
}

void RunModel::end(State state) {
  retire();
  setState(state);
  Q_EMIT ended();
}

void RunModel::fail(Message problem) {
  problem_ = std::move(problem);
  end(State::Failed);
}

// Ending an engine takes some 100 ms: not on this thread.
void RunModel::retire() {
  ++generation_;
  if (!client_) return;
  std::shared_ptr<run::EngineClient> last = std::move(client_);
  QThreadPool::globalInstance()->start([last]() mutable { last.reset(); });
}

void RunModel::forget() {
  started_.reset();
  progress_ = {};
  series_.clear();
  lastValues_.clear();
  previousValues_.clear();
  problem_ = {};
  problemNode_.clear();
  trainCommand_ = 0;
  killed_ = false;
}

}  // namespace netwright::bridge
