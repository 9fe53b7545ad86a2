// SPDX-License-Identifier: Apache-2.0
#include "core/engine/line_search.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace netwright::engine::optimisers {
namespace {

using Point = LineSearch::Point;

constexpr double kArmijo = 1e-4, kCurvature = 0.9;

// The least point of the cubic through losses and slopes of both, within the bounds.
double cubicMinimum(const Point& a, const Point& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double t = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                              : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(t, low), high);
}

}  // namespace

Point LineSearch::run(const Point& start, double t, int64_t& evaluated) const {
  const auto tooHigh = [&](const Point& p) { return p.loss > start.loss + kArmijo * p.t * start.slope; };
  const auto flatEnough = [&](const Point& p) { return std::abs(p.slope) <= -kCurvature * start.slope; };
  Point now = at(t), before = start;
  ++evaluated;
  std::array<Point, 2> bracket;
  size_t ends = 0;  // of the bracket that are set; 1: found
  int64_t round = 0;
  for (; round < most; ++round) {
    if (tooHigh(now) || (round > 1 && now.loss >= before.loss) || (!flatEnough(now) && now.slope >= 0)) {
      bracket = {before, now};
      ends = 2;
      break;
    }
    if (flatEnough(now)) {
      bracket[0] = now;
      ends = 1;
      break;
    }
    const double next = cubicMinimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
    before = now;
    now = at(next);
    ++evaluated;
  }
  if (ends == 1) return bracket[0];
  if (ends == 0) bracket = {start, now};

  bool stuck = false;
  size_t low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  const double widest = direction.abs().max().item<double>();
  for (; round < most; ++round) {
    Point &best = bracket[low], &other = bracket[1 - low];
    if (std::abs(bracket[1].t - bracket[0].t) * widest < tolerance) break;
    const auto [least, greatest] = std::minmax(bracket[0].t, bracket[1].t);
    double next = cubicMinimum(bracket[0], bracket[1], least, greatest);
    // Near an end of the bracket, and again or on it: a tenth of the bracket away from it.
    const double margin = 0.1 * (greatest - least);
    const bool near = std::min(greatest - next, next - least) < margin;
    if (near && (stuck || next >= greatest || next <= least)) {
      next = std::abs(next - greatest) < std::abs(next - least) ? greatest - margin : least + margin;
      stuck = false;
    } else {
      stuck = near;
    }
    now = at(next);
    ++evaluated;
    if (tooHigh(now) || now.loss >= best.loss) {
      other = now;
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
      continue;
    }
    const bool done = flatEnough(now);
    if (!done && now.slope * (other.t - best.t) >= 0) other = best;
    best = now;
    if (done) break;
  }
  return bracket[low];
}

}  // namespace netwright::engine::optimisers
