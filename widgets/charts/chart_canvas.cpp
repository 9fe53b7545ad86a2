// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/chart_canvas.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/theme/theme.h"

namespace netwright::charts {
namespace {

constexpr size_t kMostPieces = 24;  // gaps beyond this are bridged; their marks still show them
constexpr size_t kMostMarks = 400;
constexpr double kMarkPitch = 9;       // pixels
constexpr double kMargin = 0.05;       // of the automatic range, above and below
constexpr double kPaleOpacity = 0.25;  // raw points behind smoothed ones

void splitAtGaps(std::vector<std::vector<Point>> parts, std::vector<std::vector<Point>>& pieces) {
  for (auto& part : parts) {
    if (!part.empty() && std::all_of(part.begin(), part.end(), [](const Point& p) { return std::isfinite(p.y); })) {
      pieces.push_back(std::move(part));
      continue;
    }
    pieces.emplace_back();
    for (const Point& point : part) {
      if (std::isfinite(point.y))
        pieces.back().push_back(point);
      else if (!pieces.back().empty())
        pieces.emplace_back();
    }
    if (pieces.back().empty()) pieces.pop_back();
  }
}

}  // namespace

ChartCanvas::ChartCanvas(const Curves& curves, QWidget* parent)
    : QChartView(parent), curves_(curves), xAxis_(new QValueAxis(this)), yAxis_(new QValueAxis(this)) {
  chart()->setBackgroundVisible(false);
  chart()->legend()->hide();
  chart()->setMargins({});
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  for (QValueAxis* axis : {xAxis_, yAxis_}) {
    axis->setRange(0, 1);
    axis->setVisible(false);
  }
  chart()->addAxis(xAxis_, Qt::AlignBottom);
  chart()->addAxis(yAxis_, Qt::AlignLeft);
  setRenderHint(QPainter::Antialiasing);
  setFrameShape(QFrame::NoFrame);
  setBackgroundBrush(Qt::NoBrush);
  setStyleSheet("background: transparent; border: none; padding: 0");
  setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
  setMouseTracking(true);
  viewport()->setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 90);
}

void ChartCanvas::invalidate() {
  cacheValid_ = false;
  viewport()->update();
}

void ChartCanvas::setAxisTitles(const QString& x, const QString& y) {
  xTitle_ = x;
  yTitle_ = y;
}

void ChartCanvas::setEmptyText(const QString& text) { emptyText_ = text; }

void ChartCanvas::setLogY(bool log) {
  if (log == logY_) return;
  logY_ = log;
  history_.clear();
  zoomed_ = yLocked_ = false;
  refresh();
  Q_EMIT zoomChanged();
}

void ChartCanvas::setSmoothed(bool smoothed) { smoothed_ = smoothed; }
void ChartCanvas::setYLocked(bool locked) { yLocked_ = locked; }

bool ChartCanvas::anyPoints() const {
  return std::any_of(curves_.begin(), curves_.end(), [](const auto& curve) { return !curve->empty(); });
}

double ChartCanvas::axisY(double y) const {
  if (!logY_) return y;
  return y > 0 ? std::log10(y) : std::numeric_limits<double>::quiet_NaN();
}

Window ChartCanvas::automaticWindow() const {
  Range x, y;
  for (const auto& curve : curves_)
    if (curve->visible()) x.include(curve->xRange());
  if (x.empty()) return frame_.window;
  for (const auto& curve : curves_)
    if (curve->visible()) y.include(curve->yRange(x.min, x.max, logY_));
  Window window = {x.min, x.max, frame_.window.y0, frame_.window.y1};
  if (window.width() <= 0) {
    window.x0 -= 0.5;
    window.x1 += 0.5;
  }
  if (yLocked_) return window;
  if (y.empty()) y = logY_ ? Range{0.1, 10} : Range{0, 1};
  window.y0 = axisY(y.min);
  window.y1 = axisY(y.max);
  // A constant gets room around it that is wide compared with rounding noise.
  const double least = std::max(std::abs(window.y0), std::abs(window.y1)) * 1e-6;
  if (window.height() <= least) {
    const double room = logY_ ? 0.5 : window.y0 == 0 ? 1 : std::abs(window.y0) * 0.1;
    window.y0 -= room;
    window.y1 += room;
  } else {
    const double room = window.height() * kMargin;
    window.y0 -= room;
    window.y1 += room;
  }
  return window;
}

