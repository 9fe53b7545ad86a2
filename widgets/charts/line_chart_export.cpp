// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving a LineChart: CSV of all points, pictures as they would look on paper of the theme's colour.
#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "widgets/charts/chart_canvas.h"
#include "widgets/charts/line_chart.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::charts {
namespace {

// Shortest text that reads back to the same number, whatever the locale.
QByteArray exactNumber(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return QByteArray(buffer, static_cast<qsizetype>(end - buffer));
}

QByteArray quoted(const QString& text) {
  QString field = text;
  if (field.contains(',') || field.contains('"') || field.contains('\n'))
    field = '"' + field.replace(QStringLiteral("\""), QStringLiteral("\"\"")) + '"';
  return field.toUtf8();
}

}  // namespace

QString LineChart::csv() const {
  // Rows in the order of x; several points at one x (of a resumed run) make several rows.
  struct Cursor {
    const Curve* curve;
    std::vector<Point> points;
    size_t next = 0;
  };
  std::vector<Cursor> cursors;
  QByteArray text = quoted(xTitle_.isEmpty() ? QStringLiteral("x") : xTitle_);
  for (const auto& curve : curves_) {
    Cursor cursor{curve.get(), {}};
    cursor.points.reserve(curve->size());
    for (const Curve::Part& part : curve->parts())
      for (size_t i = 0; i < part.raw.size(); ++i) cursor.points.push_back(part.raw.at(i));
    std::stable_sort(cursor.points.begin(), cursor.points.end(),
                     [](const Point& a, const Point& b) { return a.x < b.x; });
    cursors.push_back(std::move(cursor));
    text += ',' + quoted(curve->style().name);
  }
  text += '\n';
  for (;;) {
    double x = std::numeric_limits<double>::infinity();
    for (const Cursor& cursor : cursors)
      if (cursor.next < cursor.points.size()) x = std::min(x, cursor.points[cursor.next].x);
    if (std::isinf(x)) break;
    text += exactNumber(x);
    for (Cursor& cursor : cursors) {
      text += ',';
      if (cursor.next < cursor.points.size() && cursor.points[cursor.next].x == x)
        text += exactNumber(cursor.points[cursor.next++].y);
    }
    text += '\n';
  }
  return QString::fromUtf8(text);
}

void LineChart::paintExport(QPainter& painter, const QSize& size) {
  flush();
  const theme::Palette& p = theme::palette();
  const int margin = 16;
  painter.fillRect(QRect({0, 0}, size), p.panel);
  double y = margin;
  const QFont strong = theme::font(theme::TextStyle::Strong), small = theme::font(theme::TextStyle::Small);
  if (!title().isEmpty()) {
    painter.setFont(strong);
    painter.setPen(p.text);
    const QFontMetricsF metrics(strong);
    painter.drawText(QPointF(margin, y + metrics.ascent()), title());
    y += metrics.height() + 8;
  }
  painter.setFont(small);
  const QFontMetricsF metrics(small);
  double x = margin;
  painter.setRenderHint(QPainter::Antialiasing);
  for (const auto& curve : curves_) {
    if (!curve->visible()) continue;
    const double width = 14 + 6 + metrics.horizontalAdvance(curve->style().name) + 18;
    if (x > margin && x + width > size.width() - margin) {
      x = margin;
      y += metrics.height() + 4;
    }
    paintSwatch(painter, QRectF(x, y, 14, metrics.height()), p.seriesColour(curve->style().colour),
                curve->style().dashed);
    painter.setPen(p.text);
    painter.drawText(QPointF(x + 20, y + metrics.ascent()), curve->style().name);
    x += width;
  }
  y += metrics.height() + 6;
  // The canvas takes the size of the picture for a moment, so that lines are decimated for it.
  const QSize plot(size.width() - 2 * margin, std::max(60, size.height() - static_cast<int>(y) - margin / 2));
  const QSize before = canvas_->size();
  canvas_->resize(plot);
  canvas_->refresh();
  painter.translate(margin, y);
  canvas_->paintPicture(painter, plot);
  canvas_->resize(before);
  canvas_->refresh();
}

QImage LineChart::image(const QSize& size, double scale) {
  QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(scale);
  QPainter painter(&image);
  paintExport(painter, size);
  return image;
}

bool LineChart::savePng(const QString& path) { return image(size().expandedTo({400, 250})).save(path, "PNG"); }

bool LineChart::saveSvg(const QString& path) {
  const QSize size = this->size().expandedTo({400, 250});
  QSvgGenerator generator;
  generator.setFileName(path);
  generator.setSize(size);
  generator.setViewBox(QRect({0, 0}, size));
  generator.setTitle(title());
  QPainter painter;
  if (!painter.begin(&generator)) return false;
  paintExport(painter, size);
  return painter.end();
}

}  // namespace netwright::charts
