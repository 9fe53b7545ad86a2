// SPDX-License-Identifier: GPL-3.0-or-later
// How often each class was taken for which: a table of counts with shades, rows are the truth.
#pragma once

#include <QStringList>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

namespace netwright::charts {

// Arrow keys move the marked cell; its meaning is told in words below the table and as a tool tip under the mouse.
class ConfusionMatrix : public QWidget {
  Q_OBJECT

 public:
  explicit ConfusionMatrix(QWidget* parent = nullptr);
  // counts: classes x classes, row by row. Empty: `emptyText` is shown.
  void display(const QStringList& classes, const std::vector<int64_t>& counts);
  void setEmptyText(const QString& text);

  int classCount() const { return static_cast<int>(classes_.size()); }
  int64_t count(int truth, int predicted) const;
  QString sentence(int truth, int predicted) const;  // "4 was taken for 9 in 12 of 982 samples (1.2 %)."
  QString csv() const;
  QRectF cell(int truth, int predicted) const;
  std::optional<QPoint> marked() const { return marked_; }  // x: predicted, y: truth

  QSize minimumSizeHint() const override { return {220, 200}; }
  QSize sizeHint() const override { return {420, 420}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  QRectF table() const;
  int64_t rowSum(int truth) const;
  std::optional<QPoint> cellAt(const QPointF& at) const;
  void mark(std::optional<QPoint> cell);
  void paintCells(QPainter& painter, const QRectF& table) const;
  void paintNames(QPainter& painter, const QRectF& table) const;
  void measureNames();
  QRectF cellIn(const QRectF& table, int truth, int predicted) const;

  QStringList classes_;
  std::vector<int64_t> counts_;
  QString emptyText_;
  std::optional<QPoint> marked_;
  int nameWidth_ = 0;
};

}  // namespace netwright::charts
