// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of a chart's legend: a piece of the line, the name, the current value. Clicking hides and shows the curve.
#pragma once

#include <QAbstractButton>

#include "widgets/charts/curve.h"

namespace netwright::charts {

class LegendChip : public QAbstractButton {
  Q_OBJECT

 public:
  explicit LegendChip(const SeriesStyle& style, QWidget* parent = nullptr);

  void setValue(const QString& value);
  QString value() const { return value_; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {40, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  SeriesStyle style_;
  QString value_;
};

}  // namespace netwright::charts
