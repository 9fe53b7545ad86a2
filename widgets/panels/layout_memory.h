// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes of panels and columns that last from one start to the next. Used by the window for all pages.
#pragma once

#include <QSettings>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace netwright::panels {

QSettings userSettings();

// Every QSplitter and QHeaderView inside that has an objectName gets its sizes of last time, and keeps the present ones
// when they change. Once for each page, after it was built.
void rememberLayout(QWidget& root);
void resetLayout(QWidget& root);  // what they were when rememberLayout() was called

}  // namespace netwright::panels
