// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_actions.h"

#include <QCoreApplication>
#include <QWidget>

#include "widgets/theme/icon.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::RunsActions", text); }

}  // namespace

RunsActions makeRunsActions(QWidget& page) {
  const auto make = [&page](const char* id, const QString& text, const QString& help, const char* icon,
                            const QString& keys = {}) {
    auto* action = new QAction(theme::icon(icon, theme::IconRole::Muted), text, &page);
    action->setObjectName(id);
    action->setToolTip(help);
    action->setStatusTip(help);
    if (!keys.isEmpty()) action->setShortcut(QKeySequence(keys));
    page.addAction(action);
    return action;
  };
  RunsActions a;
  a.exportRun =
      make("runs.export", tr("Export…"), tr("Write the selected run's network for other programs."), "export");
  a.again =
      make("runs.again", tr("Run again"),
           tr("Train the run's network once more with its settings and its seed. Undo brings yours back."), "refresh");
  a.branch =
      make("runs.branch", tr("Branch from here"),
           tr("Take the run's network and settings, to start from its weights with what you change."), "arrow-right");
  a.resume =
      make("runs.resume", tr("Resume"), tr("Let a stopped or lost run go on from its newest checkpoint."), "play");
  a.network =
      make("runs.network", tr("Open its network"),
           tr("Show the network and the settings as they were trained on the Design page. Undo brings yours back."),
           "graph");
  a.folder =
      make("runs.folder", tr("Open its folder"), tr("Show the run's checkpoints in the file browser."), "folder");
  a.tag = make("runs.tag", tr("Add a tag…"), tr("Name the selected run so that it is found again."), "plus", "Ctrl+T");
  a.note = make("runs.note", tr("Write a note…"), tr("Write down what the selected run was about."), "copy");
  a.remove = make("runs.delete", tr("Delete"), tr("Move the selected runs to the trash. Undo brings them back."),
                  "trash", "Del");
  a.restore = make("runs.restore", tr("Restore"), tr("Take the selected runs out of the trash."), "undo");
  a.find =
      make("runs.find", tr("Filter…"),
           tr("Show only some runs: words, or terms as in val/accuracy > 0.9 and tag.team = x."), "search", "Ctrl+F");
  a.keepView =
      make("runs.keep-view", tr("Keep this filter…"), tr("Give the filter a name, to choose it later."), "save");
  a.trash = make("runs.trash", tr("Trash"), tr("Show the deleted runs instead of the others."), "trash");
  a.trash->setCheckable(true);
  a.emptyTrash =
      make("runs.empty-trash", tr("Empty trash…"), tr("Remove the deleted runs and their files for good."), "close");
  return a;
}

}  // namespace netwright::panels
