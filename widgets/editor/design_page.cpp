// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/design_page.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>
#include <QSplitter>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/graph/view.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/palette.h"
#include "widgets/editor/place_bar.h"
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
      actions_(makeDesignActions(*scene_, *view_, this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  view_->setActions(actions_);
  buildToolBar();
  auto* middle = new QWidget;
  auto* stack = new QVBoxLayout(middle);
  stack->setContentsMargins(0, 0, 0, 0);
  stack->setSpacing(0);
  stack->addWidget(new PlaceBar(model_));
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
  connect(form_, &forms::ParamForm::costBatchChanged, this, [this] { scene_->setCostBatch(form_->costBatch()); });
  scene_->setCostBatch(form_->costBatch());
  connect(palette_, &Palette::picked, this, [this](const QString& id) {
    if (const auto layer = model_->isOpen() ? scene_->bring(id) : nullptr)
      scene_->addLayerBesideSelection(*layer, view_->mapToScene(view_->viewport()->rect().center()));
  });
  connect(form_, &forms::ParamForm::helpAsked, this, &DesignPage::helpAsked);
  connect(view_, &GraphView::helpAsked, this, &DesignPage::helpAsked);
  connect(problems_, &ProblemList::nodeClicked, this, qOverload<const NodePath&>(&DesignPage::showNode));
  connect(view_, &GraphView::editAsked, form_, &forms::ParamForm::focusFirstField);
  const auto showBlocks = [this] { palette_->setBlocks(scene_->blocks(), static_cast<bool>(model_->view().block)); };
  connect(scene_, &GraphScene::layersChanged, this, showBlocks);
  showBlocks();
  connect(model_, &bridge::ProjectModel::placeChanged, view_, [this] { view_->fit(); });
  connect(model_, &bridge::ProjectModel::placeChanged, this, &DesignPage::updateActions);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &DesignPage::updateActions);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &DesignPage::updateActions);
  connect(model_->undoStack(), &QUndoStack::indexChanged, this, &DesignPage::updateActions);
  setFocusProxy(view_);
  updateActions();
}

// A button with a menu of these actions; with `main`, a click on it does that one.
QToolButton* DesignPage::addMenu(const char* icon, const QString& text, const QStringList& ids, QAction* main) {
  auto* button = new QToolButton;
  auto* menu = new QMenu(button);
  menu->setToolTipsVisible(true);
  for (const QString& id : ids)
    if (id.isEmpty())
      menu->addSeparator();
    else
      menu->addAction(actions_[id.toLatin1().constData()]);
  button->setMenu(menu);
  button->setPopupMode(main ? QToolButton::MenuButtonPopup : QToolButton::InstantPopup);
  if (main) button->setDefaultAction(main);
  button->setIcon(theme::icon(icon));
  button->setToolTip(main ? main->toolTip() : text);
  button->setAccessibleName(text);
  bar_->addWidget(button);
  return button;
}

// The last steps, newest first; one that is chosen is taken back with all after it.
void DesignPage::fillHistory(QMenu& menu) {
  constexpr int kShown = 15;
  menu.clear();
  QUndoStack& undo = *model_->undoStack();
  for (int i = undo.index() - 1; i >= 0 && undo.index() - i <= kShown; --i)
    menu.addAction(tr("Undo: %1").arg(undo.text(i)), this, [&undo, i] { undo.setIndex(i); });
  if (menu.isEmpty()) menu.addAction(tr("Nothing to take back"))->setEnabled(false);
}

