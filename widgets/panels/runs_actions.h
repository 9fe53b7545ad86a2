// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done on the Runs page, as actions for its buttons, menus and keys.
#pragma once

#include <QAction>
#include <QList>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace netwright::panels {

struct RunsActions {
  QAction *exportRun, *again, *branch, *resume, *network, *folder;
  QAction *tag, *note, *remove, *restore;
  QAction *find, *keepView, *trash, *emptyTrash;
  QList<QAction*> all() const {
    return {exportRun, again,  branch,  resume, network,  folder, tag,
            note,      remove, restore, find,   keepView, trash,  emptyTrash};
  }
};

// Owned by the page; their keys hold while it is visible.
RunsActions makeRunsActions(QWidget& page);

}  // namespace netwright::panels
