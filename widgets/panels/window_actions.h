// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of the window and the menus made of them.
#pragma once

#include <QAction>
#include <QMenu>

QT_BEGIN_NAMESPACE
class QMainWindow;
class QUndoGroup;
QT_END_NAMESPACE

namespace netwright::panels {

class ActionRegistry;

inline constexpr int kPages = 5;

// Owned by the window; their shortcuts hold in all of it.
struct WindowActions {
  // pageMenu holds the actions of the visible page.
  QMenu *newMenu = nullptr, *recentMenu = nullptr, *pageMenu = nullptr, *tutorialMenu = nullptr;
  QAction *newProject, *newFromTable, *open, *openArchive, *save, *exportRun, *pack, *packWithRuns, *openFolder,
      *weights, *quit;
  QAction *undo, *redo;
  QAction* pages[kPages];
  QAction *light, *dark, *system, *fullScreen, *resetLayout;
  QAction *start, *pause, *stop;
  QAction *palette, *layerHelp, *shortcuts, *whatsNew, *about;
};

// undo: its active stack is the one that the visible page writes. All actions are added to the registry.
WindowActions makeActions(QMainWindow& window, QUndoGroup& undo, ActionRegistry& registry);

}  // namespace netwright::panels
