// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_model.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <mutex>
#include <utility>

#include "core/base/text.h"
#include "core/project/project.h"
#include "core/store/database.h"
#include "widgets/bridge/background.h"

namespace netwright::bridge {
namespace {

constexpr qint64 kGatherMs = 40;

// The last line that says something, of what the engine wrote to its error output.
QString lastLine(const std::string& text) {
  const QStringList lines = QString::fromStdString(text).split('\n', Qt::SkipEmptyParts);
  return lines.isEmpty() ? QString() : lines.last().trimmed();
}

// The points of a resumed run up to where it goes on.
std::vector<run::Point> pastOf(const std::filesystem::path& folder, const run::RunStarted& run) {
  store::Database database(project::databaseFile(folder));
  std::vector<run::Point> points;
  const auto found = database.findRun(std::to_string(run.run));
  if (!found) return points;
  for (const store::MetricSummary& m : found->metrics) {
    const store::Series series = database.series(found->id, m.key, m.context);
    for (size_t i = 0; i < series.size() && series.steps[i] <= run.resumedAt; ++i)
      points.push_back({m.key, m.context, series.steps[i], series.seconds[i], series.values[i]});
  }
  return points;
}

}  // namespace

// Events on their way from the thread that reads them.
class RunModel::Inbox {
 public:
  bool add(const run::Event& event) {  // true if nobody was told yet that there are some
    const std::scoped_lock lock(mutex_);
    events_.push_back(event);
    return std::exchange(told_, true) == false;
  }

  std::vector<run::Event> take() {
    const std::scoped_lock lock(mutex_);
    told_ = false;
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<run::Event> events_;
  bool told_ = false;
};

RunModel::RunModel(QObject* parent) : QObject(parent) {}

RunModel::~RunModel() {
  ++generation_;
  if (client_ && isActive() && !attached_) client_->send(run::Stop{});
  client_.reset();
}

bool RunModel::isActive() const {
  return state_ == State::Starting || state_ == State::Running || state_ == State::Paused || state_ == State::Stopping;
}

// False if there is no engine to talk to; that has been told then.
bool RunModel::open(const std::filesystem::path& folder,
                    const std::function<void(run::EngineClient::Listener)>& connect) {
  forget();
  folder_ = folder;
  const int generation = ++generation_;
  try {
    connect([alive = QPointer(this), generation, inbox = std::make_shared<Inbox>()](const run::Event& event) {
      if (!qApp || !inbox->add(event)) return;
      QMetaObject::invokeMethod(
          qApp,
          [alive, generation, inbox] {  // it may be gone meanwhile
            if (alive) alive->collect(generation, inbox);
          },
          Qt::QueuedConnection);
    });
    return true;
  } catch (const Error& e) {
    fail(messageOf(e));
    return false;
  }
}

// What comes fast is taken in bundles: the window lays out and draws once for all of it.
void RunModel::collect(int generation, const std::shared_ptr<Inbox>& inbox) {
  if (generation != generation_) return;
  if (collected_.isValid() && collected_.elapsed() < kGatherMs) {
    QTimer::singleShot(kGatherMs - collected_.elapsed(), this,
                       [this, generation, inbox] { collect(generation, inbox); });
    return;
  }
  collected_.start();
  for (const run::Event& event : inbox->take()) {
    if (generation != generation_) return;  // one of them put the engine away
    receive(event);
  }
}

void RunModel::launch(const std::filesystem::path& folder, run::CommandBody command) {
  if (!open(folder, [this](auto listener) { client_ = std::make_unique<run::EngineClient>(std::move(listener)); }))
    return;
  trainCommand_ = client_->send(std::move(command));
  setState(State::Starting);
}

void RunModel::start(const std::filesystem::path& folder, const std::string& runName,
                     const std::map<std::string, std::string>& overrides) {
  if (isActive()) return;
  launch(folder,
         run::Train{std::filesystem::absolute(folder).string(), runName, {overrides.begin(), overrides.end()}, true});
}

void RunModel::attachIfGoing(const std::filesystem::path& folder) {
  if (isActive()) return;
  inBackground(
      this, [folder] { return project::newestGoingRun(folder); },
      [this](const std::optional<project::GoingRun>& run) {
        if (run && !isActive()) attach(*run);
      },
      [](const Message&) {});  // a record that cannot be read is told by the table of runs
}

void RunModel::attach(const project::GoingRun& run) {
  const auto connect = [&](auto listener) {
    client_ = std::make_unique<run::EngineClient>(run.address.socket, std::move(listener));
  };
  if (!open(run.folder, connect)) return;
  attached_ = true;
  trainCommand_ = client_->send(run::Attach{});
  setState(State::Starting);
}

void RunModel::leave() {
  if (!isActive()) return;
  if (state_ == State::Paused) steer(run::Resume{});  // alone, it would be stopped
  retire();
  forget();
  setState(State::Idle);
}

// Whoever presses the button means it, whichever program steered before.
int64_t RunModel::steer(run::CommandBody command) {
  if (attached_) client_->send(run::TakeControl{});
  return client_->send(std::move(command));
}

void RunModel::pause() {
  if (state_ == State::Running) steer(run::Pause{});
}

void RunModel::resume() {
  if (state_ == State::Paused) steer(run::Resume{});
}

void RunModel::stop() {
  if (!isActive() || state_ == State::Stopping) return;
  steer(run::Stop{});
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
  if (const auto* reply = std::get_if<run::Reply>(&event.body); reply && reply->id != trainCommand_)
    return answer(*reply, event.tensors);
  if (early_) return early_->push_back(event);
  std::visit([this](const auto& body) { on(body); }, event.body);
}

void RunModel::on(const run::Snapshot& event) {
  if (event.run.run == 0) return;  // all of it is still to come
  begin(event.run);
  holdBack([event] { return project::historyOf(event); },
           [this, event] {
             on(event.progress);
             if (event.lastEpoch.epoch > 0) on(event.lastEpoch);
             on(run::StateChanged{event.state});
           });
}

void RunModel::on(const run::EngineSilent& event) { setSilence(event.seconds); }

void RunModel::setSilence(double seconds) {
  if (seconds == silence_) return;
  silence_ = seconds;
  Q_EMIT silenceChanged();
}

void RunModel::add(const std::vector<run::Point>& points) {
  for (const run::Point& p : points) {
    RunSeries& s = series_[{QString::fromStdString(p.key), QString::fromStdString(p.context)}];
    s.steps.push_back(static_cast<double>(p.step));
    s.values.push_back(p.value);
  }
  if (!points.empty()) Q_EMIT pointsAdded(points);
}

void RunModel::begin(const run::RunStarted& event) {
  started_ = event;
  if (watches_) client_->send(run::WatchNodes{true});
  Q_EMIT runStarted(event);
}

// A run that goes on has a past: its points stand in the record.
void RunModel::on(const run::RunStarted& event) {
  begin(event);
  if (event.resumedAt > 0) holdBack([event, folder = folder_] { return pastOf(folder, event); }, [] {});
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
  add(event.points);
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
  lost_ = true;
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

// An engine without a run ends by itself, and one whose run is kept goes on. The last bytes to it may take a moment:
// not on this thread.
void RunModel::retire() {
  ++generation_;
  early_.reset();
  setSilence(0);
  if (!client_) return;
  client_->letGo();
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
  validation_.reset();
  if (std::exchange(nodes_, std::nullopt)) Q_EMIT nodeStatisticsChanged();
  questions_.clear();
  wishes_.clear();
  trainCommand_ = 0;
  killed_ = attached_ = lost_ = false;
}

}  // namespace netwright::bridge
