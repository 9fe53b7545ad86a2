// SPDX-License-Identifier: GPL-3.0-or-later
// The page on which a network is drawn: palette, canvas, form of the selection, problems below, tool bar above. The
// main window embeds it; undo and redo of the project are on its tool bar, Ctrl+Z and Ctrl+Y work inside it.
#pragma once

#include <QWidget>

#include "core/base/ids.h"
#include "widgets/editor/design_actions.h"

QT_BEGIN_NAMESPACE
class QAction;
class QMenu;
class QSplitter;
class QToolBar;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}
namespace netwright::forms {
class ParamForm;
}

namespace netwright::editor {

class GraphScene;
class GraphView;
class Palette;
class ProblemList;

// `model` outlives the page. The page shows whatever project is open there, or a calm empty canvas.
class DesignPage : public QWidget {
  Q_OBJECT

 public:
  explicit DesignPage(bridge::ProjectModel* model, QWidget* parent = nullptr);

  GraphScene* scene() const { return scene_; }
  GraphView* view() const { return view_; }
  Palette* palette() const { return palette_; }
  forms::ParamForm* form() const { return form_; }
  ProblemList* problems() const { return problems_; }
  const DesignActions& actions() const { return actions_; }
  QList<QAction*> pageActions() const { return actions_.all; }  // for the window's registry

  // The layer that help is wanted on: that in the palette, or the chosen node's; empty if there is none.
  QString helpTopic() const;
  // Selects a node of the body that is shown and brings it into view.
  void showNode(NodeId node);
  // The same where a path leads: opens the block around it first. Also for "go to the node" from other pages.
  void showNode(const NodePath& path);

 Q_SIGNALS:
  void helpAsked(const QString& layer);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void buildToolBar();
  QToolButton* addMenu(const char* icon, const QString& text, const QStringList& ids, QAction* main = nullptr);
  void fillHistory(QMenu& menu);
  void showSelection();
  void updateActions();

  bridge::ProjectModel* model_;
  GraphScene* scene_;
  GraphView* view_;
  Palette* palette_;
  forms::ParamForm* form_;
  ProblemList* problems_;
  QToolBar* bar_;
  QSplitter* columns_;
  DesignActions actions_;
  QAction *undo_ = nullptr, *redo_ = nullptr, *zoom_ = nullptr;
};

}  // namespace netwright::editor