void DesignPage::buildToolBar() {
  bar_->setIconSize({theme::kToolIconSize, theme::kToolIconSize});
  undo_ = new QAction(theme::icon("undo"), tr("Undo"), this);
  redo_ = new QAction(theme::icon("redo"), tr("Redo"), this);
  connect(undo_, &QAction::triggered, model_->undoStack(), &QUndoStack::undo);
  connect(redo_, &QAction::triggered, model_->undoStack(), &QUndoStack::redo);
  QToolButton* history = addMenu("undo", tr("Undo"), {}, undo_);
  connect(history->menu(), &QMenu::aboutToShow, this, [this, history] { fillHistory(*history->menu()); });
  bar_->addAction(redo_);
  bar_->addSeparator();
  for (const char* id : {"add", "frame", "note", "connect", "delete"}) bar_->addAction(actions_[id]);
  bar_->addSeparator();
  addMenu("layers", tr("Blocks"), {"pack", "unpack", "", "enter-block", "leave-block", "", "make-unique", "keep-block"},
          actions_["pack"]);
  bar_->addSeparator();
  addMenu("graph", tr("Arrange"), {"arrange", "arrange-selection"}, actions_["arrange"]);
  bar_->addAction(actions_["freeze"]);
  addMenu("align", tr("Align and distribute the chosen layers"),
          {"align-left", "align-centre", "align-right", "", "align-top", "align-middle", "align-bottom", "",
           "distribute-horizontally", "distribute-vertically", "", "snap"});
  bar_->addSeparator();
  bar_->addAction(actions_["find"]);
  bar_->addAction(actions_["fit"]);
  bar_->addAction(actions_["zoom-out"]);
  zoom_ = new QAction("100 %", this);  // shows the zoom; the action of the page says what it does
  zoom_->setToolTip(actions_["zoom-100"]->toolTip());
  connect(zoom_, &QAction::triggered, actions_["zoom-100"], &QAction::trigger);
  bar_->addAction(zoom_);
  bar_->addAction(actions_["zoom-in"]);
  connect(view_, &GraphView::zoomChanged, this, [this](double z) { zoom_->setText(tr("%1 %").arg(qRound(z * 100))); });
  bar_->addSeparator();
  bar_->addAction(actions_["minimap"]);
  addMenu("more", tr("More for this page"),
          {"save-picture", "copy-picture", "", "fit-selection", "wheel-zooms", "snap", "minimap"});
}

void DesignPage::showSelection() {
  form_->setNodes(scene_->selectedNodes());
  updateActions();
}

QString DesignPage::helpTopic() const {
  if (const QString topic = palette_->helpTopic(); !topic.isEmpty()) return topic;
  const std::vector<NodeId> chosen = scene_->selectedNodes();
  const std::string kind = chosen.size() == 1 ? scene_->document().find(chosen.front())->kind : "";
  return kind == graph::kInstance ? QString() : QString::fromStdString(kind);
}

void DesignPage::showNode(NodeId node) {
  if (!scene_->model().document().find(node)) return;
  scene_->select({node});
  view_->centreOn(node);
  view_->setFocus();
}

void DesignPage::showNode(const NodePath& path) {
  if (path.empty()) return;
  NodePath instances = path;
  instances.pop_back();
  const graph::View place = graph::viewAt(model_->root(), instances);
  model_->show(place);
  showNode(place.path.size() == instances.size() ? path.back() : path[place.path.size()]);
}

void DesignPage::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) return model_->undoStack()->undo();
  if (event->matches(QKeySequence::Redo) || (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_Y))
    return model_->undoStack()->redo();
  for (const char* id : {"find", "find-next", "save-picture"})  // also from palette, form and problems
    if (actions_[id]->isEnabled() && actions_[id]->shortcuts().contains(QKeySequence(event->keyCombination())))
      return actions_[id]->trigger();
  if (event->key() == Qt::Key_Escape) return view_->setFocus();  // from a field back to the canvas
  QWidget::keyPressEvent(event);
}

void DesignPage::updateActions() {
  const QUndoStack& undo = *model_->undoStack();
  undo_->setEnabled(undo.canUndo());
  redo_->setEnabled(undo.canRedo());
  undo_->setToolTip(withKeys(undo.canUndo() ? tr("Undo: %1").arg(undo.undoText()) : tr("Undo"), "Ctrl+Z"));
  redo_->setToolTip(withKeys(undo.canRedo() ? tr("Redo: %1").arg(undo.redoText()) : tr("Redo"), "Ctrl+Y"));
  updateDesignActions(actions_, *scene_);
}

}  // namespace netwright::editor
