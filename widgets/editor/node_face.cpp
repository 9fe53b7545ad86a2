// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_face.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/base/text.h"
#include "core/graph/bypass.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "core/layers/reroute.h"
#include "widgets/editor/node_style.h"

namespace netwright::editor {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("NodeFace", text); }

const std::vector<std::string> kNoPorts;
const std::vector<const Diagnostic*> kNoProblems;

// The layer's ports, then ports that only a broken wire knows.
std::vector<std::string> portNames(const FaceSource& source, const graph::Node& node, bool input) {
  std::vector<std::string> names;
  if (const auto layer = layers::specOf(*source.view().root, node, source.view().block))
    for (const layers::PortSpec& p :
         input ? layers::inputsOf(*layer, node.params) : layers::outputsOf(*layer, node.params))
      names.push_back(p.name);
  for (const std::string& name : source.touched(node.id, input))
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

QString toolTip(const graph::Node& node, const layers::LayerSpec* layer, const NodeFace& face,
                const std::vector<const Diagnostic*>& problems) {
  const QString label =
      layer ? QString("%1 '%2'").arg(face.title, face.name) : QString::fromStdString(layers::label(node));
  QString text = "<p><b>" + label.toHtmlEscaped() + "</b>";
  if (layer && problems.empty()) text += "<br>" + QString::fromStdString(layer->doc).toHtmlEscaped();
  text += "</p>";
  if (node.bypassed) text += "<p>" + tr("Bypassed: what comes in goes out unchanged (Ctrl+M).") + "</p>";
  QStringList costs;
  if (!face.cost.isEmpty()) costs << face.cost;
  if (!face.memory.isEmpty()) costs << tr("%1 of activations").arg(face.memory);
  if (!costs.isEmpty()) text += "<p><small>" + costs.join(QStringLiteral(" · ")) + "</small></p>";
  for (const Diagnostic* d : problems) text += html(*d);
  return text;
}

const program::ValueType* shownType(const FaceSource& source, const graph::Node& node) {
  const auto outputs = outputNames(source, node);
  if (!outputs.empty()) return source.typeAt({node.id, outputs.front()});
  const auto inputs = inputNames(source, node);
  const graph::Wire* wire = inputs.empty() ? nullptr : source.wireInto({node.id, inputs.front()});
  return wire ? source.typeAt(wire->from) : nullptr;
}

// At most three digits above 9,999: two of these stand in one row of a node.
QString compact(int64_t count) {
  if (count < 10'000) return QString::fromStdString(grouped(count));
  double value = static_cast<double>(count);
  int unit = -1;
  for (; value >= 999.5 && unit < 3; ++unit) value /= 1000;
  constexpr const char* kUnits[] = {"k", "M", "G", "T"};
  return QString("%1 %2").arg(value, 0, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0).arg(kUnits[unit]);
}

QString costText(const layers::NodeReport& report, int64_t batch) {
  QStringList parts;
  if (report.parameters == 1) parts << tr("1 param");
  if (report.parameters > 1) parts << tr("%1 params").arg(compact(report.parameters));
  if (const auto macs = report.macs.evaluate({{"N", batch}}); macs && *macs > 0)
    parts << tr("%1 MAC").arg(compact(*macs));
  return parts.join(QStringLiteral(" · "));
}

std::vector<ValueFace> valuesOf(const graph::Node& node, const layers::LayerSpec& layer) {
  std::vector<ValueFace> values;
  for (const ParamSpec& spec : layer.params)
    if (const auto it = node.params.find(spec.name); spec.main && it != node.params.end())
      values.push_back({spec.name, mainText(spec, it->second)});
  return values;
}

}  // namespace

FaceSource::FaceSource(const graph::View& view, const project::Prepared& prepared, int64_t batch)
    : view_(view),
      document_(view.document()),
      prepared_(prepared),
      batch_(batch),
      memory_(program::activationBytes(prepared.lowered.program)) {
  const auto touch = [](std::vector<std::string>& names, const std::string& port) {
    if (std::find(names.begin(), names.end(), port) == names.end()) names.push_back(port);
  };
  bypasses_ = std::any_of(document_.nodes.begin(), document_.nodes.end(), [](const auto& n) { return n.bypassed; });
  for (const graph::Wire& w : document_.wires) {
    into_.emplace(w.to, &w);
    used_.insert(w.from);
    touch(touchedInputs_[w.to.node], w.to.port);
    touch(touchedOutputs_[w.from.node], w.from.port);
  }
  for (const Diagnostic& d : prepared.diagnostics)
    if (const auto own = view.own(d.node)) problems_[*own].push_back(&d);
  for (const program::State& s : prepared.lowered.program.states)
    if (s.frozen) frozen_.insert(s.id.owner.back());
  for (auto& [node, found] : problems_)
    std::stable_sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->severity < b->severity; });
}

