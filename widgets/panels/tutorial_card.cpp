// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/tutorial_card.h"

#include <QPainter>

#include "widgets/panels/tutorial_panel.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kIcon = 20, kTop = 10;

int lineHeight(theme::TextStyle style) { return QFontMetrics(theme::font(style)).height(); }

}  // namespace

TutorialCard::TutorialCard(const bridge::Tutorial& tutorial)
    : id_(tutorial.id), summary_(tutorial.summary), steps_(static_cast<int>(tutorial.steps.size())) {
  setObjectName("tutorial-" + id_);
  setText(tutorial.title);
  setAccessibleName(tr("Tutorial: %1").arg(tutorial.title));
  setAccessibleDescription(tutorial.summary);
  setToolTip(tutorial.summary);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  refresh();
}

void TutorialCard::refresh() {
  done_ = TutorialPanel::wasFinished(id_);
  const TutorialPanel::Place place = TutorialPanel::remembered();
  foot_ = done_                                     ? tr("Done")
          : place.tutorial == id_ && place.step > 0 ? tr("Step %1 of %2").arg(place.step + 1).arg(steps_)
                                                    : tr("%1 steps").arg(steps_);
  update();
}

QSize TutorialCard::sizeHint() const {
  return {300, lineHeight(theme::TextStyle::Strong) + lineHeight(theme::TextStyle::Small) + 2 * kTop + 4};
}

void TutorialCard::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool marked = hasFocus() || underMouse();
  painter.setPen(QPen(hasFocus() ? p.focus : underMouse() ? p.accentInk : p.subtleBorder, marked ? 1.5 : 1));
  painter.setBrush(isDown() ? p.pressed : p.raised);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadiusLarge, theme::kRadiusLarge);
  painter.drawPixmap(
      QPointF(theme::kSpaceLarge, (height() - kIcon) / 2.0),
      theme::iconPixmap(done_ ? "check" : "play", done_ ? p.success : p.accentInk, kIcon, devicePixelRatioF()));
  QRect words(theme::kSpaceLarge + kIcon + theme::kSpace, kTop, 0, lineHeight(theme::TextStyle::Strong));
  words.setRight(width() - theme::kSpaceLarge);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(p.muted);
  painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, foot_);
  const int side = painter.fontMetrics().horizontalAdvance(foot_) + theme::kSpace;
  painter.setFont(theme::font(theme::TextStyle::Strong));
  painter.setPen(p.text);
  painter.drawText(words.adjusted(0, 0, -side, 0), Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(text(), Qt::ElideRight, words.width() - side));
  words.moveTop(words.bottom() + 4);
  words.setHeight(lineHeight(theme::TextStyle::Small));
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(p.muted);
  painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(summary_, Qt::ElideRight, words.width()));
}

}  // namespace netwright::panels
