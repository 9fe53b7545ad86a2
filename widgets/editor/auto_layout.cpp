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

using Feeders = std::map<NodeId, std::vector<NodeId>>;

Feeders feedersOf(const graph::Document& document) {
  Feeders feeders;
  for (const graph::Wire& w : document.wires) feeders[w.to.node].push_back(w.from.node);
  return feeders;
}

// Nodes by their longest way from a source. Within a layer, nodes stand in the order of what feeds them.
std::vector<Layer> layersOf(const graph::Document& document, Feeders& feeders) {
  std::map<NodeId, size_t> depth;
  std::vector<NodeId> order = graph::topologicalOrder(document);
  const std::set<NodeId> sorted(order.begin(), order.end());
  for (const graph::Node& n : document.nodes)
    if (!sorted.contains(n.id)) order.push_back(n.id);
  std::vector<Layer> layers;
  for (const NodeId id : order) {
    size_t deepest = 0;
    for (const NodeId source : feeders[id])
      if (const auto it = depth.find(source); it != depth.end()) deepest = std::max(deepest, it->second + 1);
    depth[id] = deepest;
    layers.resize(std::max(layers.size(), deepest + 1));
    layers[deepest].push_back(id);
  }
  return layers;
}

void orderByFeeders(Feeders& feeders, std::vector<Layer>& layers) {
  std::map<NodeId, double> place;
  for (Layer& layer : layers) {
    std::map<NodeId, double> wanted;
    for (const NodeId id : layer) {
      double sum = 0, count = 0;
      for (const NodeId source : feeders[id])
        if (const auto it = place.find(source); it != place.end()) sum += it->second, ++count;
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
std::vector<double> rowHeights(const std::vector<double>& layers, size_t columns) {
  std::vector<double> heights((layers.size() + columns - 1) / columns, 0);
  for (size_t i = 0; i < layers.size(); ++i) heights[i / columns] = std::max(heights[i / columns], layers[i]);
  return heights;
}

size_t bestColumns(const std::vector<double>& layers, const LayoutOptions& options) {
  size_t best = 1;
  double bestScale = 0;
  for (size_t columns = 1; columns <= layers.size(); ++columns) {
    double height = -kRowGap;
    for (const double h : rowHeights(layers, columns)) height += h + kRowGap;
    const double width = static_cast<double>(columns) * kColumnPitch - (kColumnPitch - kNodeWidth);
    const double scale = std::min({options.view.width() / width, options.view.height() / height, kFitLimit});
    if (scale < bestScale - 1e-9) continue;
    if (scale < bestScale + 1e-9 && bestScale < kFitLimit) continue;  // more columns only where all of it fits
    best = columns;
    bestScale = scale;
  }
  return best;
}

graph::Document partOf(const graph::Document& whole, const std::set<NodeId>& chosen) {
  graph::Document part;
  for (const graph::Node& n : whole.nodes)
    if (chosen.contains(n.id)) part.nodes.push_back(n);
  for (const graph::Wire& w : whole.wires)
    if (chosen.contains(w.from.node) && chosen.contains(w.to.node)) part.wires.push_back(w);
  return part;
}

}  // namespace

std::map<NodeId, graph::Point> arrange(const graph::Document& whole, const LayoutOptions& options) {
  std::map<NodeId, graph::Point> places;
  const graph::Document document = options.only.empty() ? whole : partOf(whole, options.only);
  if (document.nodes.empty()) return places;
  graph::Point origin = document.nodes.front().position;
  for (const graph::Node& n : document.nodes) {
    origin.x = std::min(origin.x, n.position.x);
    origin.y = std::min(origin.y, n.position.y);
  }
  Feeders feeders = feedersOf(document);
  std::vector<Layer> layers = layersOf(document, feeders);
  orderByFeeders(feeders, layers);
  std::vector<double> tall;
  for (const Layer& layer : layers) tall.push_back(heightOf(layer, options));
  const size_t columns = bestColumns(tall, options);
  const std::vector<double> heights = rowHeights(tall, columns);
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
  graph::Edit edit{
      (options.only.empty() ? QObject::tr("Arrange") : QObject::tr("Arrange %1 layers").arg(options.only.size()))
          .toStdString(),
      {}};
  const auto places = arrange(document, options);
  for (const graph::Node& n : document.nodes)
    if (const auto it = places.find(n.id); it != places.end() && n.position != it->second)
      edit.steps.push_back(graph::Move{n.id, it->second});
  return edit;
}

}  // namespace netwright::editor
