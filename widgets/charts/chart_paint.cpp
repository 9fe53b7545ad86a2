// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chart_paint.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::charts {
namespace {

using theme::TextStyle;

constexpr double kLabelGap = 8;  // between numbers and plot
constexpr double kRowGap = 3;
constexpr double kPad = 10;

QFont valueFont() {
  QFont font = theme::font(TextStyle::Figures);
  font.setPointSizeF(theme::font(TextStyle::Small).pointSizeF());
  return font;
}

double widest(const std::vector<Tick>& ticks, const QFontMetricsF& metrics) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, metrics.horizontalAdvance(tick.text));
  return width;
}

void drawRight(QPainter& painter, const QRectF& rect, const QString& text) {
  painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, text);
}

void drawLeft(QPainter& painter, const QRectF& rect, const QString& text) {
  painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text);
}

}  // namespace

Frame layoutFrame(const QRectF& bounds, const Window& window, bool logY, const QString& xTitle, const QString& yTitle) {
  Frame frame{window, {}, {}, {}, xTitle, yTitle};
  const QFontMetricsF numbers(theme::font(TextStyle::Small)), &titles = numbers;
  const double top = 8 + (yTitle.isEmpty() ? 0 : titles.height() + 4);
  const double bottom = kLabelGap + numbers.height() + (xTitle.isEmpty() ? 4 : titles.height() + 8);
  const double height = std::max(20.0, bounds.height() - top - bottom);
  const int yMost = std::max(2, static_cast<int>(std::min(height / (numbers.height() * 1.6), 4 + height / 80)));
  frame.yTicks = logY ? logTicks(window.y0, window.y1, yMost) : linearTicks(window.y0, window.y1, yMost);

  const double left = std::max(30.0, std::ceil(widest(frame.yTicks, numbers)) + kLabelGap + 4);
  const double width = std::max(20.0, bounds.width() - left - 16);
  // Numbers on the x axis may not touch: fewer ticks until the widest fits.
  for (int most = std::max(2, static_cast<int>(std::min(width / 45, 4 + width / 140))); most >= 1; --most) {
    frame.xTicks = linearTicks(window.x0, window.x1, most, window.width() >= 2);
    const double pitch =
        frame.xTicks.size() < 2 ? width : (frame.xTicks[1].value - frame.xTicks[0].value) / window.width() * width;
    if (widest(frame.xTicks, numbers) + 14 <= pitch) break;
  }
  frame.plot = QRectF(bounds.left() + left, bounds.top() + top, width, height);
  return frame;
}

void paintFrame(QPainter& painter, const Frame& frame) {
  const theme::Palette& p = theme::palette();
  const QRectF& plot = frame.plot;
  const QFont font = theme::font(TextStyle::Small);
  const QFontMetricsF metrics(font);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setFont(font);
  const QColor faint = theme::mix(p.panel, p.chartGrid, 0.55);
  for (const Tick& tick : frame.yTicks) {
    const double y = std::round(frame.toY(tick.value)) + 0.5;
    painter.setPen(QPen(tick.text.isEmpty() ? faint : p.chartGrid, 1));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(p.muted);
    drawRight(painter, QRectF(plot.left() - kLabelGap - 200, y - metrics.height() / 2, 200, metrics.height()),
              tick.text);
  }
  for (const Tick& tick : frame.xTicks) {
    const double x = std::round(frame.toX(tick.value)) + 0.5;
    painter.setPen(QPen(p.border, 1));
    painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
    painter.setPen(p.muted);
    const double half = metrics.horizontalAdvance(tick.text) / 2 + 1;
    const double centre = std::min(x, plot.right() + 14 - half);
    painter.drawText(QRectF(centre - half, plot.bottom() + kLabelGap, 2 * half, metrics.height()),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine | Qt::TextDontClip, tick.text);
  }
  painter.setPen(QPen(p.border, 1));
  painter.drawLine(QPointF(plot.left(), std::round(plot.bottom()) + 0.5),
                   QPointF(plot.right(), std::round(plot.bottom()) + 0.5));
  const double titleHeight = metrics.height();
  painter.setPen(p.muted);
  drawLeft(painter, QRectF(plot.left(), plot.top() - titleHeight - 6, plot.width(), titleHeight), frame.yTitle);
  drawRight(painter, QRectF(plot.left(), plot.bottom() + kLabelGap + metrics.height() + 2, plot.width(), titleHeight),
            frame.xTitle);
  painter.restore();
}

