// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/window_actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QUndoStack>

#include "widgets/theme/icon.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::WindowActions", text); }

QAction* add(QMenu& menu, const char* name, const QString& text, const QKeySequence& keys = {},
             const char* icon = nullptr) {
  QAction* action = menu.addAction(text);
  action->setObjectName(name);
  action->setShortcut(keys);
  if (icon) action->setIcon(theme::icon(icon, theme::IconRole::Muted));
  return action;
}

void addFile(WindowActions& a, QMenu& menu) {
  a.newProject = add(menu, "new", tr("&New project…"), QKeySequence("Ctrl+N"), "plus");
  a.newMenu = menu.addMenu(tr("New from &template"));
  menu.addSeparator();
  a.open = add(menu, "open", tr("&Open folder…"), QKeySequence("Ctrl+O"), "folder");
  a.openArchive = add(menu, "open-archive", tr("Open a &packed project…"));
  a.recentMenu = menu.addMenu(tr("Open &recent"));
  menu.addSeparator();
  a.save = add(menu, "save", tr("&Save"), QKeySequence("Ctrl+S"), "save");
  a.exportRun = add(menu, "export", tr("&Export a trained network…"), QKeySequence("Ctrl+E"), "export");
  a.pack = add(menu, "pack", tr("Pac&k project…"));
  a.packWithRuns = add(menu, "pack-with-runs", tr("Pack project &with its runs…"));
  a.openFolder = add(menu, "open-project-folder", tr("Show the project's &folder"));
  menu.addSeparator();
  a.quit = add(menu, "quit", tr("&Quit"), QKeySequence("Ctrl+Q"));
}

void addEdit(WindowActions& a, QMenu& menu, QUndoStack& undo) {
  a.undo = undo.createUndoAction(&menu, tr("&Undo"));
  a.undo->setObjectName("undo");
  a.undo->setShortcut(QKeySequence("Ctrl+Z"));
  a.undo->setIcon(theme::icon("undo", theme::IconRole::Muted));
  a.redo = undo.createRedoAction(&menu, tr("&Redo"));
  a.redo->setObjectName("redo");
  a.redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
  a.redo->setIcon(theme::icon("redo", theme::IconRole::Muted));
  menu.addAction(a.undo);
  menu.addAction(a.redo);
}

void addView(WindowActions& a, QMenu& menu) {
  const char* names[kPages] = {"page-home", "page-design", "page-train", "page-runs", "page-try"};
  const char* icons[kPages] = {"home", "graph", "chart", "runs", "pen"};
  const QString titles[kPages] = {tr("&Home"), tr("&Design"), tr("&Train"), tr("&Runs"), tr("Tr&y it")};
  for (int i = 0; i < kPages; ++i)
    a.pages[i] = add(menu, names[i], titles[i], QKeySequence(QString("Ctrl+%1").arg(i + 1)), icons[i]);
  menu.addSeparator();
  auto* looks = new QActionGroup(&menu);
  a.light = add(menu, "look-light", tr("&Light"));
  a.dark = add(menu, "look-dark", tr("D&ark"));
  a.system = add(menu, "look-system", tr("As the s&ystem"));
  for (QAction* look : {a.light, a.dark, a.system}) {
    look->setCheckable(true);
    looks->addAction(look);
  }
  menu.addSeparator();
  a.fullScreen = add(menu, "full-screen", tr("&Full screen"), QKeySequence("F11"));
  a.fullScreen->setCheckable(true);
}

void addRun(WindowActions& a, QMenu& menu) {
  a.start = add(menu, "start", tr("&Start training"), QKeySequence("F5"), "play");
  a.pause = add(menu, "pause", tr("&Pause"), QKeySequence("F6"), "pause");
  a.stop = add(menu, "stop", tr("S&top"), QKeySequence("Shift+F5"), "stop");
}

}  // namespace

WindowActions makeActions(QMainWindow& window, QUndoStack& undo) {
  WindowActions a;
  QMenuBar& bar = *window.menuBar();
  addFile(a, *bar.addMenu(tr("&File")));
  addEdit(a, *bar.addMenu(tr("&Edit")), undo);
  addView(a, *bar.addMenu(tr("&View")));
  addRun(a, *bar.addMenu(tr("&Run")));
  a.about = add(*bar.addMenu(tr("&Help")), "about", tr("&About Netwright"), {}, "info");
  return a;
}

}  // namespace netwright::panels