void ChartCanvas::refresh() {
  const Window window = zoomed_ ? frame_.window : automaticWindow();
  frame_ = layoutFrame(QRectF(viewport()->rect()), window, logY_, xTitle_, yTitle_);
  if (chart()->size() != QSizeF(viewport()->size())) chart()->resize(viewport()->size());
  if (chart()->plotArea() != frame_.plot) chart()->setPlotArea(frame_.plot);
  chart()->layout()->activate();  // now, not with the next event: the picture is painted from the cache
  lines_.resize(curves_.size());
  const int columns = std::max(1, static_cast<int>(std::ceil(frame_.plot.width())));
  for (size_t i = 0; i < curves_.size(); ++i) drawCurve(i, columns);
  invalidate();
}

void ChartCanvas::drawCurve(size_t index, int columns) {
  const Curve& curve = *curves_[index];
  Lines& lines = lines_[index];
  lines.drawn.clear();
  lines.lonely.clear();
  lines.gaps.clear();
  std::vector<std::vector<Point>> raw, smoothed;
  if (curve.visible()) {
    const Window& w = frame_.window;
    raw = curve.raw(w.x0, w.x1, columns);
    if (smoothed_) smoothed = curve.smoothed(w.x0, w.x1, columns);
    for (const auto& part : raw)
      for (const Point& point : part)
        if (!std::isfinite(axisY(point.y)) && lines.gaps.size() < kMostMarks) lines.gaps.push_back(point.x);
    lines.drawn = smoothed_ ? smoothed : raw;
  }
  drawPieces(lines.raw, raw, lines);
  if (smoothed_) lines.lonely.clear();  // the dots come from the smoothed points then
  drawPieces(lines.smoothed, smoothed, lines);
  for (QLineSeries* line : lines.raw.lines) styleLine(*line, curve, smoothed_);
  for (QLineSeries* line : lines.smoothed.lines) styleLine(*line, curve, false);
}

QLineSeries* ChartCanvas::newLine() {
  auto* line = new QLineSeries(this);
  chart()->addSeries(line);
  line->attachAxis(xAxis_);
  line->attachAxis(yAxis_);
  return line;
}

void ChartCanvas::drawPieces(Pieces& pieces, const std::vector<std::vector<Point>>& parts, Lines& lines) {
  std::vector<std::vector<Point>> onAxis = parts, runs;
  if (logY_)
    for (auto& part : onAxis)
      for (Point& point : part) point.y = axisY(point.y);
  splitAtGaps(std::move(onAxis), runs);
  while (runs.size() > kMostPieces) {
    auto& bridge = runs[kMostPieces - 1];
    bridge.insert(bridge.end(), runs[kMostPieces].begin(), runs[kMostPieces].end());
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(kMostPieces));
  }
  pieces.bars.clear();
  size_t used = 0;
  for (const std::vector<Point>& run : runs) {
    if (run.size() == 1) lines.lonely.push_back(run.front());
    if (isRestless(run)) {
      addBars(pieces.bars, run);
      continue;
    }
    if (used == pieces.lines.size()) pieces.lines.push_back(newLine());
    drawLine(*pieces.lines[used++], run);
  }
  for (; used < pieces.lines.size(); ++used) drawLine(*pieces.lines[used], {});
}

bool ChartCanvas::isRestless(const std::vector<Point>& points) const {
  const double columns = std::max(1.0, std::ceil(frame_.plot.width()));
  if (static_cast<double>(points.size()) <= 2.5 * columns) return false;
  double travel = 0;
  for (size_t i = 1; i < points.size(); ++i) travel += std::abs(points[i].y - points[i - 1].y);
  return travel / frame_.window.height() * frame_.plot.height() > 2 * columns;
}

void ChartCanvas::drawLine(QLineSeries& line, const std::vector<Point>& points) {
  const Window& w = frame_.window;
  // Far outside the plot a position no longer matters, but must not overflow the rasteriser.
  const auto unit = [](double at, double from, double size) { return std::clamp((at - from) / size, -50.0, 50.0); };
  QList<QPointF> list;
  list.reserve(static_cast<qsizetype>(points.size()));
  for (const Point& point : points) list.append({unit(point.x, w.x0, w.width()), unit(point.y, w.y0, w.height())});
  if (!list.isEmpty() || line.count() > 0) line.replace(list);
}

