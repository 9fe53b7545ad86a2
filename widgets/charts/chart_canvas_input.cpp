// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse, wheel and keys of the ChartCanvas, and the windows they lead to.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/charts/chart_canvas.h"

namespace netwright::charts {
namespace {

constexpr size_t kMostHistory = 100;
constexpr double kThin = 6;  // a box thinner than this spans the plot: zoom along the other axis only

bool usable(const Window& w) {
  const auto wide = [](double a, double b) {
    return std::isfinite(a) && std::isfinite(b) && b - a > std::max(std::abs(a), std::abs(b)) * 1e-12;
  };
  return wide(w.x0, w.x1) && wide(w.y0, w.y1);
}

}  // namespace

void ChartCanvas::remember() {
  if (history_.size() == kMostHistory) history_.erase(history_.begin());
  history_.push_back({frame_.window, zoomed_});
}

void ChartCanvas::zoomTo(const Window& window) {
  if (!usable(window) || window == frame_.window) return;
  remember();
  frame_.window = window;
  zoomed_ = true;
  refresh();
  Q_EMIT zoomChanged();
}

void ChartCanvas::zoomAt(const QPointF& centre, double xFactor, double yFactor) {
  const Window& w = frame_.window;
  const double x = frame_.fromX(centre.x()), y = frame_.fromY(centre.y());
  zoomTo({x + (w.x0 - x) * xFactor, x + (w.x1 - x) * xFactor, y + (w.y0 - y) * yFactor, y + (w.y1 - y) * yFactor});
}

void ChartCanvas::back() {
  if (history_.empty()) return;
  frame_.window = history_.back().window;
  zoomed_ = history_.back().zoomed;
  history_.pop_back();
  refresh();
  Q_EMIT zoomChanged();
}

void ChartCanvas::reset() {
  if (!zoomed_) return;
  remember();
  zoomed_ = false;
  refresh();
  Q_EMIT zoomChanged();
}

void ChartCanvas::setCrosshair(std::optional<double> x) {
  if (x == crosshair_) return;
  crosshair_ = x;
  viewport()->update();
}

void ChartCanvas::mousePressEvent(QMouseEvent* event) {
  if (!anyPoints()) return;
  const bool pan = event->button() == Qt::MiddleButton || event->button() == Qt::RightButton ||
                   (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
  if (pan) {
    panStart_ = event->position();
    panWindow_ = frame_.window;
    panned_ = false;
  } else if (event->button() == Qt::LeftButton && frame_.plot.contains(event->position())) {
    bandStart_ = bandEnd_ = event->position();
  }
  event->accept();
}

void ChartCanvas::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = event->position();
  if (panStart_) {
    const QPointF moved = at - *panStart_;
    if (!panned_ && moved.manhattanLength() < 3) return;
    if (!panned_) remember();
    panned_ = zoomed_ = true;
    const double dx = moved.x() / frame_.plot.width() * panWindow_.width();
    const double dy = moved.y() / frame_.plot.height() * panWindow_.height();
    frame_.window = {panWindow_.x0 - dx, panWindow_.x1 - dx, panWindow_.y0 + dy, panWindow_.y1 + dy};
    refresh();
    return;
  }
  if (bandStart_) {
    const QRectF& plot = frame_.plot;
    bandEnd_ = {std::clamp(at.x(), plot.left(), plot.right()), std::clamp(at.y(), plot.top(), plot.bottom())};
    viewport()->update();
    return;
  }
  const bool inside = anyPoints() && frame_.plot.adjusted(-4, -4, 4, 4).contains(at);
  setCrosshair(inside ? std::optional(frame_.fromX(at.x())) : std::nullopt);
  Q_EMIT hovered(crosshair_);
}

void ChartCanvas::mouseReleaseEvent(QMouseEvent* event) {
  if (panStart_) {
    const bool click = !panned_ && event->button() == Qt::RightButton;
    panStart_.reset();
    if (panned_) Q_EMIT zoomChanged();
    if (click) Q_EMIT menuRequested(event->globalPosition().toPoint());
    viewport()->update();
    return;
  }
  if (!bandStart_) return;
  const QRectF box = band();
  bandStart_.reset();
  viewport()->update();
  if (!box.isEmpty())
    zoomTo({frame_.fromX(box.left()), frame_.fromX(box.right()), frame_.fromY(box.bottom()), frame_.fromY(box.top())});
}

QRectF ChartCanvas::band() const {
  QRectF box = QRectF(*bandStart_, bandEnd_).normalized();
  const bool wide = box.width() >= kThin, high = box.height() >= kThin;
  if (!wide && !high) return {};
  if (!wide) {
    box.setLeft(frame_.plot.left());
    box.setRight(frame_.plot.right());
  }
  if (!high) {
    box.setTop(frame_.plot.top());
    box.setBottom(frame_.plot.bottom());
  }
  return box;
}

void ChartCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) reset();
}

// Ctrl zooms along x only, Shift along y only. Touchpads report small steps; the factor follows their size.
void ChartCanvas::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (!anyPoints()) return;
  const QPoint angle = event->angleDelta();
  double steps = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
  if (steps == 0) steps = event->pixelDelta().y() / 60.0;
  if (steps == 0) return;
  const double factor = std::pow(0.8, std::clamp(steps, -5.0, 5.0));
  const bool xOnly = event->modifiers().testFlag(Qt::ControlModifier);
  const bool yOnly = event->modifiers().testFlag(Qt::ShiftModifier);
  zoomAt(event->position(), yOnly ? 1 : factor, xOnly ? 1 : factor);
}

void ChartCanvas::keyPressEvent(QKeyEvent* event) {
  const Window& w = frame_.window;
  const auto shifted = [&](double x, double y) {
    const double dx = x * w.width(), dy = y * w.height();
    zoomTo({w.x0 + dx, w.x1 + dx, w.y0 + dy, w.y1 + dy});
  };
  switch (event->key()) {
    case Qt::Key_Backspace:
      return back();
    case Qt::Key_Home:
    case Qt::Key_0:
      return reset();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoomAt(frame_.plot.center(), 0.8, 0.8);
    case Qt::Key_Minus:
      return zoomAt(frame_.plot.center(), 1.25, 1.25);
    case Qt::Key_Left:
      return shifted(-0.1, 0);
    case Qt::Key_Right:
      return shifted(0.1, 0);
    case Qt::Key_Up:
      return shifted(0, 0.1);
    case Qt::Key_Down:
      return shifted(0, -0.1);
    case Qt::Key_Escape:
      bandStart_.reset();
      viewport()->update();
      return;
    default:
      QChartView::keyPressEvent(event);
  }
}

void ChartCanvas::leaveEvent(QEvent* event) {
  setCrosshair(std::nullopt);
  Q_EMIT hovered(std::nullopt);
  QChartView::leaveEvent(event);
}

}  // namespace netwright::charts
