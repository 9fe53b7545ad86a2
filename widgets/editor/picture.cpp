// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/picture.h"

#include <fmt/format.h>

#include <QBuffer>
#include <QCoreApplication>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/wire_item.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr double kMargin = 24;
constexpr double kLargestSide = 16000;  // pixels

// A picture shows the network, not what is chosen in it or hidden from it for a moment.
class Plain {
 public:
  Plain(GraphScene& scene, bool selectionOnly) : scene_(scene) {
    nodes_ = scene.selectedNodes();
    annotations_ = scene.selectedAnnotations();
    const QSignalBlocker quiet(&scene);
    if (selectionOnly) {
      for (const auto& [id, item] : scene.nodeItems()) hideUnless(*item, item->isSelected());
      for (const auto& [id, item] : scene.annotationItems()) hideUnless(*item, item->isSelected());
      for (const graph::Wire& w : scene.document().wires)
        if (WireItem* wire = scene.wireItem(w))
          hideUnless(*wire, scene.item(w.from.node)->isSelected() && scene.item(w.to.node)->isSelected());
    }
    scene.clearSelection();
  }
  ~Plain() {
    const QSignalBlocker quiet(&scene_);
    for (QGraphicsItem* item : hidden_) item->setVisible(true);
    for (const NodeId id : nodes_) scene_.item(id)->setSelected(true);
    for (const int64_t id : annotations_) scene_.annotationItem(id)->setSelected(true);
  }

 private:
  void hideUnless(QGraphicsItem& item, bool keep) {
    if (keep || !item.isVisible()) return;
    item.setVisible(false);
    hidden_.push_back(&item);
  }
  GraphScene& scene_;
  std::vector<NodeId> nodes_;
  std::vector<int64_t> annotations_;
  std::vector<QGraphicsItem*> hidden_;
};

QRectF areaOf(const GraphScene& scene, const PictureOptions& options) {
  const QRectF area = options.selectionOnly ? scene.selectionRect() : scene.contentRect();
  return area.isEmpty() ? QRectF() : area.adjusted(-kMargin, -kMargin, kMargin, kMargin);
}

void paint(GraphScene& scene, QPaintDevice& device, const QRectF& area, const PictureOptions& options) {
  const Plain plain(scene, options.selectionOnly);
  QPainter painter(&device);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  const QRectF target(0, 0, device.width(), device.height());
  if (options.background) painter.fillRect(target, theme::palette().canvas);
  scene.render(&painter, target, area, Qt::KeepAspectRatio);
}

std::string svg(GraphScene& scene, const QRectF& area, const PictureOptions& options) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(area.size().toSize());
  generator.setViewBox(QRect({0, 0}, area.size().toSize()));
  generator.setTitle(QString::fromStdString(scene.model().project().name));
  paint(scene, generator, area, options);
  return buffer.data().toStdString();
}

std::string png(const QImage& image) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return buffer.data().toStdString();
}

}  // namespace

QImage drawPicture(GraphScene& scene, const PictureOptions& options) {
  const QRectF area = areaOf(scene, options);
  if (area.isNull()) return {};
  const double scale = std::min(options.scale, kLargestSide / std::max(area.width(), area.height()));
  QImage image((area.size() * scale).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  paint(scene, image, area, options);
  return image;
}

void savePicture(GraphScene& scene, const QString& path, const PictureOptions& options) {
  const QRectF area = areaOf(scene, options);
  if (area.isNull())
    failInput("There is nothing to draw.", "The network has no layers, or none is chosen.", "Add or choose a layer.");
  if (path.endsWith(".svg", Qt::CaseInsensitive)) return writeFileAtomic(path.toStdString(), svg(scene, area, options));
  if (path.endsWith(".png", Qt::CaseInsensitive))
    return writeFileAtomic(path.toStdString(), png(drawPicture(scene, options)));
  failInput(fmt::format("{} is neither a PNG nor an SVG.", path.toStdString()),
            "The format follows from the extension.", "End the name with .png or .svg.");
}

}  // namespace netwright::editor
