// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard on the canvas.
#include <QKeyEvent>
#include <algorithm>
#include <set>

#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/quick_add.h"

namespace netwright::editor {

void GraphView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
    if (event->isAutoRepeat()) return;
    spaceHeld_ = true;
    spaceUsed_ = false;
    return viewport()->setCursor(Qt::OpenHandCursor);
  }
  if (runCommand(*event) || moveByKey(*event)) return event->accept();
  event->ignore();
}

// Space alone asks for a layer; held down while the mouse drags, it pans.
void GraphView::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Space || event->isAutoRepeat() || !spaceHeld_)
    return QGraphicsView::keyReleaseEvent(event);
  spaceHeld_ = false;
  if (!panning_) viewport()->unsetCursor();
  if (!spaceUsed_) askForLayer();
}

QAction* GraphView::actionFor(const QKeyEvent& event) const {
  Qt::KeyboardModifiers modifiers = event.modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
  if (event.key() == Qt::Key_Plus) modifiers &= ~Qt::ShiftModifier;  // on many keyboards it is typed with Shift
  const QKeySequence keys(QKeyCombination(modifiers, static_cast<Qt::Key>(event.key())));
  for (QAction* action : actions_.all)
    if (action->isEnabled() && action->shortcuts().contains(keys)) return action;
  return nullptr;
}

bool GraphView::runCommand(QKeyEvent& event) {
  QUndoStack& undo = *scene_->model().undoStack();
  if (event.matches(QKeySequence::Undo)) return undo.undo(), true;
  if (event.matches(QKeySequence::Redo) || (event.modifiers() == Qt::ControlModifier && event.key() == Qt::Key_Y))
    return undo.redo(), true;
  if (QAction* action = actionFor(event)) return action->trigger(), true;
  if (event.key() != Qt::Key_Escape || event.modifiers() != Qt::NoModifier) return false;
  if (!scene_->cancelGesture()) scene_->clearSelection();
  return true;
}

// Arrows move the selection by a step of the grid (with Shift ten steps); with Alt, left and right go along the wires,
// up and down to what stands beside.
bool GraphView::moveByKey(QKeyEvent& event) {
  QPointF by;
  switch (event.key()) {
    case Qt::Key_Left:
      by = {-kGrid, 0};
      break;
    case Qt::Key_Right:
      by = {kGrid, 0};
      break;
    case Qt::Key_Up:
      by = {0, -kGrid};
      break;
    case Qt::Key_Down:
      by = {0, kGrid};
      break;
    default:
      return false;
  }
  if (event.modifiers() & Qt::AltModifier) {
    if (by.x() != 0)
      walkAlong(by.x() > 0);
    else
      walkBeside(by.y() > 0);
    return true;
  }
  if (scene_->selectedNodes().empty() && scene_->selectedAnnotations().empty()) return walk(true);
  scene_->moveSelection(event.modifiers() & Qt::ShiftModifier ? by * 10 : by);
  keepInView(scene_->currentNode());
  return true;
}

bool GraphView::focusNextPrevChild(bool next) { return walk(next) || QGraphicsView::focusNextPrevChild(next); }

// Tab goes from node to node as data flows; at either end it leaves the canvas.
bool GraphView::walk(bool forward) {
  std::vector<NodeId> order = graph::topologicalOrder(scene_->document());
  if (order.empty()) return false;
  if (!forward) std::reverse(order.begin(), order.end());
  const auto chosen = scene_->selectedNodes();
  auto it = chosen.empty() ? order.end() : std::find(order.begin(), order.end(), chosen.back());
  if (it == order.end())
    it = order.begin();
  else if (++it == order.end())
    return false;
  scene_->select({*it});
  keepInView(*it);
  return true;
}

void GraphView::walkAlong(bool forward) {
  const NodeId at = scene_->currentNode();
  for (const graph::Wire& w : scene_->document().wires) {
    if ((forward ? w.from.node : w.to.node) != at) continue;
    const NodeId next = forward ? w.to.node : w.from.node;
    scene_->select({next});
    return keepInView(next);
  }
}

void GraphView::walkBeside(bool forward) {
  const NodeId at = scene_->currentNode();
  const auto& wires = scene_->document().wires;
  std::set<NodeId> sources, targets, found{at};
  for (const graph::Wire& w : wires) {
    if (w.to.node == at) sources.insert(w.from.node);
    if (w.from.node == at) targets.insert(w.to.node);
  }
  for (const graph::Wire& w : wires) {
    if (sources.contains(w.from.node)) found.insert(w.to.node);
    if (targets.contains(w.to.node)) found.insert(w.from.node);
  }
  std::vector<NodeId> beside(found.begin(), found.end());
  std::sort(beside.begin(), beside.end(), [this](NodeId a, NodeId b) {
    const QPointF p = scene_->item(a) ? scene_->item(a)->pos() : QPointF();
    const QPointF q = scene_->item(b) ? scene_->item(b)->pos() : QPointF();
    return std::pair(p.y(), p.x()) < std::pair(q.y(), q.x());
  });
  if (beside.size() < 2) return;
  const auto here = static_cast<size_t>(std::find(beside.begin(), beside.end(), at) - beside.begin());
  const NodeId next = beside[(here + (forward ? 1 : beside.size() - 1)) % beside.size()];
  scene_->select({next});
  keepInView(next);
}

}  // namespace netwright::editor
