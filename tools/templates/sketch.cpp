// SPDX-License-Identifier: Apache-2.0
#include "tools/templates/sketch.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "core/layers/registry.h"

namespace netwright::templates {
namespace {

constexpr double kColumn = 270, kRow = 140;           // as the window arranges nodes
constexpr double kNodeWidth = 216, kNodeHeight = 96;  // room for a node
constexpr double kMargin = 24, kTitle = 30, kGap = 40;

[[noreturn]] void refuse(const std::string& id, const std::string& why) {
  std::fprintf(stderr, "template %s: %s\n", id.c_str(), why.c_str());
  std::exit(1);
}

}  // namespace

Sketch::Sketch(std::string name, std::string title, std::string description) : id(std::move(name)) {
  project.name = std::move(title);
  project.description = std::move(description);
  project.data.path = "";
}

Sketch& Sketch::node(const std::string& kind, const std::string& name, const Attributes& params,
                     const std::vector<std::string>& inputs) {
  graph::Document& graph = project.graph;
  const layers::LayerSpec* layer = layers::findLayer(kind);
  if (!layer) refuse(id, "there is no layer " + kind);
  graph::Node made = layers::newNode(*layer, graph, {column_++ * kColumn, row_ * kRow});
  made.name = name;
  for (const auto& [param, value] : params) {
    if (!layer->findParam(param)) refuse(id, name + " has no parameter " + param);
    made.params[param] = value;
  }
  std::vector<std::string> from = inputs;
  if (from.empty() && !layer->inputs.empty()) from = {graph.nodes.back().name};
  for (size_t i = 0; i < from.size(); ++i) {
    const size_t equals = from[i].find('='), colon = from[i].find(':');
    const size_t start = equals == std::string::npos ? 0 : equals + 1;
    const graph::Node* source =
        graph.findByName(from[i].substr(start, colon == std::string::npos ? colon : colon - start));
    if (!source) refuse(id, name + " takes from " + from[i] + ", which is not there");
    const std::string port =
        colon == std::string::npos ? layers::findLayer(source->kind)->outputs.front().name : from[i].substr(colon + 1);
    const std::string to = equals == std::string::npos ? layer->inputs.at(i).name : from[i].substr(0, equals);
    graph.wires.push_back({{source->id, port}, {made.id, to}});
  }
  graph.nodes.push_back(std::move(made));
  return *this;
}

Sketch& Sketch::at(int column, int row) {
  column_ = column;
  row_ = row;
  return *this;
}

Sketch& Sketch::note(const std::string& text, double height, int columns) {
  graph::Annotation note;
  note.id = project.graph.freshAnnotationId();
  note.kind = graph::Annotation::Kind::Note;
  note.text = text;
  note.colour = "amber";
  note.size = {(columns - 1) * kColumn + kNodeWidth, height};
  note.position = {0, -kGap - kTitle - height};
  project.graph.annotations.push_back(std::move(note));
  return *this;
}

Sketch& Sketch::frame(const std::string& title, const std::string& colour, const std::vector<std::string>& nodes) {
  graph::Point low{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()}, high{0, 0};
  for (const std::string& name : nodes) {
    const graph::Node* node = project.graph.findByName(name);
    if (!node) refuse(id, "the frame " + title + " holds " + name + ", which is not there");
    low = {std::min(low.x, node->position.x), std::min(low.y, node->position.y)};
    high = {std::max(high.x, node->position.x), std::max(high.y, node->position.y)};
  }
  graph::Annotation frame;
  frame.id = project.graph.freshAnnotationId();
  frame.text = title;
  frame.colour = colour;
  frame.position = {low.x - kMargin, low.y - kTitle};
  frame.size = {high.x - low.x + kNodeWidth + 2 * kMargin, high.y - low.y + kNodeHeight + kTitle + kMargin / 2};
  project.graph.annotations.push_back(std::move(frame));
  return *this;
}

Sketch& Sketch::trains(const std::string& loss, std::vector<std::string> metrics, double rate, int64_t epochs,
                       int64_t batch) {
  run::Objective& objective = project.run.objectives.front();
  objective.terms.front().loss = loss;
  objective.terms.front().params = layers::findLayer(loss)->defaults();
  objective.terms.front().params.erase("reduction");
  objective.optimiser = {"adam", {{"lr", rate}}};
  project.run.metrics = std::move(metrics);
  project.run.epochs = epochs;
  project.run.batchSize = batch;
  return *this;
}

}  // namespace netwright::templates
