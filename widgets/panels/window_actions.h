// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of the window and the menus made of them.
#pragma once

#include <QAction>
#include <QMenu>

QT_BEGIN_NAMESPACE
class QMainWindow;
class QUndoStack;
QT_END_NAMESPACE

namespace netwright::panels {

inline constexpr int kPages = 5;

// Owned by the window; their shortcuts hold in all of it.
struct WindowActions {
  QMenu *newMenu = nullptr, *recentMenu = nullptr;
  QAction *newProject, *open, *openArchive, *save, *exportRun, *pack, *packWithRuns, *openFolder, *quit;
  QAction *undo, *redo;
  QAction* pages[kPages];
  QAction *light, *dark, *system, *fullScreen;
  QAction *start, *pause, *stop;
  QAction* about;
};

WindowActions makeActions(QMainWindow& window, QUndoStack& undo);

}  // namespace netwright::panels
