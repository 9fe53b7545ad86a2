// SPDX-License-Identifier: GPL-3.0-or-later
// One action of a page: id, text, help with its key, icon. Used by the pages' lists of actions.
#pragma once

#include <QString>

QT_BEGIN_NAMESPACE
class QAction;
class QWidget;
QT_END_NAMESPACE

namespace netwright::panels {

// Owned by the page, whose keys it listens to.
QAction* addPageAction(QWidget& page, const char* id, const QString& text, const QString& tip, const char* icon,
                       const char* keys = "");

}  // namespace netwright::panels
