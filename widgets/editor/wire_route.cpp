// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/wire_route.h"

#include <algorithm>
#include <cmath>

namespace netwright::editor {
namespace {

constexpr double kStub = 26;       // straight part where a detour leaves and enters
constexpr double kRadius = 14;     // of a detour's corners
constexpr double kClearance = 22;  // between a detour and the nodes that it passes
constexpr double kLane = 14;       // height that a detour takes; its label fits in
constexpr double kSearch = 1500;   // how far above and below a detour looks for room
constexpr int kSamples = 24;

// A polyline with its corners rounded.
QPainterPath rounded(const std::vector<QPointF>& points) {
  QPainterPath path(points.front());
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    const QPointF in = points[i] - points[i - 1], out = points[i + 1] - points[i];
    const double a = std::hypot(in.x(), in.y()), b = std::hypot(out.x(), out.y());
    if (a < 1e-6 || b < 1e-6) continue;
    const double r = std::min({kRadius, a / 2, b / 2});
    path.lineTo(points[i] - in / a * r);
    path.quadTo(points[i], points[i] + out / b * r);
  }
  path.lineTo(points.back());
  return path;
}

QPainterPath cubic(QPointF from, QPointF to) {
  const double reach = std::clamp(std::abs(to.x() - from.x()) * 0.5, 30.0, 160.0);
  QPainterPath path(from);
  path.cubicTo(from + QPointF(reach, 0), to - QPointF(reach, 0), to);
  return path;
}

// Height at which a wire runs back: between the two rows, or below both nodes where they overlap.
double returnChannel(const RouteRequest& r) {
  if (r.target.top() > r.source.bottom()) return (r.source.bottom() + r.target.top()) / 2;
  if (r.source.top() > r.target.bottom()) return (r.target.bottom() + r.source.top()) / 2;
  return std::max(r.source.bottom(), r.target.bottom()) + kClearance;
}

}  // namespace

bool Router::isFree(const QRectF& lane) const { return !nodes_.meets(lane) && !lanes_.meets(lane); }

// Runs level at the free height nearest to `wanted`; a lane beside another one also leaves and enters a little further
// out.
QPainterPath Router::detour(const RouteRequest& r, double wanted) {
  const double left = std::min(r.from.x() + kStub, r.to.x() - kStub),
               right = std::max(r.from.x() + kStub, r.to.x() - kStub);
  const auto laneAt = [&](double y) { return QRectF(left, y - kLane / 2, right - left, kLane); };
  std::vector<double> heights{wanted};
  const QRectF near(left, wanted - kSearch, right - left, 2 * kSearch);
  nodes_.any(near, [&](const QRectF& body) {
    heights.insert(heights.end(), {body.top() - kClearance, body.bottom() + kClearance});
    return false;
  });
  lanes_.any(near, [&](const QRectF& lane) {
    heights.insert(heights.end(), {lane.top() - kLane, lane.bottom() + kLane});
    return false;
  });
  std::sort(heights.begin(), heights.end());
  heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
  std::sort(heights.begin(), heights.end(),
            [&](double a, double b) { return std::abs(a - wanted) < std::abs(b - wanted); });
  const auto free = std::find_if(heights.begin(), heights.end(), [&](double y) { return isFree(laneAt(y)); });
  const double y = free == heights.end() ? wanted : *free;
  int beside = 0;
  lanes_.any({left, y - 4 * kLane, right - left, 8 * kLane}, [&](const QRectF&) { return ++beside >= 3; });
  const double out = kStub + kLane / 2 * beside;
  lanes_.insert(laneAt(y));
  return rounded({r.from,
                  {r.from.x() + out, r.from.y()},
                  {r.from.x() + out, y},
                  {r.to.x() - out, y},
                  {r.to.x() - out, r.to.y()},
                  r.to});
}

std::vector<QRectF> Router::crossed(const QPainterPath& path, const RouteRequest& r) const {
  std::vector<QRectF> hit;
  const QRectF bounds = path.boundingRect().adjusted(-1, -1, 1, 1);
  std::vector<QPointF> samples;  // made when they are needed: most wires pass nothing
  nodes_.any(bounds, [&](const QRectF& body) {
    if (body == r.source || body == r.target) return false;
    if (samples.empty())
      for (int i = 1; i < kSamples; ++i) samples.push_back(path.pointAtPercent(double(i) / kSamples));
    const QRectF grown = body.adjusted(-4, -4, 4, 4);
    if (std::any_of(samples.begin(), samples.end(), [&](QPointF p) { return grown.contains(p); })) hit.push_back(body);
    return false;
  });
  return hit;
}

QPainterPath Router::route(const RouteRequest& r) {
  if (r.to.x() < r.from.x() + 24) return detour(r, returnChannel(r));
  QPainterPath path = cubic(r.from, r.to);
  const std::vector<QRectF> hit = crossed(path, r);
  if (hit.empty()) return path;
  double above = r.from.y(), below = r.from.y();
  for (const QRectF& body : hit) {
    above = std::min(above, body.top() - kClearance);
    below = std::max(below, body.bottom() + kClearance);
  }
  const double middle = (r.from.y() + r.to.y()) / 2;
  return detour(r, middle - above < below - middle ? above : below);
}

QPainterPath looseWire(QPointF from, QPointF to) { return cubic(from, to); }

std::vector<QPointF> samplePoints(const QPainterPath& path) {
  std::vector<QPointF> points;
  const int count = std::clamp(static_cast<int>(path.length() / 8), 8, 200);
  for (int i = 1; i < count; ++i) points.push_back(path.pointAtPercent(double(i) / count));
  return points;
}

QRectF placeLabel(const QPainterPath& path, QSizeF size, const RectIndex& blocked,
                  const std::vector<QPointF>& crossing) {
  QRectF second;
  for (int i = 0; i <= 16; ++i) {
    const double at = 0.5 + (i % 2 ? 1 : -1) * ((i + 1) / 2) * 0.05;
    const QPointF centre = path.pointAtPercent(std::clamp(at, 0.0, 1.0));
    const QRectF box(centre - QPointF(size.width(), size.height()) / 2, size);
    if (blocked.meets(box)) continue;
    if (std::none_of(crossing.begin(), crossing.end(), [&](QPointF p) { return box.contains(p); })) return box;
    if (second.isNull()) second = box;
  }
  return second;
}

}  // namespace netwright::editor
