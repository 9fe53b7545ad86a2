// SPDX-License-Identifier: GPL-3.0-or-later
// Rectangles by place, so that a question about a few of thousands looks at those nearby only. Used by routes and
// labels of wires.
#pragma once

#include <QRectF>
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <unordered_map>
#include <vector>

namespace netwright::editor {

class RectIndex {
 public:
  RectIndex() = default;
  RectIndex(std::initializer_list<QRectF> rects) {
    for (const QRectF& r : rects) insert(r);
  }
  void insert(const QRectF& rect);
  const std::vector<QRectF>& all() const { return rects_; }
  // Whether one of them intersects `area`.
  bool meets(const QRectF& area) const;
  // Calls `visit(const QRectF&)` once for each that intersects `area`, until one call returns true; tells whether.
  template <class F>
  bool any(const QRectF& area, F visit) const;

 private:
  struct Span {
    int left, top, right, bottom;
  };
  static Span span(const QRectF& rect);
  static uint64_t key(int x, int y) {
    return static_cast<uint64_t>(static_cast<uint32_t>(x)) << 32 | static_cast<uint32_t>(y);
  }
  std::vector<QRectF> rects_;
  std::unordered_map<uint64_t, std::vector<size_t>> cells_;
};

template <class F>
bool RectIndex::any(const QRectF& area, F visit) const {
  const Span s = span(area);
  // A wide area crosses more cells than there are rectangles.
  if ((int64_t{s.right} - s.left + 1) * (int64_t{s.bottom} - s.top + 1) > static_cast<int64_t>(rects_.size())) {
    for (const QRectF& r : rects_)
      if (r.intersects(area) && visit(r)) return true;
    return false;
  }
  for (int x = s.left; x <= s.right; ++x)
    for (int y = s.top; y <= s.bottom; ++y) {
      const auto cell = cells_.find(key(x, y));
      if (cell == cells_.end()) continue;
      for (const size_t i : cell->second) {
        const Span own = span(rects_[i]);  // in the first common cell only
        if (x != std::max(own.left, s.left) || y != std::max(own.top, s.top)) continue;
        if (rects_[i].intersects(area) && visit(rects_[i])) return true;
      }
    }
  return false;
}

}  // namespace netwright::editor
