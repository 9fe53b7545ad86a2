// SPDX-License-Identifier: GPL-3.0-or-later
// Predicted numbers against true ones: what is right lies on the diagonal.
#pragma once

#include <QWidget>
#include <vector>

#include "widgets/charts/chart_paint.h"

namespace netwright::charts {

class ScatterPlot : public QWidget {
  Q_OBJECT

 public:
  explicit ScatterPlot(QWidget* parent = nullptr);
  void display(std::vector<double> truths,
               std::vector<double> predictions);  // equally many; those not finite are left out
  void setEmptyText(const QString& text);
  size_t pointCount() const { return truths_.size(); }
  Window window() const;  // the same span on both axes

  QSize minimumSizeHint() const override { return {220, 200}; }
  QSize sizeHint() const override { return {420, 420}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  Frame frame() const;
  std::vector<double> truths_, predictions_;
  QString emptyText_;
};

}  // namespace netwright::charts
