// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/graph_picture.h"

#include <QHash>

#include "core/base/error.h"
#include "core/layers/node_spec.h"
#include "core/project/project.h"

namespace netwright::bridge {
namespace {

constexpr double kWidth = 170, kHeight = 80;  // of a node in the editor

}  // namespace

GraphPicture pictureOf(const graph::Document& document) {
  GraphPicture picture;
  QHash<qint64, QRectF> places;
  for (const graph::Node& node : document.nodes) {
    const QRectF place(node.position.x, node.position.y, kWidth, kHeight);
    const auto layer = layers::specOf(document, node);
    places.insert(node.id.value, place);
    picture.blocks.append({place, layer ? layer->category : layers::Category::Shape, layer != nullptr});
  }
  for (const graph::Wire& wire : document.wires) {
    const auto from = places.constFind(wire.from.node.value), to = places.constFind(wire.to.node.value);
    if (from == places.constEnd() || to == places.constEnd()) continue;
    picture.wires.append({{from->right(), from->center().y()}, {to->left(), to->center().y()}});
  }
  return picture;
}

GraphPicture pictureOfProject(const QString& folder) {
  try {
    return pictureOf(project::load(folder.toStdString()).graph);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace netwright::bridge
