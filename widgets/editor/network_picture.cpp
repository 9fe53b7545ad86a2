// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/network_picture.h"

#include <QPainter>
#include <QPainterPathStroker>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/project/settle.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_face.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/node_style.h"
#include "widgets/editor/wire_item.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr double kMargin = 28, kLargest = 1.1, kLeast = 0.08, kAround = 400;
constexpr double kSign = 22;  // diameter

// Round a node, with the sign at its corner. As large on the screen where the picture is small.
class NodeSign final : public QGraphicsItem {
 public:
  NodeSign(const NodeItem& node, Mark mark) : node_(node), mark_(mark) {
    setZValue(5);
    setAcceptedMouseButtons(Qt::NoButton);
  }
  QRectF boundingRect() const override { return node_.sceneBody().adjusted(-60, -60, 60, 60); }
  void paint(QPainter* p, const QStyleOptionGraphicsItem*, QWidget*) override {
    const theme::Palette& c = theme::palette();
    const double scale = std::clamp(1 / p->worldTransform().m11(), 1.0, 2.4);
    const QColor colour = markColour(mark_);
    const QRectF body = node_.sceneBody().adjusted(-4, -4, 4, 4);
    p->setRenderHint(QPainter::Antialiasing);
    p->setBrush(Qt::NoBrush);
    p->setPen(QPen(colour, 3 * scale));
    p->drawRoundedRect(body, 12, 12);
    const QRectF sign(body.topLeft() - QPointF(kSign, kSign) * scale / 2, QSizeF(kSign, kSign) * scale);
    p->setPen(QPen(c.canvas, 2 * scale));
    p->setBrush(colour);
    p->drawEllipse(sign);
    QFont font = theme::font(theme::TextStyle::Strong);
    font.setPixelSize(qRound(kSign * scale * 0.7));
    p->setFont(font);
    p->setPen(c.canvas);
    p->drawText(sign, Qt::AlignCenter, QString(markSign(mark_)));
    if (p->worldTransform().m11() >= kTextZoom) return;  // the node tells its name itself
    p->setPen(c.text);
    font.setPixelSize(qRound(13 * scale));
    p->setFont(font);
    p->drawText(body, Qt::AlignCenter,
                p->fontMetrics().elidedText(node_.face().name, Qt::ElideRight, int(body.width())));
  }

 private:
  const NodeItem& node_;
  Mark mark_;
};

// A band below a wire.
class WireSign final : public QGraphicsItem {
 public:
  WireSign(const WireItem& wire, Mark mark) : wire_(wire), mark_(mark) {
    setZValue(0.5);
    setAcceptedMouseButtons(Qt::NoButton);
  }
  QRectF boundingRect() const override { return wire_.path().boundingRect().adjusted(-8, -8, 8, 8); }
  void paint(QPainter* p, const QStyleOptionGraphicsItem*, QWidget*) override {
    p->setRenderHint(QPainter::Antialiasing);
    p->setBrush(Qt::NoBrush);
    p->setPen(QPen(theme::mix(theme::palette().canvas, markColour(mark_), 0.6), 8, Qt::SolidLine, Qt::RoundCap));
    p->drawPath(wire_.path());
  }

 private:
  const WireItem& wire_;
  Mark mark_;
};

}  // namespace

QColor markColour(Mark mark) {
  const theme::Palette& c = theme::palette();
  return mark == Mark::OnlyFirst ? c.error : mark == Mark::OnlySecond ? c.success : c.warning;
}

QChar markSign(Mark mark) {
  return mark == Mark::OnlyFirst ? QChar(0x2212) : mark == Mark::OnlySecond ? QChar('+') : QChar(0x2260);
}

NetworkPicture::NetworkPicture(QWidget* parent) : QGraphicsView(parent), scene_(new QGraphicsScene(this)) {
  setScene(scene_);
  setFrameShape(NoFrame);
  setDragMode(ScrollHandDrag);
  setTransformationAnchor(AnchorUnderMouse);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setRenderHint(QPainter::Antialiasing);
  setMinimumSize(160, 90);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { viewport()->update(); });
}

NetworkPicture::~NetworkPicture() { clear(); }

void NetworkPicture::clear() {
  for (QGraphicsItem* sign : std::exchange(signs_, {})) delete sign;
  for (const auto& [wire, item] : std::exchange(wires_, {})) delete item;  // each owns its label
  for (const auto& [id, item] : std::exchange(nodes_, {})) delete item;
  marks_.clear();
}

