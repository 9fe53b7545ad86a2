// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/window_actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QUndoGroup>

#include "widgets/panels/action_registry.h"
#include "widgets/theme/icon.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::WindowActions", text); }

struct Words {
  const char* id;
  QString text, help;
};

QAction* add(QMenu& menu, const Words& words, const QString& keys = {}, const char* icon = nullptr) {
  QAction* action = menu.addAction(words.text);
  action->setObjectName(words.id);
  action->setToolTip(words.help);
  action->setStatusTip(words.help);
  if (!keys.isEmpty()) action->setShortcuts(QKeySequence::listFromString(keys));
  if (icon) action->setIcon(theme::icon(icon, theme::IconRole::Muted));
  return action;
}

void addFile(WindowActions& a, QMenu& menu) {
  a.newProject = add(menu, {"new", tr("&New project…"), tr("Choose a template for a new project.")}, "Ctrl+N", "plus");
  a.newMenu = menu.addMenu(tr("New from &template"));
  a.newFromTable = add(menu, {"new-from-table", tr("New from a ta&ble…"),
                              tr("A project for a CSV file: target, types and scaling are guessed.")});
  menu.addSeparator();
  a.open = add(menu, {"open", tr("&Open folder…"), tr("Open the folder of a project.")}, "Ctrl+O", "folder");
  a.openArchive = add(
      menu, {"open-archive", tr("Open a &packed project…"), tr("Unpack a .nwz file among your projects and open it.")});
  a.recentMenu = menu.addMenu(tr("Open &recent"));
  menu.addSeparator();
  a.save = add(menu, {"save", tr("&Save"), tr("Write the project's edits to project.json.")}, "Ctrl+S", "save");
  a.exportRun = add(menu,
                    {"export", tr("&Export a trained network…"),
                     tr("Write a run's network for other programs, with proof that it computes the same.")},
                    "Ctrl+E", "export");
  a.weights = add(menu, {"weights", tr("Start from &weights in a file…"),
                         tr("Weights from elsewhere (.pth, .safetensors, .onnx) as the start of the next run.")});
  a.pack = add(menu, {"pack", tr("Pac&k project…"), tr("Put the project into one file, without its runs.")});
  a.packWithRuns = add(
      menu, {"pack-with-runs", tr("Pack project &with its runs…"), tr("Put the project and its runs into one file.")});
  a.openFolder = add(menu, {"open-project-folder", tr("Show the project's &folder"),
                            tr("Open the project's folder in the file browser.")});
  menu.addSeparator();
  a.quit = add(menu, {"quit", tr("&Quit"), tr("Close the window; asks about unsaved edits and a run.")}, "Ctrl+Q");
}

void addEdit(WindowActions& a, QMenu& menu, QUndoGroup& undo) {
  a.undo = undo.createUndoAction(&menu, tr("&Undo"));
  a.undo->setObjectName("undo");
  a.undo->setShortcut(QKeySequence("Ctrl+Z"));
  a.undo->setIcon(theme::icon("undo", theme::IconRole::Muted));
  a.undo->setToolTip(tr("Take the last edit back."));
  a.redo = undo.createRedoAction(&menu, tr("&Redo"));
  a.redo->setObjectName("redo");
  a.redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
  a.redo->setIcon(theme::icon("redo", theme::IconRole::Muted));
  a.redo->setToolTip(tr("Do again what was taken back."));
  menu.addAction(a.undo);
  menu.addAction(a.redo);
}

