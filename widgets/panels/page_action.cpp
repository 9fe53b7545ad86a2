// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/page_action.h"

#include <QAction>
#include <QWidget>

#include "widgets/theme/icon.h"

namespace netwright::panels {

QAction* addPageAction(QWidget& page, const char* id, const QString& text, const QString& tip, const char* icon,
                       const char* keys) {
  auto* action = new QAction(theme::icon(icon, theme::IconRole::Muted), text, &page);
  action->setObjectName(id);
  const QKeySequence sequence{QString(keys)};
  action->setShortcut(sequence);
  action->setToolTip(sequence.isEmpty() ? tip : tip + " (" + sequence.toString(QKeySequence::NativeText) + ')');
  page.addAction(action);
  return action;
}

}  // namespace netwright::panels
