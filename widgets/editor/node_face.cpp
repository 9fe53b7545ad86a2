// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_face.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/layers/registry.h"
#include "widgets/editor/node_style.h"

namespace netwright::editor {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("NodeFace", text); }

std::vector<std::string> touched(const graph::Document& document, NodeId node, bool input) {
  std::vector<std::string> names;
  for (const graph::Wire& w : document.wires) {
    const PortRef& end = input ? w.to : w.from;
    if (end.node == node && std::find(names.begin(), names.end(), end.port) == names.end()) names.push_back(end.port);
  }
  return names;
}

// The layer's ports, then ports that only a broken wire knows.
std::vector<std::string> portNames(const graph::Document& document, const graph::Node& node, bool input) {
  std::vector<std::string> names;
  if (const layers::LayerSpec* layer = layers::findLayer(node.kind))
    for (const layers::PortSpec& p : input ? layer->inputs : layer->outputs) names.push_back(p.name);
  for (const std::string& name : touched(document, node.id, input))
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

bool isOptional(const layers::LayerSpec* layer, const std::string& input) {
  return layer && std::any_of(layer->inputs.begin(), layer->inputs.end(),
                              [&](const layers::PortSpec& p) { return p.name == input && p.optional; });
}

QString html(const Diagnostic& d) {
  QString text = "<p>" + QString::fromStdString(d.text()).toHtmlEscaped() + "</p>";
  if (!d.chain.empty()) text += "<p><small>" + QString::fromStdString(d.chain).toHtmlEscaped() + "</small></p>";
  return text;
}

QString toolTip(const graph::Node& node, const layers::LayerSpec* layer,
                const std::vector<const Diagnostic*>& problems) {
  QString text = "<p><b>" + QString::fromStdString(layers::label(node)).toHtmlEscaped() + "</b>";
  if (layer && problems.empty()) text += "<br>" + QString::fromStdString(layer->doc).toHtmlEscaped();
  text += "</p>";
  for (const Diagnostic* d : problems) text += html(*d);
  return text;
}

const program::ValueType* shownType(const graph::Document& document, const graph::Node& node,
                                    const layers::Lowered& lowered) {
  const auto outputs = outputNames(document, node);
  if (!outputs.empty()) return lowered.typeAt({node.id, outputs.front()});
  const auto inputs = inputNames(document, node);
  const graph::Wire* wire = inputs.empty() ? nullptr : document.wireInto({node.id, inputs.front()});
  return wire ? lowered.typeAt(wire->from) : nullptr;
}

}  // namespace

std::vector<const Diagnostic*> problemsOf(NodeId node, const Diagnostics& diagnostics) {
  std::vector<const Diagnostic*> found;
  for (const Diagnostic& d : diagnostics)
    if (!d.node.empty() && d.node.back() == node) found.push_back(&d);
  std::stable_sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->severity < b->severity; });
  return found;
}

std::vector<std::string> inputNames(const graph::Document& document, const graph::Node& node) {
  return portNames(document, node, true);
}
std::vector<std::string> outputNames(const graph::Document& document, const graph::Node& node) {
  return portNames(document, node, false);
}

NodeFace makeFace(const graph::Document& document, const graph::Node& node, const project::Prepared& prepared) {
  NodeFace face;
  const layers::LayerSpec* layer = layers::findLayer(node.kind);
  const auto problems = problemsOf(node.id, prepared.diagnostics);
  face.title = QString::fromStdString(layer ? layer->title : node.kind);
  face.name = QString::fromStdString(node.name);
  face.line = layer ? mainLine(node, *layer) : tr("unknown kind");
  if (layer) face.category = layer->category;
  if (const program::ValueType* type = shownType(document, node, prepared.lowered)) face.shape = shapeText(*type);
  const auto report = prepared.lowered.nodes.find(node.id);
  if (report != prepared.lowered.nodes.end() && report->second.parameters > 0)
    face.parameters = tr("%1 params").arg(countText(report->second.parameters));
  const auto faulty = [&](const std::string& port) {
    return std::any_of(problems.begin(), problems.end(),
                       [&](const Diagnostic* d) { return d->severity == Severity::Error && d->port == port; });
  };
  for (const std::string& name : inputNames(document, node))
    face.inputs.push_back({name, document.wireInto({node.id, name}) != nullptr, faulty(name), isOptional(layer, name)});
  for (const std::string& name : outputNames(document, node)) {
    const PortRef port{node.id, name};
    const bool used =
        std::any_of(document.wires.begin(), document.wires.end(), [&](const graph::Wire& w) { return w.from == port; });
    face.outputs.push_back({name, used, false, false});
  }
  if (!problems.empty() && problems.front()->severity != Severity::Info) face.severity = problems.front()->severity;
  face.toolTip = toolTip(node, layer, problems);
  return face;
}

}  // namespace netwright::editor
