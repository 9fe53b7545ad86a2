// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/auto_layout.h"

#include <QObject>
#include <algorithm>
#include <cmath>
#include <vector>

#include "widgets/editor/metrics.h"

namespace netwright::editor {
namespace {

using Layer = std::vector<NodeId>;

// Nodes by their longest way from a source. Within a layer, nodes stand in the order of what feeds them.
std::vector<Layer> layersOf(const graph::Document& document) {
  std::map<NodeId, size_t> depth;
  std::vector<NodeId> order = graph::topologicalOrder(document);
  for (const graph::Node& n : document.nodes)
    if (std::find(order.begin(), order.end(), n.id) == order.end()) order.push_back(n.id);
  for (const NodeId id : order) {
    size_t deepest = 0;
    for (const graph::Wire& w : document.wires)
      if (w.to.node == id && depth.contains(w.from.node)) deepest = std::max(deepest, depth[w.from.node] + 1);
    depth[id] = deepest;
  }
  std::vector<Layer> layers;
  for (const NodeId id : order) {
    layers.resize(std::max(layers.size(), depth[id] + 1));
    layers[depth[id]].push_back(id);
  }
  return layers;
}

void orderByFeeders(const graph::Document& document, std::vector<Layer>& layers) {
  std::map<NodeId, double> place;
  for (Layer& layer : layers) {
    std::map<NodeId, double> wanted;
    for (const NodeId id : layer) {
      double sum = 0, count = 0;
      for (const graph::Wire& w : document.wires)
        if (w.to.node == id && place.contains(w.from.node)) sum += place[w.from.node], ++count;
      wanted[id] = count ? sum / count : 0;
    }
    std::stable_sort(layer.begin(), layer.end(), [&](NodeId a, NodeId b) { return wanted[a] < wanted[b]; });
    for (size_t i = 0; i < layer.size(); ++i) place[layer[i]] = static_cast<double>(i);
  }
}

double heightOf(const Layer& layer, const LayoutOptions& options) {
  double height = 0;
  for (const NodeId id : layer) {
    const auto size = options.sizes.find(id);
    height += (size == options.sizes.end() ? kNodeHeight : size->second.height()) + (height > 0 ? kStackGap : 0);
  }
  return height;
}

double onGrid(double v) { return std::ceil(v / kGrid) * kGrid; }

// Heights of the rows when `columns` layers stand in each.
std::vector<double> rowHeights(const std::vector<Layer>& layers, size_t columns, const LayoutOptions& options) {
  std::vector<double> heights((layers.size() + columns - 1) / columns, 0);
  for (size_t i = 0; i < layers.size(); ++i)
    heights[i / columns] = std::max(heights[i / columns], heightOf(layers[i], options));
  return heights;
}

size_t bestColumns(const std::vector<Layer>& layers, const LayoutOptions& options) {
  size_t best = 1;
  double bestScale = 0;
  for (size_t columns = 1; columns <= layers.size(); ++columns) {
    double height = -kRowGap;
    for (const double h : rowHeights(layers, columns, options)) height += h + kRowGap;
    const double width = static_cast<double>(columns) * kColumnPitch - (kColumnPitch - kNodeWidth);
    const double scale = std::min({options.view.width() / width, options.view.height() / height, kFitLimit});
    if (scale < bestScale - 1e-9) continue;
    if (scale < bestScale + 1e-9 && bestScale < kFitLimit) continue;  // more columns only where all of it fits
    best = columns;
    bestScale = scale;
  }
  return best;
}

}  // namespace

std::map<NodeId, graph::Point> arrange(const graph::Document& document, const LayoutOptions& options) {
  std::map<NodeId, graph::Point> places;
  if (document.nodes.empty()) return places;
  graph::Point origin = document.nodes.front().position;
  for (const graph::Node& n : document.nodes) {
    origin.x = std::min(origin.x, n.position.x);
    origin.y = std::min(origin.y, n.position.y);
  }
  std::vector<Layer> layers = layersOf(document);
  orderByFeeders(document, layers);
  const size_t columns = bestColumns(layers, options);
  const std::vector<double> heights = rowHeights(layers, columns, options);
  double top = onGrid(origin.y);
  for (size_t i = 0; i < layers.size(); ++i) {
    if (i > 0 && i % columns == 0) top = onGrid(top + heights[i / columns - 1] + kRowGap);
    double y = top;
    for (const NodeId id : layers[i]) {
      places[id] = {onGrid(origin.x) + static_cast<double>(i % columns) * kColumnPitch, onGrid(y)};
      y += heightOf({id}, options) + kStackGap;
    }
  }
  return places;
}

graph::Edit arrangeEdit(const graph::Document& document, const LayoutOptions& options) {
  graph::Edit edit{QObject::tr("Arrange").toStdString(), {}};
  for (const auto& [id, place] : arrange(document, options))
    if (document.find(id)->position != place) edit.steps.push_back(graph::Move{id, place});
  return edit;
}

}  // namespace netwright::editor
