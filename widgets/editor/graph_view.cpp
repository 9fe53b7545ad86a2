// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/graph_view.h"

#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QMenu>
#include <QMimeData>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/quick_add.h"
#include "widgets/editor/wire_item.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr double kFitMargin = 36;
constexpr double kWheelStep = 1.0016;  // per unit of angleDelta: a notch is about 21 %

}  // namespace

GraphView::GraphView(GraphScene* scene, QWidget* parent) : QGraphicsView(scene, parent), scene_(scene) {
  setFrameShape(NoFrame);
  setAccessibleName(tr("Network"));
  setDragMode(RubberBandDrag);
  setTransformationAnchor(NoAnchor);
  setResizeAnchor(NoAnchor);  // what is drawn stays in its place when the problems open below
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  setFocusPolicy(Qt::StrongFocus);
  setAcceptDrops(true);
  viewport()->grabGesture(Qt::PinchGesture);
  viewport()->setMouseTracking(true);
  connect(scene_, &GraphScene::quickAddAsked, this,
          [this](QPointF at, const std::optional<WireStart>& start) { askForLayer(at, start); });
  connect(scene_, &QGraphicsScene::selectionChanged, this, &GraphView::describe);
  connect(&scene_->model(), &bridge::ProjectModel::projectChanged, this, &GraphView::fit, Qt::QueuedConnection);
  connect(&scene_->model(), &bridge::ProjectModel::documentChanged, this, [this] { fitted_ &= !isVisible(); });
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] {
    resetCachedContent();
    viewport()->update();
  });
}

void GraphView::setZoom(double zoom, QPointF anchor) {
  zoom = std::clamp(zoom, kMinZoom, kMaxZoom);
  if (qFuzzyCompare(zoom, this->zoom())) return;
  fitted_ = false;
  const QPointF before = mapToScene(anchor.toPoint());
  setTransform(QTransform::fromScale(zoom, zoom));
  const QPointF moved = (mapToScene(anchor.toPoint()) - before) * zoom;
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() - qRound(moved.x()));
  verticalScrollBar()->setValue(verticalScrollBar()->value() - qRound(moved.y()));
  Q_EMIT zoomChanged(zoom);
}

void GraphView::zoomBy(double factor) { setZoom(zoom() * factor, viewport()->rect().center()); }
void GraphView::resetZoom() { setZoom(1, viewport()->rect().center()); }

void GraphView::fit() {
  const QRectF content = scene_->contentRect();
  if (content.isEmpty()) return resetZoom();
  const QSizeF room(viewport()->width() - 2 * kFitMargin, viewport()->height() - 2 * kFitMargin);
  const double zoom = std::min({room.width() / content.width(), room.height() / content.height(), kFitLimit});
  setTransform(QTransform::fromScale(std::max(zoom, kMinZoom), std::max(zoom, kMinZoom)));
  centerOn(content.center());
  fitted_ = true;
  Q_EMIT zoomChanged(this->zoom());
}

void GraphView::centreOn(NodeId node) {
  fitted_ = false;
  if (const NodeItem* item = scene_->item(node)) centerOn(item->sceneBody().center());
}

void GraphView::keepInView(NodeId node) {
  if (const NodeItem* item = scene_->item(node)) ensureVisible(item->sceneBody(), 40, 40);
}

QPointF GraphView::cursorScenePos() const {
  const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
  return mapToScene(viewport()->rect().contains(at) ? at : viewport()->rect().center());
}

void GraphView::askForLayer(std::optional<QPointF> at, const std::optional<WireStart>& start) {
  if (!scene_->model().isOpen()) return;
  const bool placed = at.has_value();
  const QPointF place = at.value_or(cursorScenePos());
  delete quickAdd_;
  quickAdd_ = new QuickAdd(start, this);
  connect(quickAdd_, &QuickAdd::picked, this, [this, place, placed, start](const QString& id) {
    const layers::LayerSpec* layer = layers::findLayer(id.toStdString());
    if (start)  // the port that was dragged from lands under the pointer
      scene_->addLayer(*layer, place - QPointF(start->fromOutput ? 0 : kNodeWidth, kFirstPort), start);
    else if (placed)
      scene_->addLayer(*layer, place - QPointF(kNodeWidth, kNodeHeight) / 2, std::nullopt);
    else
      scene_->addLayerBesideSelection(*layer, place);
    setFocus();
    keepInView(scene_->currentNode());
  });
  quickAdd_->popUp(viewport()->mapToGlobal(mapFromScene(place)));
}

