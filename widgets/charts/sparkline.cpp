// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/charts/series_pyramid.h"

namespace netwright::charts {

void paintSparkline(QPainter& painter, const QRectF& rect, std::span<const double> y, const QColor& colour) {
  SeriesPyramid series;
  for (size_t i = 0; i < y.size(); ++i) series.append(static_cast<double>(i), y[i]);
  const double last = std::max(1.0, static_cast<double>(y.size()) - 1);
  const Range range = series.yRange(0, last);
  if (range.empty()) return;
  const QRectF inner = rect.adjusted(2, 3, -4, -3);
  const double height = range.max - range.min;
  const auto place = [&](const Point& point) {
    const double up = height > 0 ? (point.y - range.min) / height : 0.5;
    return QPointF(inner.left() + point.x / last * inner.width(), inner.bottom() - up * inner.height());
  };
  QPainterPath path;
  bool open = false;
  QPointF end;
  for (const Point& point : series.decimate(0, last, std::max(1, static_cast<int>(inner.width())))) {
    if (!std::isfinite(point.y)) {
      open = false;
      continue;
    }
    end = place(point);
    open ? path.lineTo(end) : path.moveTo(end);
    open = true;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(colour, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(path);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(end, 2, 2);
  painter.restore();
}

}  // namespace netwright::charts