void NetworkPicture::display(std::shared_ptr<const SeenNetwork> network) {
  clear();
  network_ = std::move(network);
  if (!network_) return;
  const graph::Document& document = network_->project.graph;
  const FaceSource source(graph::viewOf(document), network_->prepared,
                          project::settledRun(network_->project).batchSize);
  for (const graph::Node& node : document.nodes) {
    NodeItem* item = nodes_[node.id] = new NodeItem(node.id, makeFace(source, node));
    item->setPos(node.position.x, node.position.y);
    scene_->addItem(item);
  }
  for (const graph::Wire& wire : document.wires) {
    if (!nodes_.contains(wire.from.node) || !nodes_.contains(wire.to.node)) continue;
    WireItem* item = wires_[wire] = new WireItem(wire);
    const program::ValueType* type = source.lowered().typeAt(wire.from);
    item->setMeaning(type ? shapeText(*type) : QString(), false);
    scene_->addItem(item);
  }
  layOutWires(nodes_, wires_);
  fitted_ = true;
  fit();
}

NodeItem* NetworkPicture::item(const std::string& name) const {
  const graph::Node* node = network_ ? network_->project.graph.findByName(name) : nullptr;
  const auto it = node ? nodes_.find(node->id) : nodes_.end();
  return it == nodes_.end() ? nullptr : it->second;
}

void NetworkPicture::mark(const std::string& node, Mark mark) {
  const NodeItem* marked = item(node);
  if (!marked) return;
  marks_[node] = mark;
  signs_.push_back(new NodeSign(*marked, mark));
  scene_->addItem(signs_.back());
}

void NetworkPicture::markWire(const graph::Wire& wire, Mark mark) {
  const auto it = wires_.find(wire);
  if (it == wires_.end()) return;
  signs_.push_back(new WireSign(*it->second, mark));
  scene_->addItem(signs_.back());
}

std::optional<Mark> NetworkPicture::markOf(const std::string& node) const {
  const auto it = marks_.find(node);
  return it == marks_.end() ? std::nullopt : std::optional(it->second);
}

void NetworkPicture::choose(const std::vector<std::string>& nodes) {
  scene_->clearSelection();
  QRectF place;
  for (const std::string& name : nodes)
    if (NodeItem* chosen = item(name)) {
      chosen->setSelected(true);
      place |= chosen->sceneBody();
    }
  if (!place.isEmpty() && !fitted_) ensureVisible(place);
}

std::vector<std::string> NetworkPicture::chosen() const {
  std::vector<std::string> names;
  if (!network_) return names;
  for (const graph::Node& node : network_->project.graph.nodes)
    if (const auto it = nodes_.find(node.id); it != nodes_.end() && it->second->isSelected())
      names.push_back(node.name);
  return names;
}

QRectF NetworkPicture::content() const {
  QRectF all;
  for (const auto& [id, item] : nodes_) all |= item->sceneBody();
  for (const auto& [wire, item] : wires_) all |= item->path().boundingRect();
  return all;
}

void NetworkPicture::fit() {
  const QRectF all = content();
  if (all.isEmpty()) return;
  setSceneRect(all.adjusted(-kAround, -kAround, kAround, kAround));
  const double zoom = std::min({viewport()->width() / (all.width() + 2 * kMargin),
                                viewport()->height() / (all.height() + 2 * kMargin), kLargest});
  setTransform(QTransform::fromScale(std::max(zoom, kLeast), std::max(zoom, kLeast)));
  centerOn(all.center());
  fitted_ = true;
}

void NetworkPicture::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (fitted_) fit();
}

void NetworkPicture::wheelEvent(QWheelEvent* event) {
  const double now = transform().m11();
  const double wanted = std::clamp(now * std::pow(1.0015, event->angleDelta().y()), kLeast, 2.0);
  scale(wanted / now, wanted / now);
  fitted_ = false;
  event->accept();
}

void NetworkPicture::mouseDoubleClickEvent(QMouseEvent*) { fit(); }

void NetworkPicture::drawBackground(QPainter* painter, const QRectF& rect) {
  painter->fillRect(rect, theme::palette().canvas);
}

}  // namespace netwright::editor
