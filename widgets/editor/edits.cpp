// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/edits.h"

#include <fmt/format.h>

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/graph/graph_json.h"
#include "core/language/scalar.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "core/layers/reroute.h"
#include "widgets/editor/annotations.h"
#include "widgets/editor/metrics.h"

namespace netwright::editor {
namespace {

using graph::Document;
using graph::Edit;

constexpr const char* kMark = "netwright_graph";
constexpr int kCopyVersion = 1;

QString tr(const char* text) { return QCoreApplication::translate("Edits", text); }

double snapped(double v) { return std::round(v / kGrid) * kGrid; }

// "conv" of "conv12": new names count on from there.
std::string stemOf(const std::string& name) {
  const size_t end = name.find_last_not_of("0123456789");
  return end == std::string::npos ? name : name.substr(0, end + 1);
}

std::optional<graph::Wire> joining(const layers::LayerSpec& layer, NodeId node, const WireStart& start) {
  if (start.fromOutput && !layer.inputs.empty()) return graph::Wire{start.port, {node, layer.inputs.front().name}};
  if (!start.fromOutput && !layer.outputs.empty()) return graph::Wire{{node, layer.outputs.front().name}, start.port};
  return std::nullopt;
}

graph::Point corner(const Document& part) {
  graph::Point p = part.nodes.empty() ? part.annotations.front().position : part.nodes.front().position;
  const auto take = [&](graph::Point q) { p = {std::min(p.x, q.x), std::min(p.y, q.y)}; };
  for (const graph::Node& n : part.nodes) take(n.position);
  for (const graph::Annotation& a : part.annotations) take(a.position);
  return p;
}

// What the clipboard holds; else `refused` says what is wrong with it and what to do.
std::optional<Document> copied(const QString& text, QString& refused) {
  if (text.trimmed().isEmpty()) {
    refused = tr("The clipboard is empty. Choose layers and copy them with Ctrl+C first.");
    return std::nullopt;
  }
  const bool ours = text.contains(kMark);
  try {
    Json json = parseJson(text.toStdString(), tr("The clipboard").toStdString());
    if (json.is_object() && json.contains("netwright") && json.contains("graph") && json["graph"].is_object())
      json = Json(json["graph"]), json[kMark] = kCopyVersion;
    if (!json.is_object() || !json.contains(kMark)) {
      refused = tr("The clipboard holds JSON, but no layers of Netwright. Copy layers with Ctrl+C, or a project.json.");
      return std::nullopt;
    }
    const auto version = jsonGet<int64_t>(json, kMark, kCopyVersion, tr("The clipboard").toStdString());
    if (version > kCopyVersion) {
      refused = tr("The clipboard holds layers of a newer version of Netwright (%1, this one knows %2). Update it.")
                    .arg(version)
                    .arg(kCopyVersion);
      return std::nullopt;
    }
    Document part = graph::fromJson(json, tr("The clipboard").toStdString());
    layers::migrate(part);
    if (!part.nodes.empty() || !part.annotations.empty()) return part;
    refused = tr("The clipboard holds layers of Netwright, but their list is empty.");
  } catch (const Error& e) {
    refused = ours ? tr("The copied layers cannot be read: %1 %2")
                         .arg(QString::fromStdString(e.title), QString::fromStdString(e.why))
                         .trimmed()
                   : tr("The clipboard holds text, but no layers. Choose layers and copy them with Ctrl+C first.");
  }
  return std::nullopt;
}

// Those that formulas of the nodes and of their blocks use, and those that these use in turn.
std::vector<graph::Variable> variablesOf(const Document& part, const std::vector<graph::Variable>& all) {
  std::set<std::string> needed;
  const auto note = [&](const Attribute& value) {
    if (const auto* formula = std::get_if<Formula>(&value))
      for (const std::string& name : language::namesIn(formula->text)) needed.insert(name);
    if (const auto* code = std::get_if<std::string>(&value))  // of an expression; a word more does no harm
      graph::replacedNames(*code, [&](const std::string& name) { return needed.insert(name), std::nullopt; });
  };
  const auto noteAll = [&](const Document& body) {
    for (const graph::Node& n : body.nodes)
      for (const auto& [param, value] : n.params)
        if (param == graph::kCode || std::holds_alternative<Formula>(value)) note(value);
    for (const graph::Variable& v : body.variables) note(v.value);
  };
  noteAll(part);
  for (const graph::Block& b : part.blocks) noteAll(b.body);
  for (size_t before = SIZE_MAX; before != needed.size();) {
    before = needed.size();
    for (const graph::Variable& v : all)
      if (needed.contains(v.name)) note(v.value);
  }
  std::vector<graph::Variable> used;
  for (const graph::Variable& v : all)
    if (needed.contains(v.name)) used.push_back(v);
  return used;
}

}  // namespace

QString whyNot(const Document& document, const PortRef& from, const PortRef& to) {
  if (from.node == to.node) return tr("A node cannot feed itself.");
  const graph::Node *a = document.find(from.node), *b = document.find(to.node);
  if (!a || !b) return tr("That node is gone.");
  if (graph::wouldCycle(document, {from, to}))
    return tr("This would close a cycle: %2 already leads to %1. A network flows from inputs to outputs.")
        .arg(QString::fromStdString(a->name), QString::fromStdString(b->name));
  return {};
}

bool canJoin(const layers::LayerSpec& layer, const WireStart& start) { return joining(layer, {}, start).has_value(); }

Edit addLayer(const Document& document, const layers::LayerSpec& layer, graph::Point at,
              const std::optional<WireStart>& start, NodeId* added) {
  graph::Node node = layers::newNode(layer, document, {snapped(at.x), snapped(at.y)});
  const NodeId id = node.id;
  if (added) *added = id;
  Edit edit = graph::addNode(document, std::move(node), layer.title);
  const auto wire = start ? joining(layer, id, *start) : std::nullopt;
  if (!wire) return edit;
  if (const graph::Wire* old = document.wireInto(wire->to)) edit.steps.push_back(graph::Disconnect{*old});
  edit.steps.push_back(graph::Connect{*wire});
  return edit;
}

Edit reroute(const Document& document, const graph::Wire& wire, graph::Point at, NodeId* added) {
  constexpr double kHalf = 13;
  graph::Node dot = layers::newNode(*layers::findLayer(layers::kReroute), document, {at.x - kHalf, at.y - kHalf});
  *added = dot.id;
  const PortRef in{dot.id, "x"}, out{dot.id, "y"};
  return {"Reroute a wire",
          {graph::Disconnect{wire}, graph::AddNode{std::move(dot)}, graph::Connect{{wire.from, in}},
           graph::Connect{{out, wire.to}}}};
}

Edit insertExisting(const graph::View& view, NodeId id, const graph::Wire& wire, graph::Point at) {
  const Document& document = view.document();
  const graph::Node* node = document.find(id);
  const auto layer = node ? layers::specOf(*view.root, *node, view.block) : nullptr;
  const bool wired = std::any_of(document.wires.begin(), document.wires.end(),
                                 [&](const graph::Wire& w) { return w.from.node == id || w.to.node == id; });
  if (!layer || wired || layer->inputs.empty() || layer->outputs.empty()) return {};
  return {fmt::format("Insert {}", node->name),
          {graph::Disconnect{wire}, graph::Move{id, {snapped(at.x), snapped(at.y)}},
           graph::Connect{{wire.from, {id, layer->inputs.front().name}}},
           graph::Connect{{{id, layer->outputs.front().name}, wire.to}}}};
}

graph::Point freePlace(const Document& document, graph::Point wanted) {
  graph::Point at{snapped(wanted.x), snapped(wanted.y)};
  const auto taken = [&] {
    return std::any_of(document.nodes.begin(), document.nodes.end(), [&](const graph::Node& n) {
      return std::abs(n.position.x - at.x) < kNodeWidth + kGrid && std::abs(n.position.y - at.y) < kNodeHeight + kGrid;
    });
  };
  while (taken()) at.y += kNodeHeight + kStackGap;
  return at;
}

QString copyText(const graph::View& view, const std::vector<NodeId>& nodes, const std::vector<int64_t>& annotations) {
  const Document& document = view.document();
  Document part;
  const std::set<NodeId> chosen(nodes.begin(), nodes.end());
  for (const graph::Node& n : document.nodes)
    if (chosen.contains(n.id)) part.nodes.push_back(n);
  for (const graph::Wire& w : document.wires)
    if (chosen.contains(w.from.node) && chosen.contains(w.to.node)) part.wires.push_back(w);
  for (const graph::Annotation& a : document.annotations)
    if (std::find(annotations.begin(), annotations.end(), a.id) != annotations.end()) part.annotations.push_back(a);
  if (part.nodes.empty() && part.annotations.empty()) return {};
  part.blocks = graph::blocksOf(*view.root, part.nodes);
  part.variables = variablesOf(part, view.root->variables);
  Json json{{kMark, kCopyVersion}};
  json.update(graph::toJson(part));
  return QString::fromStdString(json.dump(2)) + '\n';
}

Pasted paste(const graph::View& view, const QString& text, graph::Point offset, std::optional<graph::Point> at) {
  Pasted out;
  const auto part = copied(text, out.refused);
  if (!part) return out;
  if (at) offset = {at->x - corner(*part).x, at->y - corner(*part).y};
  const auto moved = [&](graph::Point p) { return graph::Point{snapped(p.x + offset.x), snapped(p.y + offset.y)}; };

  const Document& document = view.document();
  std::map<BlockId, BlockId> blocks;
  const Edit definitions = graph::addBlocks(*view.root, part->blocks, blocks);
  Document draft = document;  // finds free ids and names
  std::map<NodeId, NodeId> renumbered;
  for (graph::Node node : part->nodes) {
    const NodeId old = node.id;
    node.id = renumbered[old] = draft.freshId();
    if (draft.findByName(node.name)) node.name = draft.freshName(stemOf(node.name));
    node.shared.clear();
    for (BlockId& id : node.bodies) {
      if (const auto here = blocks.find(id); here != blocks.end()) id = here->second;
      if (!graph::circle(*view.root, view.block, id).empty()) {
        out.refused = tr("%1 holds the block that is shown here; a block cannot contain itself.")
                          .arg(QString::fromStdString(node.name));
        return out;
      }
    }
    node.position = moved(node.position);
    draft.nodes.push_back(node);
    out.nodes.push_back(node.id);
    out.edit.steps.push_back(graph::AddNode{std::move(node)});
  }
  for (const graph::Wire& w : part->wires)
    if (renumbered.contains(w.from.node) && renumbered.contains(w.to.node))
      out.edit.steps.push_back(
          graph::Connect{{{renumbered[w.from.node], w.from.port}, {renumbered[w.to.node], w.to.port}}});
  for (graph::Annotation annotation : part->annotations) {
    annotation.id = draft.freshAnnotationId();
    annotation.position = moved(annotation.position);
    draft.annotations.push_back(annotation);
    out.annotations.push_back(annotation.id);
    out.edit.steps.push_back(graph::AddAnnotation{std::move(annotation)});
  }
  out.edit = std::move(out.edit).in(view.block);
  out.edit.steps.insert(out.edit.steps.begin(), definitions.steps.begin(), definitions.steps.end());
  std::vector<graph::Variable> variables = view.root->variables;
  for (const graph::Variable& v : part->variables)
    if (std::none_of(variables.begin(), variables.end(), [&](const auto& known) { return known.name == v.name; }))
      variables.push_back(v);
  if (variables.size() > view.root->variables.size()) out.edit.steps.emplace_back(graph::SetVariables{variables});
  const size_t count = out.nodes.size() + out.annotations.size();
  if (count > 1)
    out.edit.name = fmt::format("Paste {} {}", count, out.annotations.empty() ? "nodes" : "items");
  else
    out.edit.name = fmt::format(
        "Paste {}", out.nodes.empty() ? labelOf(draft.annotations.back()).toStdString() : draft.nodes.back().name);
  return out;
}

}  // namespace netwright::editor
