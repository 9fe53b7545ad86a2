// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done on the Design page, as actions with the ids "design.…": tool bar, context menu, keys of the canvas
// and the window's registry are made of them.
#pragma once

#include <QAction>
#include <QList>

namespace netwright::editor {

class GraphScene;
class GraphView;

struct DesignActions {
  QList<QAction*> all;
  QAction* operator[](const char* id) const;  // without the prefix; it must exist
};

// Owned by `owner`. Their shortcuts hold while the canvas has the keyboard: GraphView carries them out.
DesignActions makeDesignActions(GraphScene& scene, GraphView& view, QObject* owner);
// Enabled as what is open and selected allows.
void updateDesignActions(const DesignActions& actions, const GraphScene& scene);

}  // namespace netwright::editor
