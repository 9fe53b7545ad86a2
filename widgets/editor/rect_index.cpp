// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/rect_index.h"

#include <cmath>

namespace netwright::editor {
namespace {

constexpr double kCell = 320;
constexpr double kFar = 1e8;  // cells end there; what lies further shares the last one

int cellOf(double v) { return static_cast<int>(std::floor(std::clamp(v, -kFar, kFar) / kCell)); }

}  // namespace

RectIndex::Span RectIndex::span(const QRectF& r) {
  return {cellOf(r.left()), cellOf(r.top()), cellOf(r.right()), cellOf(r.bottom())};
}

void RectIndex::insert(const QRectF& rect) {
  const Span s = span(rect);
  for (int x = s.left; x <= s.right; ++x)
    for (int y = s.top; y <= s.bottom; ++y) cells_[key(x, y)].push_back(rects_.size());
  rects_.push_back(rect);
}

bool RectIndex::meets(const QRectF& area) const {
  return any(area, [](const QRectF&) { return true; });
}

}  // namespace netwright::editor
