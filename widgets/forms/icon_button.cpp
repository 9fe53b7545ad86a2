// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/icon_button.h"

#include <QToolButton>

#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {

QToolButton* iconButton(const QString& icon, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(theme::icon(icon, theme::IconRole::Muted));
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  theme::setClass(*button, "icon");
  return button;
}

}  // namespace netwright::forms
