// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/nav_rail.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kIcon = 20, kRing = 30;

}  // namespace

NavButton::NavButton(const QString& iconName, const QString& text, bool exclusive) : icon_(iconName) {
  setText(text);
  setAccessibleName(text);
  setCheckable(exclusive);
  setFocusPolicy(Qt::TabFocus);
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] {
    updateGeometry();
    update();
  });
}

void NavButton::setLook(const QString& iconName, const QString& text) {
  icon_ = iconName;
  setText(text);
  setAccessibleName(text);
  update();
}

void NavButton::setProgress(double share) {
  if (share == progress_) return;
  progress_ = share;
  update();
}

QSize NavButton::sizeHint() const {
  const QFontMetrics metrics(theme::font(theme::TextStyle::Small));
  return {qMax(68, metrics.horizontalAdvance(text()) + 16), kRing + metrics.height() + 16};
}

bool NavButton::event(QEvent* event) {
  if (event->type() == QEvent::EnabledChange) setCursor(isEnabled() ? Qt::PointingHandCursor : Qt::ArrowCursor);
  return QAbstractButton::event(event);
}

void NavButton::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF field = QRectF(rect()).adjusted(1, 1, -1, -1);
  painter.setPen(hasFocus() ? QPen(p.focus, 2) : QPen(Qt::NoPen));
  painter.setBrush(isChecked() ? p.accentSoft : isEnabled() && underMouse() ? p.hover : QColor(Qt::transparent));
  painter.drawRoundedRect(field, 8, 8);

  const QColor ink = !isEnabled() ? p.disabled : isChecked() ? p.accentInk : underMouse() ? p.text : p.muted;
  const QRectF ring((width() - kRing) / 2.0, 5, kRing, kRing);
  if (progress_ >= 0) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(p.border, 2.5));
    painter.drawEllipse(ring.adjusted(2, 2, -2, -2));
    painter.setPen(QPen(p.accentInk, 2.5, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(ring.adjusted(2, 2, -2, -2), 90 * 16, qRound(-progress_ * 360 * 16));
  }
  const int size = progress_ >= 0 ? 14 : kIcon;
  const QPixmap picture = theme::iconPixmap(icon_, ink, size, devicePixelRatioF());
  painter.drawPixmap(QPointF(ring.center().x() - size / 2.0, ring.center().y() - size / 2.0), picture);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(ink);
  painter.drawText(QRectF(0, ring.bottom() + 1, width(), height() - ring.bottom() - 5),
                   Qt::AlignHCenter | Qt::AlignVCenter, text());
}

NavRail::NavRail(QWidget* parent) : QWidget(parent), top_(new QVBoxLayout), bottom_(new QVBoxLayout) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpace, theme::kSpaceSmall + 1, theme::kSpace);
  for (QVBoxLayout* part : {top_, bottom_}) part->setSpacing(theme::kSpaceXs);
  column->addLayout(top_);
  column->addStretch();
  column->addLayout(bottom_);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
}

NavButton* NavRail::addPage(const QString& iconName, const QString& text) {
  auto* made = new NavButton(iconName, text);
  made->setAutoExclusive(true);
  const int index = static_cast<int>(pages_.size());
  connect(made, &NavButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
  pages_.append(made);
  top_->addWidget(made);
  return made;
}

NavButton* NavRail::addTool(const QString& iconName, const QString& text) {
  auto* made = new NavButton(iconName, text, false);
  bottom_->addWidget(made);
  return made;
}

int NavRail::current() const {
  for (int i = 0; i < pages_.size(); ++i)
    if (pages_[i]->isChecked()) return i;
  return -1;
}

void NavRail::setCurrent(int index) { pages_[index]->setChecked(true); }

void NavRail::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme::palette().panel);
  painter.fillRect(QRect(width() - 1, 0, 1, height()), theme::palette().subtleBorder);
}

}  // namespace netwright::panels
