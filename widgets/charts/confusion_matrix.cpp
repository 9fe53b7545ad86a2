// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/confusion_matrix.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "widgets/charts/chart_paint.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::charts {
namespace {

constexpr double kGap = 8, kFoot = 24, kMostCell = 64, kMostWide = 1.9;
constexpr int kMostName = 120;

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto part = [share](int x, int y) { return qRound(x + (y - x) * share); };
  return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Confusion matrix"));
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
}

void ConfusionMatrix::display(const QStringList& classes, const std::vector<int64_t>& counts) {
  const bool fits = !classes.isEmpty() && counts.size() == static_cast<size_t>(classes.size() * classes.size());
  if (!fits || classes.size() != classes_.size()) marked_.reset();
  classes_ = fits ? classes : QStringList();
  counts_ = fits ? counts : std::vector<int64_t>();
  measureNames();
  mark(marked_);
}

void ConfusionMatrix::setEmptyText(const QString& text) {
  emptyText_ = text;
  update();
}

int64_t ConfusionMatrix::count(int truth, int predicted) const {
  return counts_[static_cast<size_t>(truth * classCount() + predicted)];
}

int64_t ConfusionMatrix::rowSum(int truth) const {
  int64_t sum = 0;
  for (int i = 0; i < classCount(); ++i) sum += count(truth, i);
  return sum;
}

QString ConfusionMatrix::sentence(int truth, int predicted) const {
  const int64_t n = count(truth, predicted), all = rowSum(truth);
  if (all == 0) return tr("No sample is %1.").arg(classes_[truth]);
  const QString share = QString::number(100.0 * static_cast<double>(n) / static_cast<double>(all), 'f', 1);
  const QString some = QString::number(n), whole = QString::number(all);  // all at once: names may hold a %
  return truth == predicted
             ? tr("%1 was recognised in %2 of %3 samples (%4 %).").arg(classes_[truth], some, whole, share)
             : tr("%1 was taken for %5 in %2 of %3 samples (%4 %).")
                   .arg(classes_[truth], some, whole, share, classes_[predicted]);
}

QString ConfusionMatrix::csv() const {
  QString text = tr("truth \\ predicted") + ',' + classes_.join(',') + '\n';
  for (int i = 0; i < classCount(); ++i) {
    QStringList row{classes_[i]};
    for (int j = 0; j < classCount(); ++j) row << QString::number(count(i, j));
    text += row.join(',') + '\n';
  }
  return text;
}

// Measured once: there may be many.
void ConfusionMatrix::measureNames() {
  const QFontMetrics metrics(theme::font(theme::TextStyle::Small));
  nameWidth_ = 0;
  for (const QString& name : classes_) nameWidth_ = std::max(nameWidth_, metrics.horizontalAdvance(name));
}

// Beside the names of the rows, with names above the columns and a sentence below.
QRectF ConfusionMatrix::table() const {
  const QFontMetrics metrics(theme::font(theme::TextStyle::Small));
  const double line = metrics.height(), left = std::min(nameWidth_, kMostName) + 2 * kGap + line,
               top = 2 * line + 2 * kGap;
  const double tall = std::min(height() - top - kFoot, kMostCell * classCount());
  const double wide = std::min({width() - left - kGap, tall * kMostWide, kMostCell * classCount()});
  if (tall < 40 || wide < 40) return {};
  return {left + std::max(0.0, (width() - left - kGap - wide) / 2), top, wide, tall};
}

QRectF ConfusionMatrix::cell(int truth, int predicted) const { return cellIn(table(), truth, predicted); }

QRectF ConfusionMatrix::cellIn(const QRectF& all, int truth, int predicted) const {
  const double wide = all.width() / std::max(1, classCount()), tall = all.height() / std::max(1, classCount());
  return {all.left() + predicted * wide, all.top() + truth * tall, wide, tall};
}

std::optional<QPoint> ConfusionMatrix::cellAt(const QPointF& at) const {
  const QRectF all = table();
  if (classes_.isEmpty() || !all.contains(at)) return std::nullopt;
  const int n = classCount();
  return QPoint(std::min(n - 1, static_cast<int>((at.x() - all.left()) / all.width() * n)),
                std::min(n - 1, static_cast<int>((at.y() - all.top()) / all.height() * n)));
}

void ConfusionMatrix::mark(std::optional<QPoint> cell) {
  marked_ = cell;
  setAccessibleDescription(cell ? sentence(cell->y(), cell->x()) : QString());
  update();
}

void ConfusionMatrix::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (classes_.isEmpty()) return paintEmpty(painter, rect(), emptyText_);
  const QRectF all = table();
  if (all.isEmpty()) return;
  paintCells(painter, all);
  paintNames(painter, all);
  const theme::Palette& p = theme::palette();
  painter.setPen(p.muted);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.drawText(QRectF(0, all.bottom() + 4, width(), kFoot - 4), Qt::AlignCenter,
                   marked_ ? sentence(marked_->y(), marked_->x()) : tr("Point at a cell to read it."));
}

