// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_overlay.h"

#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <cmath>

#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/node_item.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr double kHeight = 17, kGap = 3, kTextZoom = 0.45;

QString shortNumber(double v) { return std::isfinite(v) ? QString::number(v, 'g', 2) : QStringLiteral("not a number"); }

QString words(const run::NodeStatistics::Node& n) {
  QString text = shortNumber(n.mean) + QStringLiteral(" ± ") + shortNumber(n.deviation);
  if (!std::isnan(n.gradient)) text += NodeOverlay::tr(" · grad %1").arg(shortNumber(n.gradient));
  return text;
}

// Belongs to its node and goes with it. Takes no clicks.
class Note : public QGraphicsItem {
 public:
  enum { Type = UserType + 60 };
  explicit Note(NodeItem* node) : QGraphicsItem(node) {
    setAcceptedMouseButtons(Qt::NoButton);
    setFlag(ItemIgnoresParentOpacity);
  }
  void tell(const run::NodeStatistics::Node& n) {
    prepareGeometryChange();
    told_ = n;
    const double y = static_cast<const NodeItem*>(parentItem())->body().bottom() + kGap;
    box_ = QRectF(0, y, static_cast<const NodeItem*>(parentItem())->body().width(), kHeight);
    update();
  }
  int type() const override { return Type; }
  QRectF boundingRect() const override { return box_; }
  QPainterPath shape() const override { return {}; }  // the mouse finds what is below
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) override {
    if (option->levelOfDetailFromTransform(painter->worldTransform()) < kTextZoom) return;
    const theme::Palette& p = theme::palette();
    const bool dead = told_.gradient == 0, bad = !std::isfinite(told_.mean) || std::isinf(told_.gradient);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QColor back = bad ? p.errorSoft : dead ? p.warningSoft : p.canvas;
    painter->setBrush(back);
    painter->drawRoundedRect(box_, 4, 4);
    painter->setFont(theme::font(theme::TextStyle::Small));
    painter->setPen(bad ? p.error : dead ? p.warning : p.muted);
    painter->drawText(box_.adjusted(6, 0, -6, 0), Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(words(told_), Qt::ElideRight, qRound(box_.width() - 12)));
  }

 private:
  run::NodeStatistics::Node told_;
  QRectF box_;
};

Note* noteOf(const NodeItem& node) {
  for (QGraphicsItem* child : node.childItems())
    if (child->type() == Note::Type) return static_cast<Note*>(child);
  return nullptr;
}

}  // namespace

NodeOverlay::NodeOverlay(GraphScene* scene) : QObject(scene), scene_(scene) {
  connect(&scene->model(), &bridge::ProjectModel::placeChanged, this, &NodeOverlay::display);
}

void NodeOverlay::show(const run::NodeStatistics& statistics) {
  told_.clear();
  for (const run::NodeStatistics::Node& n : statistics.nodes)
    if (!n.node.empty()) told_[NodeId{n.node.front()}] = n;
  display();
}

// An instance of a block tells of the last layer inside it.
const run::NodeStatistics::Node* NodeOverlay::told(NodeId node) const {
  const bridge::ProjectModel& model = scene_->model();
  const std::vector<NodeId> inside = model.prepared().lowered.inside(model.view().flat(node));
  for (auto id = inside.rbegin(); id != inside.rend(); ++id)
    if (const auto it = told_.find(*id); it != told_.end()) return &it->second;
  return nullptr;
}

void NodeOverlay::display() {
  for (const auto& [id, item] : scene_->nodeItems()) {
    Note* note = noteOf(*item);
    const run::NodeStatistics::Node* statistics = told(id);
    if (!statistics) {
      delete note;
      continue;
    }
    if (!note) note = new Note(item);
    note->tell(*statistics);
  }
}

void NodeOverlay::clear() { show({}); }

QString NodeOverlay::text(NodeId node) const {
  const run::NodeStatistics::Node* statistics = told(node);
  return statistics ? words(*statistics) : QString();
}

}  // namespace netwright::editor
