// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/legend_chip.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

#include "widgets/charts/chart_paint.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::charts {
namespace {

constexpr int kSwatch = 14;
constexpr int kPad = 8;
constexpr int kGap = 6;
constexpr double kMostName = 180;

QFont valueFont() {
  QFont font = theme::font(theme::TextStyle::Figures);
  font.setPointSizeF(theme::font(theme::TextStyle::Small).pointSizeF());
  return font;
}

// Room for a typical number, so that chips do not wander while values change.
double valueWidth(const QString& value) {
  const QFontMetricsF metrics(valueFont());
  return value.isEmpty() ? 0 : std::max(metrics.horizontalAdvance(value), metrics.horizontalAdvance("0.0000"));
}

}  // namespace

LegendChip::LegendChip(const SeriesStyle& style, QWidget* parent) : QAbstractButton(parent), style_(style) {
  setCheckable(true);
  setChecked(true);
  setText(style.name);
  setAccessibleName(style.name);
  setToolTip(tr("%1: click to hide or show").arg(style.name));
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::TabFocus);
  setAttribute(Qt::WA_Hover);
}

void LegendChip::setValue(const QString& value) {
  if (value == value_) return;
  const bool wider = valueWidth(value) != valueWidth(value_);
  value_ = value;
  setAccessibleDescription(value);
  if (wider) updateGeometry();
  update();
}

QSize LegendChip::sizeHint() const {
  const QFontMetricsF names(theme::font(theme::TextStyle::Small));
  const double name = std::min(names.horizontalAdvance(style_.name), kMostName);
  const double value = value_.isEmpty() ? 0 : valueWidth(value_) + kGap;
  return {static_cast<int>(std::ceil(2 * kPad + kSwatch + kGap + name + value)) + 1,
          static_cast<int>(std::ceil(names.height())) + 8};
}

bool LegendChip::event(QEvent* event) {
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateGeometry();
  return QAbstractButton::event(event);
}

void LegendChip::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF whole = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.setPen(hasFocus() ? QPen(p.focus, 1.5) : QPen(p.subtleBorder, 1));
  painter.setBrush(underMouse() ? p.pressed : isChecked() ? p.hover : QColor(Qt::transparent));
  painter.drawRoundedRect(whole, whole.height() / 2, whole.height() / 2);

  const QRectF inner = QRectF(rect()).adjusted(kPad, 0, -kPad, 0);
  const QColor line = isChecked() ? p.seriesColour(style_.colour) : p.disabled;
  paintSwatch(painter, QRectF(inner.left(), 0, kSwatch, height()), line, style_.dashed);
  const double value = value_.isEmpty() ? 0 : valueWidth(value_) + kGap;
  const QRectF name = inner.adjusted(kSwatch + kGap, 0, -value, 0);
  QFont font = theme::font(theme::TextStyle::Small);
  font.setStrikeOut(!isChecked());
  painter.setFont(font);
  painter.setPen(isChecked() ? p.text : p.muted);
  painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                   QFontMetricsF(font).elidedText(style_.name, Qt::ElideMiddle, name.width() + 1));
  if (value_.isEmpty()) return;
  painter.setFont(valueFont());
  painter.setPen(p.muted);
  painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, value_);
}

}  // namespace netwright::charts