QuickAdd* GraphView::quickAdd() const { return quickAdd_; }

bool GraphView::event(QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride) return QGraphicsView::event(event);
  auto& key = static_cast<QKeyEvent&>(*event);
  for (const auto standard : {QKeySequence::Undo, QKeySequence::Redo, QKeySequence::Copy, QKeySequence::Cut,
                              QKeySequence::Paste, QKeySequence::SelectAll, QKeySequence::Delete})
    if (key.matches(standard)) key.accept();
  const bool plain = key.modifiers() == Qt::NoModifier, control = key.modifiers() == Qt::ControlModifier;
  if ((plain && (key.key() == Qt::Key_F || key.key() == Qt::Key_Space)) ||
      (control && (key.key() == Qt::Key_D || key.key() == Qt::Key_0)))
    key.accept();
  return key.isAccepted() || QGraphicsView::event(event);
}

bool GraphView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::NativeGesture) {
    const auto& gesture = static_cast<QNativeGestureEvent&>(*event);
    if (gesture.gestureType() == Qt::ZoomNativeGesture) {
      setZoom(zoom() * (1 + gesture.value()), gesture.position());
      return true;
    }
  }
  if (event->type() == QEvent::Gesture) {
    auto& gestures = static_cast<QGestureEvent&>(*event);
    if (auto* pinch = static_cast<QPinchGesture*>(gestures.gesture(Qt::PinchGesture))) {
      setZoom(zoom() * pinch->scaleFactor(), viewport()->mapFromGlobal(pinch->centerPoint().toPoint()));
      gestures.accept(pinch);
      return true;
    }
  }
  return QGraphicsView::viewportEvent(event);
}

void GraphView::startPan(QPoint at) {
  panning_ = true;
  fitted_ = false;
  panFrom_ = at;
  viewport()->setCursor(Qt::ClosedHandCursor);
}

void GraphView::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && spaceHeld_)) {
    spaceUsed_ = true;
    return startPan(event->pos());
  }
  if (event->button() == Qt::RightButton) return;  // the context menu selects what it is about
  QGraphicsView::mousePressEvent(event);
  if (!scene_->hasGesture() && scene_->selectedWires().empty()) scene_->setWiresSelectable(false);
}

void GraphView::mouseMoveEvent(QMouseEvent* event) {
  if (!panning_) return QGraphicsView::mouseMoveEvent(event);
  const QPoint by = event->pos() - panFrom_;
  panFrom_ = event->pos();
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
  verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
}

void GraphView::mouseReleaseEvent(QMouseEvent* event) {
  if (!panning_) {
    QGraphicsView::mouseReleaseEvent(event);
    return scene_->setWiresSelectable(true);
  }
  panning_ = false;
  viewport()->unsetCursor();
}

void GraphView::wheelEvent(QWheelEvent* event) {
  const QPoint delta = event->angleDelta().isNull() ? event->pixelDelta() : event->angleDelta();
  if (event->modifiers() & Qt::ShiftModifier) {
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (delta.x() ? delta.x() : delta.y()));
  } else if (delta.y() == 0) {
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - delta.x());
  } else {
    setZoom(zoom() * std::pow(kWheelStep, delta.y()), event->position());
  }
  event->accept();
}

