// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/hint_label.h"

#include <QPainter>
#include <algorithm>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr int kPad = 10, kFoot = 14, kWidest = 620, kShownMs = 7000;

}  // namespace

HintLabel::HintLabel(QWidget* parent) : QWidget(parent) {
  setObjectName("hint");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  timer_.setSingleShot(true);
  timer_.setInterval(kShownMs);
  connect(&timer_, &QTimer::timeout, this, [this] { say({}); });
  hide();
}

void HintLabel::say(const QString& text) {
  text_ = text;
  setAccessibleName(text);
  setVisible(!text.isEmpty());
  if (text.isEmpty()) return timer_.stop();
  timer_.start();
  place();
  raise();
  update();
}

void HintLabel::place() {
  const int room = std::min(kWidest, parentWidget()->width() - 4 * kPad);
  const QFontMetrics metrics(theme::font(theme::TextStyle::Body));
  const QSize text = metrics.boundingRect(QRect(0, 0, room - 2 * kPad, 400), Qt::TextWordWrap, text_).size();
  resize(text + QSize(2 * kPad + 2, 2 * kPad - 4));
  move((parentWidget()->width() - width()) / 2, parentWidget()->height() - height() - kFoot);
}

void HintLabel::paintEvent(QPaintEvent*) {
  const theme::Palette& c = theme::palette();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.setPen(QPen(c.border, 1));
  p.setBrush(c.raised);
  p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadius, theme::kRadius);
  p.setPen(c.text);
  p.setFont(theme::font(theme::TextStyle::Body));
  p.drawText(rect().adjusted(kPad, 0, -kPad, 0), Qt::AlignCenter | Qt::TextWordWrap, text_);
}

}  // namespace netwright::editor
