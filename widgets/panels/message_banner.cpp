// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/message_banner.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

struct Look {
  const char *frame, *icon;
  theme::IconRole role;
};

Look lookOf(MessageBanner::Kind kind) {
  switch (kind) {
    case MessageBanner::Kind::Success:
      return {"banner-success", "check", theme::IconRole::Success};
    case MessageBanner::Kind::Warning:
      return {"banner-warning", "warning", theme::IconRole::Warning};
    case MessageBanner::Kind::Error:
      return {"banner-error", "error", theme::IconRole::Error};
    default:
      return {"banner-info", "info", theme::IconRole::Accent};
  }
}

}  // namespace

MessageBanner::MessageBanner(QWidget* parent)
    : QFrame(parent),
      icon_(new IconLabel("info", theme::IconRole::Accent, 18)),
      title_(wrapped({}, "strong")),
      why_(wrapped({})),
      next_(wrapped({}, "muted")),
      buttons_(new QHBoxLayout),
      close_(toolButton("close", tr("Close this message"))) {
  setObjectName("banner");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpace, theme::kSpace);
  row->setSpacing(theme::kSpace);
  row->addWidget(icon_, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  for (QLabel* line : {title_, why_, next_}) words->addWidget(line);
  row->addLayout(words, 1);
  buttons_->setSpacing(theme::kSpaceSmall);
  row->addLayout(buttons_);
  row->addWidget(close_, 0, Qt::AlignTop);
  connect(close_, &QToolButton::clicked, this, &MessageBanner::dismiss);
  hide();
}

void MessageBanner::showMessage(Kind kind, const bridge::Message& message) {
  message_ = message;
  const Look look = lookOf(kind);
  theme::setClass(*this, look.frame);
  icon_->setIcon(look.icon, look.role);
  title_->setText(message.title);
  why_->setText(message.why);
  next_->setText(message.next);
  why_->setVisible(!message.why.isEmpty());
  next_->setVisible(!message.next.isEmpty());
  setAccessibleName(message.title);
  show();
}

void MessageBanner::dismiss() {
  if (isHidden()) return;
  hide();
  message_ = {};
  Q_EMIT dismissed();
}

QPushButton* MessageBanner::addButton(const QString& text, const QString& iconName, const QString& classes) {
  QPushButton* made = button(text, iconName, classes);
  buttons_->addWidget(made, 0, Qt::AlignVCenter);
  return made;
}

void MessageBanner::setClosable(bool closable) { close_->setVisible(closable); }

}  // namespace netwright::panels
