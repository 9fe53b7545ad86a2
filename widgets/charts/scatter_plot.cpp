// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/scatter_plot.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/theme/theme.h"

namespace netwright::charts {
namespace {

constexpr double kReach = 12;  // pixels from the mouse to the point that is read

}  // namespace

ScatterPlot::ScatterPlot(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setAccessibleName(tr("Predicted against true numbers"));
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
}

void ScatterPlot::display(std::vector<double> truths, std::vector<double> predictions) {
  truths_.clear();
  predictions_.clear();
  for (size_t i = 0; i < std::min(truths.size(), predictions.size()); ++i) {
    if (!std::isfinite(truths[i]) || !std::isfinite(predictions[i])) continue;
    truths_.push_back(truths[i]);
    predictions_.push_back(predictions[i]);
  }
  update();
}

void ScatterPlot::setEmptyText(const QString& text) {
  emptyText_ = text;
  update();
}

Window ScatterPlot::window() const {
  if (truths_.empty()) return {};
  const auto [t0, t1] = std::minmax_element(truths_.begin(), truths_.end());
  const auto [p0, p1] = std::minmax_element(predictions_.begin(), predictions_.end());
  double low = std::min(*t0, *p0), high = std::max(*t1, *p1);
  const double margin = high > low ? (high - low) * 0.05 : std::max(1.0, std::abs(high) * 0.1);
  low -= margin;
  high += margin;
  return {low, high, low, high};
}

// A square, so that the diagonal is one.
Frame ScatterPlot::frame() const {
  const double side = std::min(width(), height());
  const QRectF box((width() - side) / 2, (height() - side) / 2, side, side);
  return layoutFrame(box.adjusted(4, 4, -12, -4), window(), false, tr("true"), tr("predicted"));
}

void ScatterPlot::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (truths_.empty()) return paintEmpty(painter, rect(), emptyText_);
  const theme::Palette& p = theme::palette();
  const Frame f = frame();
  paintFrame(painter, f);
  painter.setClipRect(f.plot);
  painter.setPen(QPen(p.muted, 1, Qt::DashLine));
  painter.drawLine(f.plot.bottomLeft(), f.plot.topRight());
  QColor ink = p.seriesColour(0);
  ink.setAlphaF(0.55F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ink);
  for (size_t i = 0; i < truths_.size(); ++i)
    painter.drawEllipse(QPointF(f.toX(truths_[i]), f.toY(predictions_[i])), 2.6, 2.6);
}

void ScatterPlot::mouseMoveEvent(QMouseEvent* event) {
  if (truths_.empty()) return;
  const Frame f = frame();
  double nearest = kReach;
  size_t at = truths_.size();
  for (size_t i = 0; i < truths_.size(); ++i) {
    const double d =
        std::hypot(f.toX(truths_[i]) - event->position().x(), f.toY(predictions_[i]) - event->position().y());
    if (d < nearest) nearest = d, at = i;
  }
  if (at == truths_.size()) return QToolTip::hideText();
  QToolTip::showText(event->globalPosition().toPoint(),
                     tr("true %1, predicted %2").arg(truths_[at], 0, 'g', 5).arg(predictions_[at], 0, 'g', 5), this);
}

}  // namespace netwright::charts