void ChartCanvas::addBars(QList<QRectF>& bars, const std::vector<Point>& points) const {
  constexpr double kHalf = 0.7;  // as wide as a line where the extremes meet
  const QRectF& plot = frame_.plot;
  const double columns = std::max(1.0, std::ceil(plot.width())), width = plot.width() / columns;
  const auto columnOf = [&](const Point& p) {
    return std::floor((p.x - frame_.window.x0) / frame_.window.width() * columns);
  };
  Range before;
  for (size_t i = 0; i < points.size();) {
    const double column = columnOf(points[i]);
    Range range;
    for (; i < points.size() && columnOf(points[i]) == column; ++i) range.include({points[i].y, points[i].y});
    // The line leads from one column to the next: their bars touch.
    const Range own = range;
    if (!before.empty()) range = {std::min(range.min, before.max), std::max(range.max, before.min)};
    before = own;
    if (column < 0 || column >= columns) continue;
    const double top = std::max(frame_.toY(range.max) - kHalf, plot.top());
    const double bottom = std::min(frame_.toY(range.min) + kHalf, plot.bottom());
    if (top < bottom) bars.append(QRectF(plot.left() + column * width, top, width, bottom - top));
  }
}

QColor ChartCanvas::colourOf(const Curve& curve, bool pale) const {
  QColor colour = theme::palette().seriesColour(curve.style().colour);
  if (pale) colour.setAlphaF(kPaleOpacity);
  return colour;
}

void ChartCanvas::styleLine(QLineSeries& line, const Curve& curve, bool pale) const {
  QPen pen(colourOf(curve, pale), pale ? 1.0 : 1.6, Qt::SolidLine, Qt::RoundCap, Qt::BevelJoin);
  if (curve.style().dashed && !pale) {
    pen.setDashPattern(theme::dashPattern(1));
    pen.setCapStyle(Qt::FlatCap);
  }
  if (line.pen() != pen) line.setPen(pen);
}

void ChartCanvas::removeCurves() {
  for (const Lines& lines : lines_)
    for (const auto& pool : {lines.raw.lines, lines.smoothed.lines})
      for (QLineSeries* line : pool) {
        chart()->removeSeries(line);
        delete line;
      }
  lines_.clear();
  history_.clear();
  zoomed_ = false;
  crosshair_.reset();
  Q_EMIT zoomChanged();
}

void ChartCanvas::paintMarks(QPainter& painter) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(frame_.plot.adjusted(-3, -3, 3, 3));
  painter.setPen(QPen(theme::palette().chartGrid, 1, Qt::DashLine));
  double last = -std::numeric_limits<double>::infinity();
  for (const double x : marks_) {  // where they are dense they are no help
    if (x < frame_.window.x0 || x > frame_.window.x1 || frame_.toX(x) < last + 4 * kMarkPitch) continue;
    last = frame_.toX(x);
    painter.drawLine(QPointF(last, frame_.plot.top()), QPointF(last, frame_.plot.bottom()));
  }
  if (best_ && *best_ >= frame_.window.x0 && *best_ <= frame_.window.x1)
    paintBestMark(painter, frame_, *best_, tr("best"));
  for (size_t i = 0; i < lines_.size() && i < curves_.size(); ++i) {
    const QColor colour = theme::palette().seriesColour(curves_[i]->style().colour);
    for (const Point& point : lines_[i].lonely)
      paintDot(painter, {frame_.toX(point.x), frame_.toY(point.y)}, colour, 2.5);
    double previous = -std::numeric_limits<double>::infinity();
    for (const double x : lines_[i].gaps) {
      const bool crowded = frame_.toX(x) < previous + kMarkPitch && frame_.toX(x) > previous;
      if (crowded || x < frame_.window.x0 || x > frame_.window.x1) continue;
      paintGapMark(painter, frame_, x);
      previous = frame_.toX(x);
    }
  }
  painter.restore();
}

