// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/design_page.h"

#include <QAction>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QToolBar>
#include <QVBoxLayout>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/palette.h"
#include "widgets/editor/problem_list.h"
#include "widgets/forms/param_form.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kPaletteWidth = 208, kFormWidth = 300;

QString withKeys(const QString& text, const QString& keys) {
  return keys.isEmpty() ? text : QString("%1 (%2)").arg(text, keys);
}

}  // namespace

DesignPage::DesignPage(bridge::ProjectModel* model, QWidget* parent)
    : QWidget(parent),
      model_(model),
      scene_(new GraphScene(model, this)),
      view_(new GraphView(scene_)),
      palette_(new Palette),
      form_(new forms::ParamForm(model)),
      problems_(new ProblemList(model)),
      bar_(new QToolBar),
      columns_(new QSplitter),
      status_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  buildToolBar();
  auto* middle = new QWidget;
  auto* stack = new QVBoxLayout(middle);
  stack->setContentsMargins(0, 0, 0, 0);
  stack->setSpacing(0);
  stack->addWidget(view_, 1);
  stack->addWidget(problems_);
  columns_->addWidget(palette_);
  columns_->addWidget(middle);
  columns_->addWidget(form_);
  columns_->setChildrenCollapsible(false);
  columns_->setStretchFactor(0, 0);
  columns_->setStretchFactor(1, 1);
  columns_->setStretchFactor(2, 0);
  columns_->setSizes({kPaletteWidth, 10000, kFormWidth});
  palette_->setMinimumWidth(150);
  middle->setMinimumWidth(300);
  form_->setMinimumWidth(270);
  column->addWidget(bar_);
  column->addWidget(columns_, 1);

  connect(scene_, &QGraphicsScene::selectionChanged, this, &DesignPage::showSelection);
  connect(scene_, &GraphScene::hinted, status_, &QLabel::setText);
  connect(palette_, &Palette::picked, this, [this](const QString& id) {
    if (const layers::LayerSpec* layer = layers::findLayer(id.toStdString()); layer && model_->isOpen())
      scene_->addLayerBesideSelection(*layer, view_->mapToScene(view_->viewport()->rect().center()));
  });
  connect(problems_, &ProblemList::nodeClicked, this, &DesignPage::showNode);
  connect(view_, &GraphView::editAsked, form_, &forms::ParamForm::focusFirstField);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &DesignPage::updateActions);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &DesignPage::updateActions);
  connect(model_->undoStack(), &QUndoStack::indexChanged, this, &DesignPage::updateActions);
  setFocusProxy(view_);
  updateActions();
}

void DesignPage::buildToolBar() {
  bar_->setIconSize({theme::kToolIconSize, theme::kToolIconSize});
  const auto add = [this](const char* icon, const QString& text, const QString& keys, auto run) {
    QAction* action = bar_->addAction(theme::icon(icon), text);
    action->setToolTip(withKeys(text, keys));
    connect(action, &QAction::triggered, this, run);
    return action;
  };
  undo_ = add("undo", tr("Undo"), "Ctrl+Z", [this] { model_->undoStack()->undo(); });
  redo_ = add("redo", tr("Redo"), "Ctrl+Y", [this] { model_->undoStack()->redo(); });
  bar_->addSeparator();
  add_ = add("plus", tr("Add a layer"), tr("Space"), [this] { view_->askForLayer(); });
  remove_ = add("trash", tr("Delete the selection and join what it connected"), tr("Del"),
                [this] { scene_->removeSelection(); });
  bar_->addSeparator();
  arrange_ = add("graph", tr("Arrange all layers"), {}, [this] {
    scene_->arrange(QSizeF(view_->viewport()->size()) - QSizeF(72, 72));
    view_->fit();
  });
  add("fit", tr("Fit the network into the view"), "F", [this] { view_->fit(); });
  add("zoom-out", tr("Zoom out"), {}, [this] { view_->zoomBy(1 / 1.2); });
  QAction* zoom = add("zoom-in", tr("Zoom in"), {}, [this] { view_->zoomBy(1.2); });
  zoom_ = new QAction("100 %", this);
  zoom_->setToolTip(withKeys(tr("Zoom to 100 %"), "Ctrl+0"));
  connect(zoom_, &QAction::triggered, this, [this] { view_->resetZoom(); });
  bar_->insertAction(zoom, zoom_);
  connect(view_, &GraphView::zoomChanged, this, [this](double z) { zoom_->setText(tr("%1 %").arg(qRound(z * 100))); });
  theme::setClass(*status_, "muted");
  status_->setContentsMargins(theme::kSpace, 0, theme::kSpace, 0);
  status_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  bar_->addSeparator();
  bar_->addWidget(status_);
}

void DesignPage::showSelection() {
  form_->setNodes(scene_->selectedNodes());
  updateActions();
}

void DesignPage::showNode(NodeId node) {
  if (!scene_->model().document().find(node)) return;
  scene_->select({node});
  view_->centreOn(node);
  view_->setFocus();
}

void DesignPage::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) return model_->undoStack()->undo();
  if (event->matches(QKeySequence::Redo) || (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_Y))
    return model_->undoStack()->redo();
  QWidget::keyPressEvent(event);
}

void DesignPage::updateActions() {
  const QUndoStack& undo = *model_->undoStack();
  undo_->setEnabled(undo.canUndo());
  redo_->setEnabled(undo.canRedo());
  undo_->setToolTip(withKeys(undo.canUndo() ? tr("Undo: %1").arg(undo.undoText()) : tr("Undo"), "Ctrl+Z"));
  redo_->setToolTip(withKeys(undo.canRedo() ? tr("Redo: %1").arg(undo.redoText()) : tr("Redo"), "Ctrl+Y"));
  add_->setEnabled(model_->isOpen());
  remove_->setEnabled(!scene_->selectedNodes().empty() || !scene_->selectedWires().empty());
  arrange_->setEnabled(!model_->document().nodes.empty());
}

}  // namespace netwright::editor
