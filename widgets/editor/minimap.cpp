// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/minimap.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "widgets/editor/annotation_item.h"
#include "widgets/editor/annotations.h"
#include "widgets/editor/canvas_settings.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/node_style.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr double kMargin = 8;
constexpr const char* kSetting = "design/minimap";

}  // namespace

Minimap::Minimap(GraphScene* scene, GraphView* view)
    : QWidget(view), scene_(scene), view_(view), wanted_(canvasSetting(kSetting, true)) {
  setObjectName("minimap");
  setAccessibleName(tr("Map of the network"));
  setToolTip(tr("The whole network. Click or drag to go there; M hides it."));
  setCursor(Qt::PointingHandCursor);
  resize(sizeHint());
  connect(scene_, &GraphScene::laidOut, this, &Minimap::refresh);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &Minimap::refresh);
  for (const QScrollBar* bar : {view_->horizontalScrollBar(), view_->verticalScrollBar()})
    connect(bar, &QScrollBar::valueChanged, this, &Minimap::follow);
  connect(view_, &GraphView::zoomChanged, this, &Minimap::follow);
  refresh();
}

void Minimap::setWanted(bool wanted) {
  wanted_ = wanted;
  rememberCanvasSetting(kSetting, wanted);
  follow();
}

// A map of what is in view as a whole would only be in the way.
void Minimap::follow() {
  const QRectF seen = view_->mapToScene(view_->viewport()->rect()).boundingRect();
  setVisible(wanted_ && !shown_.isEmpty() && !seen.contains(shown_));
  update();
}

void Minimap::refresh() {
  picture_ = {};
  shown_ = scene_->contentRect();
  follow();
}

QTransform Minimap::fitting() const {
  const QRectF room = QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
  const double scale =
      std::min({room.width() / std::max(shown_.width(), 1.0), room.height() / std::max(shown_.height(), 1.0), 0.2});
  QTransform t;
  t.translate(room.center().x(), room.center().y());
  t.scale(scale, scale);
  t.translate(-shown_.center().x(), -shown_.center().y());
  return t;
}

QPointF Minimap::toScene(QPoint at) const { return fitting().inverted().map(QPointF(at)); }

void Minimap::draw() {
  picture_ = QPixmap(size() * devicePixelRatioF());
  picture_.setDevicePixelRatio(devicePixelRatioF());
  picture_.fill(Qt::transparent);
  const theme::Palette& c = theme::palette();
  QPainter p(&picture_);
  p.setRenderHint(QPainter::Antialiasing);
  p.setPen(QPen(c.border, 1));
  QColor back = c.panel;
  back.setAlphaF(0.94f);
  p.setBrush(back);
  p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadius, theme::kRadius);
  const QTransform t = fitting();
  p.setPen(Qt::NoPen);
  for (const auto& [id, item] : scene_->annotationItems()) {
    p.setBrush(theme::mix(c.panel, annotationHue(item->annotation()), 0.3));
    p.drawRect(t.mapRect(item->sceneBody()));
  }
  for (const auto& [id, item] : scene_->nodeItems()) {
    const bool error = item->face().severity == Severity::Error;
    const QColor tint = item->face().category ? categoryColour(*item->face().category) : c.muted;
    p.setBrush(error ? c.error : theme::mix(c.panel, tint, 0.75));
    QRectF box = t.mapRect(item->sceneBody());
    if (box.width() < 2) box.setWidth(2);
    if (box.height() < 1.5) box.setHeight(1.5);
    p.drawRect(box);
  }
}

void Minimap::paintEvent(QPaintEvent*) {
  if (picture_.isNull() || picture_.size() != size() * devicePixelRatioF()) draw();
  QPainter p(this);
  p.drawPixmap(0, 0, picture_);
  p.setRenderHint(QPainter::Antialiasing);
  const QRectF seen = view_->mapToScene(view_->viewport()->rect()).boundingRect();
  const QRectF box = fitting().mapRect(seen).intersected(QRectF(rect()).adjusted(2, 2, -2, -2));
  const theme::Palette& c = theme::palette();
  QColor light = c.accent;
  light.setAlphaF(0.12f);
  p.setPen(QPen(c.accent, 1.5));
  p.setBrush(light);
  p.drawRoundedRect(box, 3, 3);
}

void Minimap::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) view_->goTo(toScene(event->pos()));
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) view_->goTo(toScene(event->pos()));
}

void Minimap::wheelEvent(QWheelEvent* event) {
  if (event->angleDelta().y()) view_->zoomBy(event->angleDelta().y() > 0 ? 1.2 : 1 / 1.2);
  event->accept();
}

}  // namespace netwright::editor