void addView(WindowActions& a, QMenu& menu) {
  const Words pages[kPages] = {
      {"page-home", tr("&Home"), tr("Templates, recent projects, tutorials.")},
      {"page-design", tr("&Design"), tr("Draw the network.")},
      {"page-train", tr("&Train"), tr("Choose the settings of a run and watch it learn.")},
      {"page-runs", tr("&Runs"), tr("All runs of the project: look at them, compare, tag, resume, export.")},
      {"page-try", tr("Tr&y it"), tr("Show the network something and see what it says.")}};
  const char* icons[kPages] = {"home", "graph", "chart", "runs", "pen"};
  for (int i = 0; i < kPages; ++i) a.pages[i] = add(menu, pages[i], QString("Ctrl+%1").arg(i + 1), icons[i]);
  menu.addSeparator();
  a.palette = add(menu, {"command-palette", tr("&Command palette…"), tr("Find and do anything by its name.")},
                  "Ctrl+K; Ctrl+Shift+P", "search");
  menu.addSeparator();
  auto* looks = new QActionGroup(&menu);
  a.light = add(menu, {"look-light", tr("&Light"), tr("Dark on light.")}, {}, "sun");
  a.dark = add(menu, {"look-dark", tr("D&ark"), tr("Light on dark.")}, {}, "moon");
  a.system = add(menu, {"look-system", tr("As the s&ystem"), tr("Light or dark as the desktop has it.")});
  for (QAction* look : {a.light, a.dark, a.system}) {
    look->setCheckable(true);
    looks->addAction(look);
  }
  menu.addSeparator();
  a.fullScreen = add(menu, {"full-screen", tr("&Full screen"), tr("Use the whole screen, and back.")}, "F11");
  a.fullScreen->setCheckable(true);
  a.resetLayout =
      add(menu, {"reset-layout", tr("Reset la&yout"), tr("Give window, panels and columns their first sizes again.")});
}

void addRun(WindowActions& a, QMenu& menu) {
  a.start = add(menu, {"start", tr("&Start training"), tr("Save the project and train it; a paused run goes on.")},
                "F5", "play");
  a.pause = add(menu, {"pause", tr("&Pause"), tr("Stop after this batch; nothing is lost.")}, "F6", "pause");
  a.stop = add(menu, {"stop", tr("S&top"), tr("End the run after this batch, with a checkpoint.")}, "Shift+F5", "stop");
}

void addHelp(WindowActions& a, QMenu& menu) {
  a.tutorialMenu = menu.addMenu(tr("&Tutorials"));
  a.layerHelp = add(menu,
                    {"layer-help-page", tr("&Help on layers…"),
                     tr("The page of the chosen layer, and of all others: formula, shapes, pitfalls, PyTorch.")},
                    "F1", "help");
  a.shortcuts =
      add(menu, {"shortcuts", tr("&Keyboard shortcuts"), tr("All keys of the window, to look up.")}, "Ctrl+F1");
  a.whatsNew = add(menu, {"whats-new", tr("What is &new"), tr("What this version brings.")}, {}, "info");
  menu.addSeparator();
  a.about = add(menu, {"about", tr("&About Netwright"), tr("Version and licences.")}, {}, "netwright");
}

}  // namespace

WindowActions makeActions(QMainWindow& window, QUndoGroup& undo, ActionRegistry& registry) {
  WindowActions a;
  QMenuBar& bar = *window.menuBar();
  const auto menu = [&](const QString& title, auto fill) {
    QMenu* made = bar.addMenu(title);
    fill(*made);
    registry.add(QString(title).remove('&'), made->actions());
  };
  menu(tr("&File"), [&](QMenu& m) { addFile(a, m); });
  menu(tr("&Edit"), [&](QMenu& m) { addEdit(a, m, undo); });
  menu(tr("&View"), [&](QMenu& m) { addView(a, m); });
  menu(tr("&Run"), [&](QMenu& m) { addRun(a, m); });
  a.pageMenu = bar.addMenu(tr("&Page"));
  a.pageMenu->menuAction()->setVisible(false);
  menu(tr("&Help"), [&](QMenu& m) { addHelp(a, m); });
  for (QMenu* m : bar.findChildren<QMenu*>()) m->setToolTipsVisible(false);
  return a;
}

}  // namespace netwright::panels
