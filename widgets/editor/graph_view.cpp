// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/graph_view.h"

#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QScrollBar>
#include <QUrl>
#include <algorithm>
#include <cmath>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/annotations.h"
#include "widgets/editor/canvas_settings.h"
#include "widgets/editor/find_bar.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/hint_label.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/minimap.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/quick_add.h"
#include "widgets/editor/wire_item.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

// A file of the library of blocks, dragged from a file manager; empty for anything else.
QString blockFile(const QMimeData& data) {
  if (data.urls().size() != 1 || !data.urls().front().isLocalFile()) return {};
  const QString path = data.urls().front().toLocalFile();
  QFile file(path);
  constexpr qint64 kHead = 200;
  const bool ours =
      path.endsWith(".json") && file.open(QIODevice::ReadOnly) && file.read(kHead).contains("\"netwright_blocks\"");
  return ours ? path : QString();
}

constexpr double kFitMargin = 36;
constexpr double kWheelStep = 1.0016;  // per unit of angleDelta: a notch is about 21 %
constexpr const char* kWheelZooms = "design/wheel-zooms";

}  // namespace

GraphView::GraphView(GraphScene* scene, QWidget* parent)
    : QGraphicsView(scene, parent),
      scene_(scene),
      minimap_(new Minimap(scene, this)),
      findBar_(new FindBar(scene, this)),
      hint_(new HintLabel(this)),
      wheelZooms_(canvasSetting(kWheelZooms, false)) {
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
  connect(scene_, &GraphScene::hinted, hint_, &HintLabel::say);
  connect(scene_, &GraphScene::valueEditAsked, this, &GraphView::editValue);
  connect(scene_, &GraphScene::annotationEditAsked, this, &GraphView::editAnnotation);
  connect(scene_, &GraphScene::problemsAsked, this, [this](NodeId node) { showProblems(node); });
  connect(findBar_, &FindBar::nodeFound, this, [this](NodeId node) {
    scene_->select({node});
    centreOn(node);
    findBar_->field()->setFocus();
  });
  connect(findBar_, &FindBar::allChosen, this, [this] {
    std::vector<NodeId> nodes;
    for (const Found& f : findBar_->hits()) nodes.push_back(f.node);
    scene_->select(nodes);
    fitSelection();
  });
  connect(findBar_, &FindBar::closed, this, qOverload<>(&QWidget::setFocus));
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
  fitTo(content);
  fitted_ = true;
}

void GraphView::fitSelection() {
  const QRectF chosen = scene_->selectionRect();
  if (chosen.isEmpty()) return fit();
  fitTo(chosen);
  fitted_ = false;
}

void GraphView::fitTo(const QRectF& area) {
  const QSizeF room(viewport()->width() - 2 * kFitMargin, viewport()->height() - 2 * kFitMargin);
  const double zoom = std::min({room.width() / area.width(), room.height() / area.height(), kFitLimit});
  setTransform(QTransform::fromScale(std::max(zoom, kMinZoom), std::max(zoom, kMinZoom)));
  centerOn(area.center());
  Q_EMIT zoomChanged(this->zoom());
}

void GraphView::goTo(QPointF scenePoint) {
  fitted_ = false;
  centerOn(scenePoint);
}

void GraphView::setWheelZooms(bool on) {
  wheelZooms_ = on;
  rememberCanvasSetting(kWheelZooms, on);
}

void GraphView::centreOn(NodeId node) {
  if (const NodeItem* item = scene_->item(node)) goTo(item->sceneBody().center());
}

void GraphView::keepInView(NodeId node) {
  if (const NodeItem* item = scene_->item(node)) ensureVisible(item->sceneBody(), 40, 40);
}

QPointF GraphView::cursorScenePos() const {
  const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
  return mapToScene(viewport()->rect().contains(at) ? at : viewport()->rect().center());
}

// Keys that mean something on the canvas go there, not to shortcuts of the window.
bool GraphView::event(QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride) return QGraphicsView::event(event);
  auto& key = static_cast<QKeyEvent&>(*event);
  if (key.matches(QKeySequence::Undo) || key.matches(QKeySequence::Redo) || actionFor(key)) key.accept();
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

// The wheel and two fingers on a touchpad move the canvas, Ctrl with either zooms; a setting swaps them for mice.
void GraphView::wheelEvent(QWheelEvent* event) {
  const QPoint delta = event->pixelDelta().isNull() ? event->angleDelta() : event->pixelDelta();
  const QPoint turn = event->angleDelta().isNull() ? event->pixelDelta() : event->angleDelta();
  const bool control = event->modifiers() & Qt::ControlModifier, shift = event->modifiers() & Qt::ShiftModifier;
  event->accept();
  if (!shift && turn.y() != 0 && control != wheelZooms_)
    return setZoom(zoom() * std::pow(kWheelStep, turn.y()), event->position());
  fitted_ = false;
  const bool sideways = shift && delta.x() == 0;
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (sideways ? delta.y() : delta.x()));
  if (!sideways) verticalScrollBar()->setValue(verticalScrollBar()->value() - delta.y());
}

