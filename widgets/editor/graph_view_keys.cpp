// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard on the canvas.
#include <QKeyEvent>
#include <algorithm>

#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/metrics.h"
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

bool GraphView::runCommand(QKeyEvent& event) {
  QUndoStack& undo = *scene_->model().undoStack();
  const bool control = event.modifiers() == Qt::ControlModifier, plain = event.modifiers() == Qt::NoModifier;
  if (event.matches(QKeySequence::Undo)) return undo.undo(), true;
  if (event.matches(QKeySequence::Redo) || (control && event.key() == Qt::Key_Y)) return undo.redo(), true;
  if (event.matches(QKeySequence::Copy)) return scene_->copySelection(), true;
  if (event.matches(QKeySequence::Cut)) return scene_->copySelection(true), true;
  if (event.matches(QKeySequence::Paste)) return scene_->pasteClipboard(), true;
  if (event.matches(QKeySequence::SelectAll)) return scene_->selectAll(), true;
  if (control && event.key() == Qt::Key_D) return scene_->duplicateSelection(), true;
  if (control && event.key() == Qt::Key_0) return resetZoom(), true;
  if (event.matches(QKeySequence::ZoomIn)) return zoomBy(1.2), true;
  if (event.matches(QKeySequence::ZoomOut)) return zoomBy(1 / 1.2), true;
  if (!plain) return false;
  switch (event.key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      return scene_->removeSelection(), true;
    case Qt::Key_F:
      return fit(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (!scene_->selectedNodes().empty()) Q_EMIT editAsked();
      return true;
    case Qt::Key_Escape:
      if (!scene_->cancelGesture()) scene_->clearSelection();
      return true;
    default:
      return false;
  }
}

// Arrows move the selection by a step of the grid (with Shift ten steps); with Alt they go along the wires instead.
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
    walkAlong(by.x() > 0 || by.y() > 0);
    return true;
  }
  if (scene_->selectedNodes().empty()) return walk(true);
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

}  // namespace netwright::editor
