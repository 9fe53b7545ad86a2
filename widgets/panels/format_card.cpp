// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/format_card.h"

#include <QPainter>

#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kPadding = theme::kSpace, kWidth = 276;

}  // namespace

FormatCard::FormatCard(const convert::Exporter& format)
    : format_(format),
      doc_(QString::fromStdString(format.info().doc)),
      extension_(format.info().folder ? tr("folder") : '.' + QString::fromStdString(format.info().extensions.front())) {
  setObjectName("format-" + QString::fromStdString(format.info().id));
  setText(QString::fromStdString(format.info().title));
  setAccessibleName(text());
  setAccessibleDescription(doc_);
  setToolTip(doc_);
  setCheckable(true);
  setAutoExclusive(true);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize FormatCard::sizeHint() const {
  const QFontMetrics small(theme::font(theme::TextStyle::Small)), strong(theme::font(theme::TextStyle::Strong));
  const int words = small.boundingRect(QRect(0, 0, kWidth - 2 * kPadding, 500), Qt::TextWordWrap, doc_).height();
  return {kWidth, strong.height() + words + 2 * kPadding + theme::kSpaceXs};
}

void FormatCard::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(isChecked() ? p.accentSoft : underMouse() ? p.hover : p.raised);
  painter.setPen(QPen(hasFocus()    ? p.focus
                      : isChecked() ? p.accentInk
                                    : p.border,
                      hasFocus() || isChecked() ? 1.6 : 1));
  painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::kRadiusLarge - 2, theme::kRadiusLarge - 2);
  const QRect box = rect().adjusted(kPadding, kPadding, -kPadding, -kPadding);
  painter.setPen(p.text);
  painter.setFont(theme::font(theme::TextStyle::Strong));
  painter.drawText(box, Qt::AlignTop | Qt::AlignLeft, text());
  const int title = painter.fontMetrics().height();
  painter.setPen(p.muted);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.drawText(QRect(box.left(), box.top(), box.width(), title), Qt::AlignRight | Qt::AlignVCenter, extension_);
  painter.drawText(box.adjusted(0, title + theme::kSpaceXs, 0, 0), Qt::TextWordWrap | Qt::AlignTop, doc_);
}

}  // namespace netwright::panels
