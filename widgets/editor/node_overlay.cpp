// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_overlay.h"

#include <QPainter>
#include <QStringList>
#include <QStyleOptionGraphicsItem>
#include <cmath>

#include "core/graph/expand.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/node_item.h"
#include "widgets/forms/bodies_form.h"
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

// What is written below a node, in parts: those that ran are lit.
struct Part {
  QString text;
  bool lit = false;
};

std::vector<Part> partsOf(const run::NodeStatistics::Node& n, const graph::Node& node) {
  if (n.runs.empty()) return {};
  if (n.runs.size() == 1 && node.bodies.size() == 1)
    return {{n.runs[0] == 1 ? NodeOverlay::tr("1 step") : NodeOverlay::tr("%1 steps").arg(n.runs[0]), n.runs[0] > 0}};
  std::vector<Part> parts;
  for (size_t k = 0; k < n.runs.size() && k < node.bodies.size(); ++k)
    parts.push_back({QString("%1 ×%2").arg(forms::bodyName(node, k)).arg(n.runs[k]), n.runs[k] > 0});
  return parts;
}

// Belongs to its node and goes with it. Takes no clicks.
class Note : public QGraphicsItem {
 public:
  enum { Type = UserType + 60 };
  explicit Note(NodeItem* node) : QGraphicsItem(node) {
    setAcceptedMouseButtons(Qt::NoButton);
    setFlag(ItemIgnoresParentOpacity);
  }
  void tell(const run::NodeStatistics::Node& n, std::vector<Part> parts) {
    prepareGeometryChange();
    told_ = n;
    parts_ = std::move(parts);
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
    if (!parts_.empty()) return paintParts(*painter);
    QColor back = bad ? p.errorSoft : dead ? p.warningSoft : p.canvas;
    painter->setBrush(back);
    painter->drawRoundedRect(box_, 4, 4);
    painter->setFont(theme::font(theme::TextStyle::Small));
    painter->setPen(bad ? p.error : dead ? p.warning : p.muted);
    painter->drawText(box_.adjusted(6, 0, -6, 0), Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(words(told_), Qt::ElideRight, qRound(box_.width() - 12)));
  }

 private:
  // As many as there is room for; the rest as "…".
  void paintParts(QPainter& painter) const {
    constexpr double kPadding = 6, kBetween = 4;
    const theme::Palette& p = theme::palette();
    painter.setFont(theme::font(theme::TextStyle::Small));
    double x = box_.left();
    for (const Part& part : parts_) {
      const double width = painter.fontMetrics().horizontalAdvance(part.text) + 2 * kPadding;
      const bool fits = x + width <= box_.right() + 1;
      const QRectF chip(x, box_.top(), fits ? width : box_.right() - x, box_.height());
      if (chip.width() < 2 * kPadding) return;
      painter.setPen(Qt::NoPen);
      painter.setBrush(part.lit ? p.accentSoft : p.canvas);
      painter.drawRoundedRect(chip, 4, 4);
      painter.setPen(part.lit ? p.accent : p.muted);
      painter.drawText(chip, Qt::AlignCenter, fits ? part.text : QStringLiteral("…"));
      if (!fits) return;
      x += width + kBetween;
    }
  }

  run::NodeStatistics::Node told_;
  std::vector<Part> parts_;
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
  if (const auto own = told_.find(model.view().flat(node)); own != told_.end()) return &own->second;
  const std::vector<NodeId> inside = model.prepared().lowered.inside(model.view().flat(node));
  for (auto id = inside.rbegin(); id != inside.rend(); ++id)
    if (const auto it = told_.find(*id); it != told_.end()) return &it->second;
  return nullptr;
}

bool NodeOverlay::idle() const {
  const auto step = graph::bodyStep(scene_->model().view());
  if (!step) return false;
  NodePath path = step->outer;
  path.push_back(step->node);
  const auto owner = told_.find(graph::derivedId(path, {}));
  return owner != told_.end() && step->body < owner->second.runs.size() && owner->second.runs[step->body] == 0;
}

void NodeOverlay::display() {
  const bool idle = this->idle();
  for (const auto& [id, item] : scene_->nodeItems()) {
    Note* note = noteOf(*item);
    const run::NodeStatistics::Node* statistics = told(id);
    const graph::Node* node = scene_->document().find(id);
    const bool port = node && (node->kind == graph::kBlockInput || node->kind == graph::kBlockOutput);
    if (!node || (!statistics && (!idle || port))) {
      delete note;
      continue;
    }
    if (!note) note = new Note(item);
    if (statistics)
      note->tell(*statistics, partsOf(*statistics, *node));
    else
      note->tell({}, {{tr("did not run"), false}});
  }
}

void NodeOverlay::clear() { show({}); }

QString NodeOverlay::text(NodeId node) const {
  const run::NodeStatistics::Node* statistics = told(node);
  const graph::Node* own = scene_->document().find(node);
  if (!statistics || !own) return own && idle() ? tr("did not run") : QString();
  QStringList texts;
  for (const Part& part : partsOf(*statistics, *own)) texts << part.text;
  return texts.isEmpty() ? words(*statistics) : texts.join(QStringLiteral(" · "));
}

}  // namespace netwright::editor
