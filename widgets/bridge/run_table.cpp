// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/run_table.h"

#include <QDateTime>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <limits>

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

// What the table shows and filters by; parameters of a run never change.
bool looksSame(const store::RunFacts& a, const store::RunFacts& b) {
  const store::RunSummary &x = a.summary, &y = b.summary;
  const bool active = y.status == store::RunStatus::Running || y.status == store::RunStatus::Paused;
  return !active && x.status == y.status && x.endMs == y.endMs && x.steps == y.steps && x.epochs == y.epochs &&
         x.errorText == y.errorText && x.metrics.size() == y.metrics.size() && a.bytes == b.bytes && a.tags == b.tags &&
         a.notes == b.notes;
}

}  // namespace

QString tagsText(const store::RunFacts& run) {
  QStringList words;
  for (const auto& [key, value] : run.tags) words << QString::fromStdString(value.empty() ? key : key + "=" + value);
  return words.join(QStringLiteral(" · "));
}

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
  which_ = store::Database::Which::Kept;
  clear();
  endResetModel();
}

void RunTable::setTrash(bool trash) {
  if (trash == showsTrash()) return;
  beginResetModel();
  which_ = trash ? store::Database::Which::Trashed : store::Database::Which::Kept;
  clear();
  endResetModel();
  refresh();
}

void RunTable::clear() {
  ++generation_;
  loaded_ = refreshing_ = again_ = loadingCurves_ = false;
  runs_.clear();
  curves_.clear();
  wanted_.clear();
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
      [file = project::databaseFile(folder_), which = which_] {
        store::Database(file).markLostRuns();
        return store::runFacts(file, which);
      },
      [this, after](std::vector<store::RunFacts> runs) {
        if (!after()) return;
        accept(std::move(runs));
        Q_EMIT refreshed();
      },
      [this, after](const Message& problem) {
        if (after()) Q_EMIT failed(problem);
      });
}

// Runs are mostly added at the end: selections and the place in the list survive a refresh. Only rows that differ are
// told, else ten thousand would be sorted again every two seconds.
void RunTable::accept(std::vector<store::RunFacts> runs) {
  const bool grown = runs.size() >= runs_.size() &&
                     std::equal(runs_.begin(), runs_.end(), runs.begin(),
                                [](const auto& a, const auto& b) { return a.summary.id == b.summary.id; });
  if (!grown) {
    beginResetModel();
    runs_ = std::move(runs);
    endResetModel();
    return;
  }
  const int before = static_cast<int>(runs_.size()), after = static_cast<int>(runs.size());
  std::vector<int> changed;
  for (int row = 0; row < before; ++row)
    if (!looksSame(runs_[static_cast<size_t>(row)], runs[static_cast<size_t>(row)])) changed.push_back(row);
  if (after > before) beginInsertRows({}, before, after - 1);
  runs_ = std::move(runs);
  if (after > before) endInsertRows();
  for (const int row : changed) Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
}

const store::RunFacts* RunTable::facts(int row) const {
  return row >= 0 && row < static_cast<int>(runs_.size()) ? &runs_[static_cast<size_t>(row)] : nullptr;
}

const store::RunFacts* RunTable::findFacts(store::RunId id) const {
  const auto found =
      std::lower_bound(runs_.begin(), runs_.end(), id,
                       [](const store::RunFacts& r, store::RunId wanted) { return r.summary.id < wanted; });
  return found == runs_.end() || found->summary.id != id ? nullptr : &*found;
}

const store::RunSummary* RunTable::run(int row) const {
  const store::RunFacts* found = facts(row);
  return found ? &found->summary : nullptr;
}

const store::RunSummary* RunTable::find(store::RunId id) const {
  const store::RunFacts* found = findFacts(id);
  return found ? &found->summary : nullptr;
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
      return index.column() == Tags ? tagsText(*facts(index.row())) : text(*r, index.column());
    case Qt::ToolTipRole:
      if (index.column() == Tags) return QString::fromStdString(facts(index.row())->notes);
      if (index.column() == Started) return QLocale().toString(QDateTime::fromMSecsSinceEpoch(r->startMs));
      return r->errorText.empty() ? QVariant() : QVariant(QString::fromStdString(r->errorText));
    case Qt::TextAlignmentRole:
      return QVariant(index.column() >= Duration && index.column() <= Loss ? Qt::AlignRight | Qt::AlignVCenter
                                                                           : Qt::AlignLeft | Qt::AlignVCenter);
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
  const QStringList titles{tr("Run"),         tr("Status"),    tr("Started"), tr("Duration"),  tr("Epochs"),
                           tr("Best result"), tr("Last loss"), tr("Tags"),    tr("Loss curve")};
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

// Missing values sort below all others, equal ones by age.
bool RunTable::isLess(int column, int left, int right) const {
  const store::RunFacts &a = *facts(left), &b = *facts(right);
  if (column == Name || column == Tags) {
    const auto words = [column](const store::RunFacts& r) {
      return column == Name ? QString::fromStdString(r.summary.name) : tagsText(r);
    };
    const int order = words(a).localeAwareCompare(words(b));
    return order != 0 ? order < 0 : left < right;
  }
  const double x = sortValue(a.summary, column), y = sortValue(b.summary, column);
  if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && !std::isnan(y);
  return x != y ? x < y : left < right;
}

double RunTable::sortValue(const store::RunSummary& run, int column) const {
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  const store::MetricSummary* result = run.result();
  const store::MetricSummary* loss = lossOf(run);
  switch (column) {
    case Status:
      return static_cast<double>(run.status);
    case Started:
      return static_cast<double>(run.startMs);
    case Duration:
      return seconds(run);
    case Epochs:
      return static_cast<double>(run.epochs);
    case Accuracy:
      return result && result->best() ? result->best()->value : kNone;
    default:
      return loss ? loss->last : kNone;
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
