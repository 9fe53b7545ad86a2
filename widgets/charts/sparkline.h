// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny curve without axes, for cells of tables.
#pragma once

#include <QColor>
#include <QRectF>
#include <span>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace netwright::charts {

// Draws y over evenly spaced positions into `rect`, each pixel column with its exact extremes, the last value as a dot.
// Values that are not finite are gaps; nothing is drawn without finite values.
void paintSparkline(QPainter& painter, const QRectF& rect, std::span<const double> y, const QColor& colour);

}  // namespace netwright::charts
