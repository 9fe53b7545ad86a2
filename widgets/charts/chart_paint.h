// SPDX-License-Identifier: GPL-3.0-or-later
// Paints what stands around and over the curves of a chart: grid, numbers, titles, the cross-hair and its read-out.
#pragma once

#include <QColor>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <vector>

#include "widgets/charts/ticks.h"

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace netwright::charts {

// The visible part of the plane. y is log10(value) on a logarithmic axis.
struct Window {
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  bool operator==(const Window&) const = default;
};

struct Frame {
  Window window;
  QRectF plot;  // where the window lies in the picture
  std::vector<Tick> xTicks, yTicks;
  QString xTitle, yTitle;

  double toX(double x) const { return plot.left() + (x - window.x0) / window.width() * plot.width(); }
  double toY(double y) const { return plot.bottom() - (y - window.y0) / window.height() * plot.height(); }
  double fromX(double px) const { return window.x0 + (px - plot.left()) / plot.width() * window.width(); }
  double fromY(double py) const { return window.y0 + (plot.bottom() - py) / plot.height() * window.height(); }
};

// Chooses ticks for the window and the plot rectangle that leaves room for their numbers and the titles inside
// `bounds`.
Frame layoutFrame(const QRectF& bounds, const Window& window, bool logY, const QString& xTitle, const QString& yTitle);
void paintFrame(QPainter& painter, const Frame& frame);
void paintEmpty(QPainter& painter, const QRectF& bounds, const QString& text);
// A cross where a value is not a number, on the lower edge of the plot; a dot for a point without neighbours.
void paintGapMark(QPainter& painter, const Frame& frame, double x);
// A line at x with a word at its top, on the side where there is room.
void paintBestMark(QPainter& painter, const Frame& frame, double x, const QString& word);
void paintDot(QPainter& painter, const QPointF& at, const QColor& colour, double radius);

struct ReadoutRow {
  QString name;
  QColor colour;
  bool dashed = false;
  QString value, raw;  // raw beside the smoothed value, or empty
  double y = 0;        // in the window's units; NaN for none
};

struct Readout {
  double x = 0;
  QString heading;
  std::vector<ReadoutRow> rows;
};

// Vertical line at x with a dot on each curve, and the box of values beside it (it changes sides near the right edge).
void paintReadout(QPainter& painter, const Frame& frame, const Readout& readout);
void paintRubberBand(QPainter& painter, const QRectF& band);
// A short piece of line as legends show it.
void paintSwatch(QPainter& painter, const QRectF& rect, const QColor& colour, bool dashed);

}  // namespace netwright::charts