void paintEmpty(QPainter& painter, const QRectF& bounds, const QString& text) {
  const theme::Palette& p = theme::palette();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QPointF centre = bounds.center();
  const double side = 44;
  const QRectF disc(centre.x() - side / 2, centre.y() - side / 2 - 16, side, side);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme::mix(p.panel, p.hover, 0.8));
  painter.drawEllipse(disc);
  const double ratio = painter.device() ? painter.device()->devicePixelRatioF() : 1;
  painter.drawPixmap(QPointF(disc.center().x() - 11, disc.center().y() - 11),
                     theme::iconPixmap("chart", p.muted, 22, ratio));
  painter.setFont(theme::font(TextStyle::Body));
  painter.setPen(p.muted);
  painter.drawText(QRectF(bounds.left() + 20, disc.bottom() + 12, bounds.width() - 40, 60),
                   Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text);
  painter.restore();
}

void paintGapMark(QPainter& painter, const Frame& frame, double x) {
  const QPointF at(frame.toX(x), frame.plot.bottom() - 5);
  painter.setPen(QPen(theme::palette().error, 1.5, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(at + QPointF(-2.5, -2.5), at + QPointF(2.5, 2.5));
  painter.drawLine(at + QPointF(-2.5, 2.5), at + QPointF(2.5, -2.5));
}

void paintBestMark(QPainter& painter, const Frame& frame, double x, const QString& word) {
  const theme::Palette& p = theme::palette();
  const QFont font = theme::font(TextStyle::Small);
  const QFontMetricsF metrics(font);
  const double at = std::round(frame.toX(x)) + 0.5, width = metrics.horizontalAdvance(word);
  painter.setPen(QPen(p.success, 1.5));
  painter.drawLine(QPointF(at, frame.plot.top()), QPointF(at, frame.plot.bottom()));
  const double left = at + 5 + width <= frame.plot.right() ? at + 5 : at - 5 - width;
  QColor ground = p.panel;
  ground.setAlphaF(0.85f);  // a curve may run there
  painter.fillRect(QRectF(left - 2, frame.plot.top(), width + 4, metrics.height()), ground);
  painter.setFont(font);
  painter.drawText(QPointF(left, frame.plot.top() + metrics.ascent()), word);
}

void paintDot(QPainter& painter, const QPointF& at, const QColor& colour, double radius) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(at, radius, radius);
}

void paintSwatch(QPainter& painter, const QRectF& rect, const QColor& colour, bool dashed) {
  QPen pen(colour, 2.5, Qt::SolidLine, Qt::RoundCap);
  const double y = std::round(rect.center().y());
  painter.setPen(pen);
  if (dashed) {
    const double third = rect.width() / 3;
    painter.drawLine(QPointF(rect.left() + 1, y), QPointF(rect.left() + third, y));
    painter.drawLine(QPointF(rect.right() - third, y), QPointF(rect.right() - 1, y));
  } else {
    painter.drawLine(QPointF(rect.left() + 1, y), QPointF(rect.right() - 1, y));
  }
}

void paintReadout(QPainter& painter, const Frame& frame, const Readout& readout) {
  const theme::Palette& p = theme::palette();
  const double x = frame.toX(readout.x);
  if (x < frame.plot.left() - 1 || x > frame.plot.right() + 1) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(p.crosshair, 1));
  painter.drawLine(QPointF(std::round(x) + 0.5, frame.plot.top()), QPointF(std::round(x) + 0.5, frame.plot.bottom()));
  for (const ReadoutRow& row : readout.rows) {
    const double y = std::isnan(row.y) ? -1 : frame.toY(row.y);
    if (y < frame.plot.top() - 1 || y > frame.plot.bottom() + 1) continue;
    paintDot(painter, {x, y}, p.panel, 5.5);
    paintDot(painter, {x, y}, row.colour, 3.5);
  }

  const QFont names = theme::font(TextStyle::Small), figures = valueFont();
  QFont head = names;
  head.setWeight(QFont::DemiBold);
  const QFontMetricsF nameMetrics(names), figureMetrics(figures), headMetrics(head);
  const double rowHeight = std::ceil(std::max(nameMetrics.height(), figureMetrics.height())) + kRowGap;
  const double room = frame.plot.bottom() + 24;  // the box may cover the numbers of the x axis
  const double fixed = std::ceil(headMetrics.height()) + 2 * kPad;
  const size_t shown =
      std::min(readout.rows.size(), static_cast<size_t>(std::max(1.0, (room - fixed - 4) / rowHeight)));
  const size_t left = readout.rows.size() - shown;
  double nameWidth = 0, valueWidth = 0, rawWidth = 0;
  for (size_t i = 0; i < shown; ++i) {
    nameWidth = std::max(nameWidth, nameMetrics.horizontalAdvance(readout.rows[i].name));
    valueWidth = std::max(valueWidth, figureMetrics.horizontalAdvance(readout.rows[i].value));
    rawWidth = std::max(rawWidth, figureMetrics.horizontalAdvance(readout.rows[i].raw));
  }
  nameWidth = std::ceil(std::min(nameWidth, std::max(60.0, frame.plot.width() * 0.35))) + 1;
  const double swatch = 14, gap = 8;
  const double rawSpace = rawWidth > 0 ? rawWidth + gap : 0;
  const double content = std::max(swatch + gap + nameWidth + 2 * gap + valueWidth + rawSpace,
                                  headMetrics.horizontalAdvance(readout.heading) + (left > 0 ? 36 : 0));
  QRectF box(0, 0, std::ceil(content) + 2 * kPad, fixed + static_cast<double>(shown) * rowHeight);
  box.moveTop(std::max(2.0, std::min(frame.plot.top() + 4, room - box.height())));
  box.moveLeft(std::round(x + 14 + box.width() <= frame.plot.right() ? x + 14 : x - 14 - box.width()));
  box.moveLeft(std::max(box.left(), 4.0));

  painter.setPen(QPen(p.border, 1));
  QColor ground = p.raised;
  ground.setAlphaF(0.96f);
  painter.setBrush(ground);
  painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
  QRectF line(box.left() + kPad, box.top() + kPad - 2, box.width() - 2 * kPad, std::ceil(headMetrics.height()));
  painter.setFont(head);
  painter.setPen(p.text);
  drawLeft(painter, line, readout.heading);
  if (left > 0) {
    painter.setPen(p.muted);
    painter.setFont(names);
    drawRight(painter, line, QString("+%1").arg(left));
  }
  line.moveTop(line.bottom() + 4);
  line.setHeight(rowHeight);
  for (size_t i = 0; i < shown; ++i, line.translate(0, rowHeight)) {
    const ReadoutRow& row = readout.rows[i];
    paintSwatch(painter, QRectF(line.left(), line.top(), swatch, line.height()), row.colour, row.dashed);
    painter.setFont(names);
    painter.setPen(p.muted);
    drawLeft(painter, QRectF(line.left() + swatch + gap, line.top(), nameWidth, line.height()),
             nameMetrics.elidedText(row.name, Qt::ElideMiddle, nameWidth));
    painter.setFont(figures);
    drawRight(painter, line, row.raw);
    painter.setPen(p.text);
    drawRight(painter, line.adjusted(0, 0, -rawSpace, 0), row.value);
  }
  painter.restore();
}

void paintRubberBand(QPainter& painter, const QRectF& band) {
  const theme::Palette& p = theme::palette();
  QColor fill = p.accent;
  fill.setAlphaF(0.14f);
  painter.setPen(QPen(p.focus, 1));
  painter.setBrush(fill);
  painter.drawRect(band);
}

}  // namespace netwright::charts