// Bars are as wide as a pixel, so that their sides meet; where a pixel of the screen is another, smooth edges would
// show.
void ChartCanvas::paintBars(QPainter& painter) const {
  const double ratio = painter.device()->devicePixelRatioF();
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, ratio == std::floor(ratio));
  painter.setPen(Qt::NoPen);
  for (size_t i = 0; i < lines_.size() && i < curves_.size(); ++i)
    for (const bool raw : {true, false}) {
      const QList<QRectF>& bars = (raw ? lines_[i].raw : lines_[i].smoothed).bars;
      if (bars.isEmpty()) continue;
      painter.setBrush(colourOf(*curves_[i], raw && smoothed_));
      painter.drawRects(bars.data(), static_cast<int>(bars.size()));
    }
  painter.restore();
}

void ChartCanvas::paintPicture(QPainter& painter, const QSizeF& size) {
  if (!anyPoints()) {
    paintEmpty(painter, QRectF({0, 0}, size), emptyText_);
    return;
  }
  paintFrame(painter, frame_);
  paintBars(painter);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  scene()->render(&painter, QRectF({0, 0}, size), QRectF({0, 0}, size), Qt::IgnoreAspectRatio);
  painter.restore();
  paintMarks(painter);
}

void ChartCanvas::paintEvent(QPaintEvent*) {
  const double ratio = devicePixelRatioF();
  const QSize size = viewport()->size();
  if (!cacheValid_ || cache_.size() != size * ratio) {
    cache_ = QPixmap(size * ratio);
    cache_.setDevicePixelRatio(ratio);
    cache_.fill(Qt::transparent);
    QPainter painter(&cache_);
    paintPicture(painter, size);
    cacheValid_ = true;
  }
  QPainter painter(viewport());
  painter.drawPixmap(0, 0, cache_);
  if (!anyPoints()) return;
  if (bandStart_) {
    paintRubberBand(painter, band());
  } else if (crosshair_ && !panStart_) {
    paintReadout(painter, frame_, readout(*crosshair_));
  }
}

void ChartCanvas::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  refresh();
}

Readout ChartCanvas::readout(double x) const {
  Readout result;
  std::optional<double> snapped;
  for (const auto& curve : curves_) {
    const auto reading = curve->visible() ? curve->nearest(x) : std::nullopt;
    if (reading && (!snapped || std::abs(reading->raw.x - x) < std::abs(*snapped - x))) snapped = reading->raw.x;
  }
  if (!snapped) return result;
  result.x = *snapped;
  result.heading = (xTitle_.isEmpty() ? tr("x") : xTitle_) + " " + positionText(*snapped);
  std::vector<double> values, raws;
  for (const auto& curve : curves_) {
    const auto reading = curve->visible() ? curve->nearest(*snapped) : std::nullopt;
    if (!reading || *snapped < curve->xRange().min || *snapped > curve->xRange().max) continue;
    const double value = smoothed_ ? reading->smoothed : reading->raw.y;
    result.rows.push_back({curve->style().name,
                           theme::palette().seriesColour(curve->style().colour),
                           curve->style().dashed,
                           {},
                           {},
                           axisY(value)});
    values.push_back(value);
    raws.push_back(reading->raw.y);
  }
  const std::vector<QString> valueTexts = alignedNumbers(values), rawTexts = alignedNumbers(raws);
  for (size_t i = 0; i < result.rows.size(); ++i) {
    result.rows[i].value = valueTexts[i];
    if (smoothed_) result.rows[i].raw = rawTexts[i];
  }
  // In the order in which the eye meets the curves; values without a place come last.
  std::stable_sort(result.rows.begin(), result.rows.end(), [](const ReadoutRow& a, const ReadoutRow& b) {
    const auto key = [](double y) { return std::isnan(y) ? -std::numeric_limits<double>::infinity() : y; };
    return key(a.y) > key(b.y);
  });
  return result;
}

std::vector<Point> ChartCanvas::drawn(int curve) const {
  std::vector<Point> all;
  if (curve < 0 || static_cast<size_t>(curve) >= lines_.size()) return all;
  for (const auto& part : lines_[static_cast<size_t>(curve)].drawn) {
    if (part.empty()) continue;
    if (!all.empty()) all.push_back({part.front().x, std::numeric_limits<double>::quiet_NaN()});
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace netwright::charts