const layers::NodeReport* FaceSource::report(NodeId node) const {
  const auto it = prepared_.lowered.nodes.find(view_.flat(node));
  return it == prepared_.lowered.nodes.end() ? nullptr : &it->second;
}

const program::ValueType* FaceSource::typeAt(const PortRef& output) const {
  const auto from = bypasses_ ? graph::origin(document_, output) : std::optional(output);
  return from ? prepared_.lowered.typeAt({view_.flat(from->node), from->port}) : nullptr;
}

const graph::Wire* FaceSource::wireInto(const PortRef& input) const {
  const auto it = into_.find(input);
  return it == into_.end() ? nullptr : it->second;
}

const std::vector<const Diagnostic*>& FaceSource::problemsOf(NodeId node) const {
  const auto it = problems_.find(node);
  return it == problems_.end() ? kNoProblems : it->second;
}

std::optional<int64_t> FaceSource::memory(NodeId node) const {
  program::Dim all = 0;
  for (const NodeId id : prepared_.lowered.inside(view_.flat(node)))
    if (const auto it = memory_.find(id); it != memory_.end()) all = all + it->second;
  return all == program::Dim(0) ? std::nullopt : all.evaluate({{"N", batch_}});
}

bool FaceSource::isFrozen(NodeId node) const {
  if (frozen_.empty()) return false;
  const std::vector<NodeId> inside = prepared_.lowered.inside(view_.flat(node));
  return std::any_of(inside.begin(), inside.end(), [&](NodeId id) { return frozen_.contains(id); });
}

const std::vector<std::string>& FaceSource::touched(NodeId node, bool input) const {
  const auto& all = input ? touchedInputs_ : touchedOutputs_;
  const auto it = all.find(node);
  return it == all.end() ? kNoPorts : it->second;
}

std::vector<std::string> inputNames(const FaceSource& source, const graph::Node& node) {
  return portNames(source, node, true);
}
std::vector<std::string> outputNames(const FaceSource& source, const graph::Node& node) {
  return portNames(source, node, false);
}

NodeFace makeFace(const FaceSource& source, const graph::Node& node) {
  NodeFace face;
  const auto spec = layers::specOf(*source.view().root, node, source.view().block);
  const layers::LayerSpec* layer = spec.get();
  const auto& problems = source.problemsOf(node.id);
  face.title = QString::fromStdString(layer ? layer->title : node.kind);
  face.name = QString::fromStdString(node.name);
  face.line = layer ? mainLine(node, *layer) : tr("unknown kind");
  if (layer) face.category = layer->category;
  if (layer) face.values = valuesOf(node, *layer);
  if (const program::ValueType* type = shownType(source, node)) face.shape = shapeText(*type);
  if (const layers::NodeReport* report = source.report(node.id)) face.cost = costText(*report, source.batch());
  if (source.isFrozen(node.id)) face.cost = tr("frozen · %1").arg(face.cost);
  if (const auto bytes = source.memory(node.id); bytes && *bytes > 0)
    face.memory = QString::fromStdString(byteText(static_cast<double>(*bytes)));
  const auto faulty = [&](const std::string& port) {
    return std::any_of(problems.begin(), problems.end(), [&](const Diagnostic* d) {
      const bool own = d->node.size() == source.view().path.size() + 1;  // not deeper inside
      return own && d->severity == Severity::Error && d->port == port;
    });
  };
  for (const std::string& name : inputNames(source, node))
    face.inputs.push_back({name, source.wireInto({node.id, name}) != nullptr, faulty(name), isOptional(layer, name)});
  for (const std::string& name : outputNames(source, node))
    face.outputs.push_back({name, source.isUsed({node.id, name}), false, false});
  face.bypassed = node.bypassed;
  face.dot = node.kind == layers::kReroute;
  if (!problems.empty() && problems.front()->severity != Severity::Info) face.severity = problems.front()->severity;
  face.toolTip = toolTip(node, layer, face, problems);
  return face;
}

}  // namespace netwright::editor