void GraphView::contextMenuEvent(QContextMenuEvent* event) {
  const QPointF at = mapToScene(event->pos());
  NodeItem* node = scene_->nodeAt(at);
  if (node && !node->isSelected()) scene_->select({node->node()});
  WireItem* wire = node ? nullptr : scene_->wireAt(at);
  if (wire) {
    scene_->clearSelection();
    wire->setSelected(true);
  }
  const bool chosen = !scene_->selectedNodes().empty();
  QMenu menu(this);
  menu.addAction(theme::icon("plus"), tr("Add a layer…"), this, [this, at] { askForLayer(at); })
      ->setShortcut(Qt::Key_Space);
  menu.addSeparator();
  const auto add = [&](const char* icon, const QString& text, QKeySequence keys, bool enabled, auto run) {
    QAction* action = menu.addAction(theme::icon(icon), text, this, run);
    action->setShortcut(keys);
    action->setEnabled(enabled);
  };
  add("copy", tr("Copy"), QKeySequence::Copy, chosen, [this] { scene_->copySelection(); });
  add("import", tr("Paste"), QKeySequence::Paste, true, [this, at] { scene_->pasteClipboard(at); });
  add("layers", tr("Duplicate"), QKeySequence("Ctrl+D"), chosen, [this] { scene_->duplicateSelection(); });
  add("trash", wire ? tr("Remove the wire") : tr("Delete"), QKeySequence::Delete, chosen || wire,
      [this] { scene_->removeSelection(); });
  menu.addSeparator();
  add("fit", tr("Fit the view"), QKeySequence("F"), true, [this] { fit(); });
  menu.exec(event->globalPos());
}

void GraphView::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasFormat(kLayerMime) && scene_->model().isOpen()) event->acceptProposedAction();
}

void GraphView::dragMoveEvent(QDragMoveEvent* event) {
  const layers::LayerSpec* layer = layers::findLayer(event->mimeData()->data(kLayerMime).toStdString());
  if (!layer) return;
  const WireItem* wire = layer->inputs.empty() || layer->outputs.empty()
                             ? nullptr
                             : scene_->wireAt(mapToScene(event->position().toPoint()));
  scene_->markInsertTarget(wire);
  scene_->hint(wire ? tr("Release to put %1 into this wire").arg(QString::fromStdString(layer->title)) : QString());
  event->acceptProposedAction();
}

void GraphView::dragLeaveEvent(QDragLeaveEvent*) {
  scene_->markInsertTarget(nullptr);
  scene_->hint({});
}

void GraphView::dropEvent(QDropEvent* event) {
  scene_->markInsertTarget(nullptr);
  const layers::LayerSpec* layer = layers::findLayer(event->mimeData()->data(kLayerMime).toStdString());
  if (!layer) return;
  scene_->dropLayer(*layer, mapToScene(event->position().toPoint()));
  event->acceptProposedAction();
  setFocus();
}

void GraphView::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (fitted_) fit();
}

// Dots on the grid, wider apart when zoomed out.
void GraphView::drawBackground(QPainter* painter, const QRectF& rect) {
  const theme::Palette& c = theme::palette();
  painter->fillRect(rect, c.canvas);
  double step = 2 * kGrid;
  while (step * zoom() < 14) step *= 2;
  painter->setRenderHint(QPainter::Antialiasing, false);
  QPen pen(c.gridStrong, 2);
  pen.setCosmetic(true);
  painter->setPen(pen);
  QVector<QPointF> dots;
  for (double x = std::floor(rect.left() / step) * step; x < rect.right(); x += step)
    for (double y = std::floor(rect.top() / step) * step; y < rect.bottom(); y += step) dots << QPointF(x, y);
  painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

void GraphView::drawForeground(QPainter* painter, const QRectF&) {
  if (!scene_->document().nodes.empty()) return;
  painter->save();
  painter->resetTransform();
  const QRect all = viewport()->rect();
  const bool open = scene_->model().isOpen();
  painter->setPen(theme::palette().muted);
  painter->setFont(theme::font(theme::TextStyle::Heading));
  painter->drawText(all.adjusted(0, 0, 0, -28), Qt::AlignCenter,
                    open ? tr("An empty canvas") : tr("No project is open"));
  painter->setFont(theme::font(theme::TextStyle::Body));
  if (open)
    painter->drawText(all.adjusted(0, 28, 0, 0), Qt::AlignCenter,
                      tr("Press Space, double-click, or drag a layer from the left."));
  painter->restore();
}

void GraphView::describe() {
  const std::vector<NodeId> chosen = scene_->selectedNodes();
  QString text = tr("Layers: %1").arg(scene_->document().nodes.size());
  if (chosen.size() == 1) {
    const NodeFace& face = scene_->item(chosen.front())->face();
    text = QString("%1 %2, %3").arg(face.title, face.name, face.shape);
  }
  setAccessibleDescription(text);
}

}  // namespace netwright::editor
