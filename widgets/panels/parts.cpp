// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/parts.h"

#include <QDesktopServices>
#include <QFrame>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {

QLabel* label(const QString& text, const QString& classes) {
  auto* made = new QLabel(text);
  if (!classes.isEmpty()) theme::setClass(*made, classes);
  return made;
}

QLabel* wrapped(const QString& text, const QString& classes) {
  QLabel* made = label(text, classes);
  made->setWordWrap(true);
  made->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return made;
}

QPushButton* button(const QString& text, const QString& iconName, const QString& classes) {
  auto* made = new QPushButton(text);
  const bool filled = classes.contains("primary") || classes.contains("danger");
  if (!iconName.isEmpty())
    made->setIcon(theme::icon(iconName, filled ? theme::IconRole::OnAccent : theme::IconRole::Text));
  if (!classes.isEmpty()) theme::setClass(*made, classes);
  made->setCursor(Qt::PointingHandCursor);
  return made;
}

QToolButton* toolButton(const QString& iconName, const QString& tip) {
  auto* made = new QToolButton;
  made->setIcon(theme::icon(iconName, theme::IconRole::Muted));
  made->setToolTip(tip);
  made->setAccessibleName(tip);
  made->setAutoRaise(true);
  return made;
}

QFrame* card() {
  auto* made = new QFrame;
  theme::setClass(*made, "card");
  return made;
}

QWidget* horizontalLine() {
  auto* line = new QFrame;
  line->setFixedHeight(1);
  const auto colour = [line] {
    QPalette p = line->palette();
    p.setColor(QPalette::Window, theme::palette().subtleBorder);
    line->setPalette(p);
  };
  line->setAutoFillBackground(true);
  QObject::connect(&theme::Theme::instance(), &theme::Theme::changed, line, colour);
  colour();
  return line;
}

void opensFolder(const QString& folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }

IconLabel::IconLabel(const QString& name, theme::IconRole role, int size) : name_(name), role_(role), size_(size) {
  setFixedSize(size, size);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &IconLabel::draw);
  draw();
}

void IconLabel::setIcon(const QString& name, theme::IconRole role) {
  name_ = name;
  role_ = role;
  draw();
}

void IconLabel::draw() { setPixmap(theme::iconPixmap(name_, theme::iconColour(role_), size_, devicePixelRatioF())); }

ElidedLabel::ElidedLabel(const QString& text, Qt::TextElideMode mode) : mode_(mode) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setFullText(text);
}

void ElidedLabel::setFullText(const QString& text) {
  if (full_ == text) return;
  full_ = text;
  setToolTip({});
  elide();
  updateGeometry();
}

QSize ElidedLabel::sizeHint() const {
  return {fontMetrics().horizontalAdvance(full_) + 4, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  elide();
}

void ElidedLabel::elide() {
  const QString shown = fontMetrics().elidedText(full_, mode_, width());
  if (shown != text()) setText(shown);
  setToolTip(shown == full_ ? QString() : full_);
}

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& text)
    : title_(label(title, "heading")), text_(label(text, "muted")), buttons_(new QHBoxLayout) {
  text_->setWordWrap(true);
  text_->setAlignment(Qt::AlignHCenter);
  text_->setFixedWidth(420);
  title_->setAlignment(Qt::AlignHCenter);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(theme::kSpaceSmall);
  column->addStretch(2);
  column->addWidget(new IconLabel(iconName, theme::IconRole::Muted, 40), 0, Qt::AlignHCenter);
  column->addSpacing(theme::kSpaceXs);
  column->addWidget(title_);
  column->addWidget(text_, 0, Qt::AlignHCenter);
  column->addSpacing(theme::kSpaceXs);
  buttons_->setSpacing(theme::kSpaceSmall);
  buttons_->setAlignment(Qt::AlignHCenter);
  column->addLayout(buttons_);
  column->addStretch(3);
}

QPushButton* EmptyState::addButton(const QString& text, const QString& iconName, const QString& classes) {
  QPushButton* made = button(text, iconName, classes);
  buttons_->addWidget(made);
  return made;
}

void EmptyState::setText(const QString& title, const QString& text) {
  title_->setText(title);
  text_->setText(text);
}

}  // namespace netwright::panels
