// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_view.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/charts/sparkline.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

using bridge::RunTable;
constexpr int kRow = 34;

theme::IconRole roleOf(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::Running:
      return theme::IconRole::Accent;
    case store::RunStatus::Finished:
      return theme::IconRole::Success;
    case store::RunStatus::Failed:
      return theme::IconRole::Error;
    case store::RunStatus::Lost:
    case store::RunStatus::Paused:
      return theme::IconRole::Warning;
    case store::RunStatus::Killed:
      return theme::IconRole::Muted;
  }
  return theme::IconRole::Muted;
}

class RunDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus;  // rows are selected, not cells
    if (index.column() >= RunTable::Duration && index.column() <= RunTable::Loss)
      option->font = theme::font(theme::TextStyle::Figures);
    if (index.column() == RunTable::Name || index.column() == RunTable::Status) {
      option->features |= QStyleOptionViewItem::HasDecoration;
      option->decorationSize = {theme::kIconSize, theme::kIconSize};
    }
    if (index.column() == RunTable::Status) {
      const auto status = static_cast<store::RunStatus>(index.data(RunTable::StatusRole).toInt());
      option->icon = theme::icon(bridge::statusIcon(status), roleOf(status));
    }
    if (index.column() == RunTable::Name) option->icon = dot(index.data(RunTable::ColourRole).toInt());
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != RunTable::Curve) return;
    const auto curve = index.data(RunTable::CurveRole).value<QVector<double>>();
    if (curve.size() < 2) return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    charts::paintSparkline(*painter, QRectF(option.rect).adjusted(8, 7, -12, -7),
                           {curve.constData(), size_t(curve.size())},
                           theme::palette().seriesColour(index.data(RunTable::ColourRole).toInt()));
    painter->restore();
  }

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return {QStyledItemDelegate::sizeHint(option, index).width(), kRow};
  }

 private:
  static QIcon dot(int colour) {
    QPixmap pixmap(theme::kIconSize * 2, theme::kIconSize * 2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::palette().seriesColour(colour));
    painter.drawEllipse(QRectF(6, 6, 20, 20));
    return QIcon(pixmap);
  }
};

}  // namespace

RunsFilter::RunsFilter(RunTable* table) : QSortFilterProxyModel(table), table_(table) {
  setSourceModel(table);
  setDynamicSortFilter(true);
}

void RunsFilter::setFilter(store::RunFilter filter) {
  runs_ = std::move(filter);
  invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  const store::RunFacts* run = table_->facts(row);
  return run && runs_.matches(*run);
}

bool RunsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  return table_->isLess(left.column(), left.row(), right.row());
}

RunsView::RunsView(RunTable* table) : table_(table), filter_(new RunsFilter(table)) {
  setModel(filter_);
  setItemDelegate(new RunDelegate(this));
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setShowGrid(false);
  setWordWrap(false);
  setSortingEnabled(true);
  sortByColumn(RunTable::Started, Qt::DescendingOrder);
  setTabKeyNavigation(false);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(kRow);
  QHeaderView& header = *horizontalHeader();
  header.setObjectName("runs-header");
  header.setHighlightSections(false);
  header.setStretchLastSection(true);
  header.setSectionResizeMode(RunTable::Name, QHeaderView::Stretch);
  header.setMinimumSectionSize(60);
  const std::array widths{190, 104, 126, 84, 70, 118, 90, 120, 150};
  for (int i = 0; i < RunTable::kColumns; ++i) setColumnWidth(i, widths[static_cast<size_t>(i)]);
  setObjectName("runs-table");
  setContextMenuPolicy(Qt::ActionsContextMenu);
  setAccessibleName(tr("Runs"));
}

QVector<store::RunId> RunsView::selectedRuns() const {
  QVector<store::RunId> ids;
  QModelIndexList rows = selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) { return a.row() < b.row(); });
  for (const QModelIndex& index : rows)
    if (const store::RunSummary* run = table_->run(filter_->mapToSource(index).row())) ids.append(run->id);
  return ids;
}

void RunsView::selectRun(store::RunId id) {
  for (int row = 0; row < filter_->rowCount(); ++row) {
    const store::RunSummary* run = table_->run(filter_->mapToSource(filter_->index(row, 0)).row());
    if (!run || run->id != id) continue;
    // Not selectRow(): with Ctrl held it takes a selected row out.
    selectionModel()->setCurrentIndex(filter_->index(row, 0),
                                      QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(filter_->index(row, 0));
    return;
  }
}

void RunsView::selectNewest() {
  if (const store::RunSummary* newest = table_->run(table_->rowCount() - 1)) selectRun(newest->id);
}

void RunsView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
  QTableView::selectionChanged(selected, deselected);
  Q_EMIT selectionChangedTo(selectedRuns());
}

}  // namespace netwright::panels