void GraphView::contextMenuEvent(QContextMenuEvent* event) {
  if (actions_.all.isEmpty()) return;
  const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
  const QRectF chosenRect = scene_->selectionRect();
  const QPointF at = byKey && !chosenRect.isNull() ? chosenRect.center() : mapToScene(event->pos());
  NodeItem* node = byKey ? nullptr : scene_->nodeAt(at);
  WireItem* wire = node || byKey ? nullptr : scene_->wireAt(at);
  AnnotationItem* annotation = node || wire || byKey ? nullptr : scene_->annotationAt(at);
  if (node && !node->isSelected()) scene_->select({node->node()});
  if (annotation && !annotation->isSelected()) scene_->select({}, {annotation->id()});
  if (wire) {
    scene_->clearSelection();
    wire->setSelected(true);
  }
  QMenu menu(this);
  menu.addAction(actions_["add"]->icon(), actions_["add"]->text(), this, [this, at] { askForLayer(at); })
      ->setShortcut(Qt::Key_Space);
  menu.addAction(actions_["frame"]);
  menu.addAction(actions_["note"]);
  menu.addSeparator();
  for (const char* id : {"edit", "edit-here", "connect"})
    if (actions_[id]->isEnabled()) menu.addAction(actions_[id]);
  const auto chosen = scene_->selectedNodes();
  if (chosen.size() == 1 && scene_->item(chosen.front())->face().severity) menu.addAction(actions_["problems"]);
  if (!scene_->selectedAnnotations().empty()) {
    QMenu* colours = menu.addMenu(tr("Colour"));
    for (const AnnotationColour& colour : annotationColours()) {
      QPixmap swatch(14, 14);
      swatch.fill(colour.hue);
      colours->addAction(swatch, colour.title, this, [this, id = colour.id] { scene_->setAnnotationColour(id); });
    }
  }
  menu.addSeparator();
  menu.addAction(actions_["cut"]);
  menu.addAction(actions_["copy"]);
  menu.addAction(actions_["paste"]->icon(), actions_["paste"]->text(), this, [this, at] { scene_->pasteClipboard(at); })
      ->setShortcut(QKeySequence::Paste);
  menu.addAction(actions_["duplicate"]);
  menu.addAction(actions_["delete"]);
  menu.addSeparator();
  if (actions_["arrange-selection"]->isEnabled()) menu.addAction(actions_["arrange-selection"]);
  menu.addAction(actions_["fit"]);
  if (actions_["fit-selection"]->isEnabled()) menu.addAction(actions_["fit-selection"]);
  menu.addAction(actions_["save-picture"]);
  menu.exec(byKey ? viewport()->mapToGlobal(mapFromScene(at)) : event->globalPos());
}

// Layers of the palette, and copied layers as text from another program.
void GraphView::dragEnterEvent(QDragEnterEvent* event) {
  const QMimeData& data = *event->mimeData();
  const bool text = data.hasText() && !data.hasUrls();
  if ((data.hasFormat(kLayerMime) || text || !blockFile(data).isEmpty()) && scene_->model().isOpen())
    event->acceptProposedAction();
}

void GraphView::dragMoveEvent(QDragMoveEvent* event) {
  event->acceptProposedAction();
  const auto layer = scene_->layer(QString::fromUtf8(event->mimeData()->data(kLayerMime)));
  if (!layer) return;
  const WireItem* wire = layer->inputs.empty() || layer->outputs.empty()
                             ? nullptr
                             : scene_->wireAt(mapToScene(event->position().toPoint()));
  scene_->markInsertTarget(wire);
  scene_->hint(wire ? tr("Release to put %1 into this wire").arg(QString::fromStdString(layer->title)) : QString());
}

void GraphView::dragLeaveEvent(QDragLeaveEvent*) {
  scene_->markInsertTarget(nullptr);
  scene_->hint({});
}

void GraphView::dropEvent(QDropEvent* event) {
  scene_->markInsertTarget(nullptr);
  scene_->hint({});
  const QPointF at = mapToScene(event->position().toPoint());
  event->acceptProposedAction();
  const QString file = blockFile(*event->mimeData());
  const QString id = event->mimeData()->hasFormat(kLayerMime) ? QString::fromUtf8(event->mimeData()->data(kLayerMime))
                                                              : QString("library:") + file;
  const bool adds = event->mimeData()->hasFormat(kLayerMime) || !file.isEmpty();
  if (const auto layer = adds ? scene_->bring(id) : nullptr)
    scene_->dropLayer(*layer, at);
  else if (!adds)
    scene_->pasteText(event->mimeData()->text(), at);
  setFocus();
}

void GraphView::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (fitted_) fit();
  placeOverlays();
}

void GraphView::placeOverlays() {
  constexpr int kGap = 12;
  minimap_->move(width() - minimap_->width() - kGap, height() - minimap_->height() - kGap);
  findBar_->move(width() - findBar_->width() - kGap, kGap);
  hint_->place();
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
  if (!scene_->document().nodes.empty() || !scene_->document().annotations.empty()) return;
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
