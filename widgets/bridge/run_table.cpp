// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_table.h"

#include <QDateTime>
#include <QTimer>
#include <algorithm>

#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"

namespace netwright::bridge {
namespace {

constexpr size_t kCurvePoints = 160;  // a cell is not wider

// Means of equal parts: what a cell can show of a long series.
QVector<double> condensed(const std::vector<double>& values) {
  QVector<double> out;
  const size_t parts = std::min(values.size(), kCurvePoints);
  for (size_t i = 0; i < parts; ++i) {
    const size_t from = i * values.size() / parts, to = (i + 1) * values.size() / parts;
    double sum = 0;
    for (size_t k = from; k < to; ++k) sum += values[k];
    out.append(sum / static_cast<double>(to - from));
  }
  return out;
}

int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

double seconds(const store::RunSummary& run) {
  const bool active = run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
  if (!run.endMs && !active) return -1;
  return static_cast<double>(run.endMs.value_or(nowMs()) - run.startMs) / 1000;
}

// What a run is judged by: its accuracy on the validation samples, else the first other metric on them.
QString resultText(const store::MetricSummary& result) {
  const QString key = QString::fromStdString(result.key), value = metricText(key, result.best()->value);
  return key == "accuracy" ? value : QString("%1 %2").arg(metricName(key), value);
}

const store::MetricSummary* lossOf(const store::RunSummary& run) {
  const store::MetricSummary* loss = run.metric("loss", "val");
  return loss ? loss : run.metric("loss", "train");
}

}  // namespace

QString statusText(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::Running:
      return RunTable::tr("Running");
    case store::RunStatus::Paused:
      return RunTable::tr("Paused");
    case store::RunStatus::Finished:
      return RunTable::tr("Finished");
    case store::RunStatus::Failed:
      return RunTable::tr("Failed");
    case store::RunStatus::Killed:
      return RunTable::tr("Stopped");
    case store::RunStatus::Lost:
      return RunTable::tr("Lost");
  }
  return {};
}

QString statusIcon(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::Running:
      return "play";
    case store::RunStatus::Paused:
      return "pause";
    case store::RunStatus::Finished:
      return "check";
    case store::RunStatus::Failed:
      return "error";
    case store::RunStatus::Killed:
      return "stop";
    case store::RunStatus::Lost:
      return "warning";
  }
  return "dot";
}

RunTable::RunTable(QObject* parent) : QAbstractTableModel(parent) {}

void RunTable::setProject(const std::filesystem::path& folder) {
  beginResetModel();
  folder_ = folder;
  ++generation_;
  loaded_ = refreshing_ = again_ = loadingCurves_ = false;
  runs_.clear();
  curves_.clear();
  wanted_.clear();
  endResetModel();
}

void RunTable::refresh() {
  if (folder_.empty()) return;
  if (refreshing_) {
    again_ = true;
    return;
  }
  refreshing_ = true;
  const int generation = generation_;
  const auto after = [this, generation] {
    if (generation != generation_) return false;
    refreshing_ = false;
    loaded_ = true;
    if (std::exchange(again_, false)) refresh();
    return true;
  };
  inBackground(
      this,
      [file = project::databaseFile(folder_)] {
        store::Database database(file);
        database.markLostRuns();
        return database.runs();
      },
      [this, after](std::vector<store::RunSummary> runs) {
        if (!after()) return;
        accept(std::move(runs));
        Q_EMIT refreshed();
      },
      [this, after](const Message& problem) {
        if (after()) Q_EMIT failed(problem);
      });
}

// Runs are only ever added at the end: selections and the place in the list survive a refresh.
void RunTable::accept(std::vector<store::RunSummary> runs) {
  const bool grown =
      runs.size() >= runs_.size() &&
      std::equal(runs_.begin(), runs_.end(), runs.begin(), [](const auto& a, const auto& b) { return a.id == b.id; });
  if (!grown) {
    beginResetModel();
    runs_ = std::move(runs);
    endResetModel();
    return;
  }
  const int before = static_cast<int>(runs_.size()), after = static_cast<int>(runs.size());
  if (after > before) beginInsertRows({}, before, after - 1);
  runs_ = std::move(runs);
  if (after > before) endInsertRows();
  if (before > 0) Q_EMIT dataChanged(index(0, 0), index(before - 1, kColumns - 1));
}

const store::RunSummary* RunTable::run(int row) const {
  return row >= 0 && row < static_cast<int>(runs_.size()) ? &runs_[static_cast<size_t>(row)] : nullptr;
}

const store::RunSummary* RunTable::find(store::RunId id) const {
  const auto found = std::find_if(runs_.begin(), runs_.end(), [&](const auto& r) { return r.id == id; });
  return found == runs_.end() ? nullptr : &*found;
}

int RunTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunTable::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant RunTable::data(const QModelIndex& index, int role) const {
  const store::RunSummary* r = run(index.row());
  if (!r) return {};
  switch (role) {
    case Qt::DisplayRole:
      return text(*r, index.column());
    case Qt::ToolTipRole:
      if (index.column() == Started) return QLocale().toString(QDateTime::fromMSecsSinceEpoch(r->startMs));
      return r->errorText.empty() ? QVariant() : QVariant(QString::fromStdString(r->errorText));
    case Qt::TextAlignmentRole:
      return QVariant(index.column() >= Duration && index.column() <= Loss ? Qt::AlignRight | Qt::AlignVCenter
                                                                           : Qt::AlignLeft | Qt::AlignVCenter);
    case SortRole:
      return sortValue(*r, index.column());
    case CurveRole:
      return QVariant::fromValue(curve(*r));
    case ColourRole:
      return static_cast<int>(r->id.value - 1);
    case StatusRole:
      return static_cast<int>(r->status);
    default:
      return {};
  }
}

QVariant RunTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section >= Duration && section <= Loss)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const QStringList titles{tr("Run"),    tr("Status"),      tr("Started"),   tr("Duration"),
                           tr("Epochs"), tr("Best result"), tr("Last loss"), tr("Loss curve")};
  return titles.value(section);
}

QString RunTable::text(const store::RunSummary& run, int column) const {
  const store::MetricSummary* result = run.result();
  const store::MetricSummary* loss = lossOf(run);
  const double duration = seconds(run);
  switch (column) {
    case Name:
      return QString::fromStdString(run.name);
    case Status:
      return statusText(run.status);
    case Started:
      return whenText(run.startMs, nowMs());
    case Duration:
      return duration < 0 ? QStringLiteral("–") : durationText(duration);
    case Epochs:
      return QString::number(run.epochs);
    case Accuracy:
      return result && result->best() ? resultText(*result) : QStringLiteral("–");
    case Loss:
      return loss ? metricText("loss", loss->last) : QStringLiteral("–");
    default:
      return {};
  }
}

// Missing values sort below all others.
QVariant RunTable::sortValue(const store::RunSummary& run, int column) const {
  const store::MetricSummary* result = run.result();
  const store::MetricSummary* loss = lossOf(run);
  switch (column) {
    case Name:
      return QString::fromStdString(run.name);
    case Status:
      return static_cast<int>(run.status);
    case Started:
      return static_cast<qlonglong>(run.startMs);
    case Duration:
      return seconds(run);
    case Epochs:
      return static_cast<qlonglong>(run.epochs);
    case Accuracy:
      return result && result->best() ? result->best()->value : -1.0;
    default:
      return loss ? loss->last : -1.0;
  }
}

QVector<double> RunTable::curve(const store::RunSummary& run) const {
  const store::MetricSummary* loss = run.metric("loss", "train");
  if (!loss) return {};
  CachedCurve& cached = curves_[run.id.value];
  if (cached.points != loss->count && !wanted_.contains(run.id.value)) {
    wanted_.insert(run.id.value);
    if (wanted_.size() == 1 && !loadingCurves_)
      QTimer::singleShot(0, const_cast<RunTable*>(this), &RunTable::loadCurves);
  }
  return cached.values;
}

void RunTable::loadCurves() {
  if (loadingCurves_ || wanted_.isEmpty()) return;
  loadingCurves_ = true;
  const int generation = generation_;
  const QSet<qint64> ids = std::exchange(wanted_, {});
  inBackground(
      this,
      [ids, file = project::databaseFile(folder_)] {
        store::Database database(file);
        QHash<qint64, CachedCurve> found;
        for (const qint64 id : ids) {
          const store::Series s = database.series(store::RunId{id}, "loss", "train");
          found.insert(id, {static_cast<int64_t>(s.size()), condensed(s.values)});
        }
        return found;
      },
      [this, generation](const QHash<qint64, CachedCurve>& found) {
        if (generation != generation_) return;
        loadingCurves_ = false;
        for (auto it = found.begin(); it != found.end(); ++it) {
          const store::RunSummary* r = find({it.key()});
          const store::MetricSummary* loss = r ? r->metric("loss", "train") : nullptr;
          // A run that goes on has more points already: that is asked for again with the next refresh.
          curves_[it.key()] = {loss ? loss->count : it->points, it->values};
        }
        if (!runs_.empty())
          Q_EMIT dataChanged(index(0, Curve), index(rowCount() - 1, Curve), {CurveRole, Qt::DisplayRole});
        loadCurves();
      },
      [this, generation](const Message&) {
        if (generation == generation_) loadingCurves_ = false;
      });
}

}  // namespace netwright::bridge
