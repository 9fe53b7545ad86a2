// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/wire_route.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace netwright::editor {
namespace {

const QRectF kLeft(0, 0, 170, 80), kRight(540, 0, 170, 80);

RouteRequest between(const QRectF& a, const QRectF& b) {
  return {{a.right(), a.top() + 50}, {b.left(), b.top() + 50}, a, b};
}

bool passes(const QPainterPath& path, const QRectF& body) {
  const auto points = samplePoints(path);
  return std::any_of(points.begin(), points.end(), [&](QPointF p) { return body.contains(p); });
}

TEST(WireRoute, FreeWayIsStraight) {
  Router router({kLeft, kRight});
  const QPainterPath path = router.route(between(kLeft, kRight));
  EXPECT_EQ(path.boundingRect().height(), 0);
}

TEST(WireRoute, GoesRoundANodeInBetween) {
  const QRectF middle(270, 0, 170, 80);
  Router router({kLeft, middle, kRight});
  EXPECT_FALSE(passes(router.route(between(kLeft, kRight)), middle));
}

TEST(WireRoute, GoesBackBetweenTheRows) {
  const QRectF next(0, 140, 170, 80);
  Router router({kLeft, kRight, next});
  const QPainterPath path = router.route(between(kRight, next));
  EXPECT_FALSE(passes(path, kLeft));
  EXPECT_FALSE(passes(path, next));
  EXPECT_NEAR(path.pointAtPercent(0.5).y(), 110, 1);
}

TEST(WireRoute, GoesBackBelowATallRow) {
  const QRectF tall(270, 60, 170, 120), next(0, 240, 170, 80);
  Router router({kLeft, tall, kRight, next});
  const QPainterPath path = router.route(between(kRight, next));
  EXPECT_FALSE(passes(path, tall));
}

TEST(WireRoute, TwoDetoursDoNotLieOnEachOther) {
  const QRectF a(0, 140, 170, 80), b(0, 250, 170, 80);
  Router router({kLeft, kRight, a, b});
  const double first = router.route(between(kRight, a)).pointAtPercent(0.5).y();
  const double second = router.route(between(kRight, a)).pointAtPercent(0.5).y();
  EXPECT_GE(std::abs(first - second), 14);
}

TEST(WireLabel, StandsInTheMiddleUnlessThatIsTaken) {
  QPainterPath path({0, 0});
  path.lineTo(400, 0);
  EXPECT_EQ(placeLabel(path, {60, 16}, {}, {}).center(), QPointF(200, 0));
  const QRectF other = placeLabel(path, {60, 16}, {QRectF(180, -10, 40, 20)}, {});
  EXPECT_FALSE(other.intersects(QRectF(180, -10, 40, 20)));
  EXPECT_FALSE(placeLabel(path, {60, 16}, {}, {{200, 0}}).contains(QPointF(200, 0)));
}

TEST(WireLabel, IsLeftOutWhereThereIsNoRoom) {
  QPainterPath path({0, 0});
  path.lineTo(50, 0);
  EXPECT_TRUE(placeLabel(path, {80, 16}, {QRectF(-100, -50, 110, 100), QRectF(40, -50, 100, 100)}, {}).isNull());
}

}  // namespace
}  // namespace netwright::editor