// The shade is the share of the row: right ones in one colour, wrong ones in another, so small ones are seen, too.
void ConfusionMatrix::paintCells(QPainter& painter, const QRectF& table) const {
  const theme::Palette& p = theme::palette();
  const QSizeF size = table.size() / classCount();
  painter.setFont(theme::font(theme::TextStyle::Small));
  const QFontMetricsF metrics(painter.font());
  for (int i = 0; i < classCount(); ++i) {
    const double all = static_cast<double>(std::max<int64_t>(1, rowSum(i)));
    for (int j = 0; j < classCount(); ++j) {
      const int64_t n = count(i, j);
      const double share = std::sqrt(static_cast<double>(n) / all);
      const QColor fill = n == 0 ? p.field
                                 : mixed(p.field, i == j ? p.seriesColour(0) : p.seriesColour(1),
                                         0.12 + 0.88 * (i == j ? share * share : share));
      const QRectF box = cellIn(table, i, j).adjusted(0.5, 0.5, -0.5, -0.5);
      painter.fillRect(box, fill);
      const QString text = QString::number(n);
      if (n == 0 || metrics.horizontalAdvance(text) > size.width() - 3 || metrics.height() > size.height()) continue;
      const QColor light("#ffffff"), dark("#15161a");
      painter.setPen(theme::contrast(fill, light) > theme::contrast(fill, dark) ? light : dark);
      painter.drawText(box, Qt::AlignCenter, text);
    }
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(p.border, 1));
  painter.drawRect(table);
  if (!marked_) return;
  painter.setPen(QPen(hasFocus() ? p.focus : p.text, 2));
  painter.drawRect(cell(marked_->y(), marked_->x()).adjusted(1, 1, -1, -1));
}

void ConfusionMatrix::paintNames(QPainter& painter, const QRectF& table) const {
  const theme::Palette& p = theme::palette();
  const QFontMetricsF metrics(painter.font());
  const double size = table.width() / classCount(), tall = table.height() / classCount(), line = metrics.height();
  painter.setPen(p.text);
  const int every = std::max(1, static_cast<int>(std::ceil(line / tall)));
  const double widest = nameWidth_;
  for (int i = 0; i < classCount(); i += every) {
    const QRectF row(table.left() - kGap - kMostName, table.top() + i * tall, kMostName, tall);
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(classes_[i], Qt::ElideRight, kMostName));
    const QRectF column(table.left() + i * size, table.top() - kGap / 2 - line, size * every, line);
    if (widest <= size * every)
      painter.drawText(column.adjusted(0, 0, -size * (every - 1), 0), Qt::AlignCenter, classes_[i]);
    else
      painter.drawText(column.adjusted(0, 0, -size * (every - 1), 0), Qt::AlignCenter,
                       metrics.elidedText(classes_[i], Qt::ElideRight, size * every - 2));
  }
  painter.setPen(p.muted);
  painter.drawText(QRectF(table.left(), 0, table.width(), line), Qt::AlignCenter, tr("Predicted"));
  painter.save();
  painter.translate(table.left() - 2 * kGap - std::min(nameWidth_, kMostName) - line / 2, table.center().y());
  painter.rotate(-90);
  painter.drawText(QRectF(-table.height() / 2, -line / 2, table.height(), line), Qt::AlignCenter, tr("Truth"));
  painter.restore();
}

void ConfusionMatrix::mouseMoveEvent(QMouseEvent* event) {
  const auto at = cellAt(event->position());
  if (at == marked_) return;
  mark(at);
  if (at)
    QToolTip::showText(event->globalPosition().toPoint(), sentence(at->y(), at->x()), this);
  else
    QToolTip::hideText();
}

void ConfusionMatrix::mousePressEvent(QMouseEvent* event) {
  setFocus();
  mark(cellAt(event->position()));
}

void ConfusionMatrix::leaveEvent(QEvent*) {
  if (!hasFocus()) mark(std::nullopt);
}

void ConfusionMatrix::keyPressEvent(QKeyEvent* event) {
  const QPoint step = event->key() == Qt::Key_Left    ? QPoint(-1, 0)
                      : event->key() == Qt::Key_Right ? QPoint(1, 0)
                      : event->key() == Qt::Key_Up    ? QPoint(0, -1)
                      : event->key() == Qt::Key_Down  ? QPoint(0, 1)
                                                      : QPoint();
  if (step.isNull() || classes_.isEmpty()) return QWidget::keyPressEvent(event);
  const QPoint now = marked_.value_or(QPoint()) + (marked_ ? step : QPoint());
  mark(QPoint(std::clamp(now.x(), 0, classCount() - 1), std::clamp(now.y(), 0, classCount() - 1)));
}

void ConfusionMatrix::contextMenuEvent(QContextMenuEvent* event) {
  if (classes_.isEmpty()) return;
  QMenu menu(this);
  menu.addAction(theme::icon("copy"), tr("Copy as CSV"), this, [this] { QApplication::clipboard()->setText(csv()); });
  menu.exec(event->globalPos());
}

}  // namespace netwright::charts
