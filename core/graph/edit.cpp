// SPDX-License-Identifier: Apache-2.0
#include "core/graph/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/graph/body.h"

namespace netwright::graph {
namespace {

// Applies one step to a body of the document and returns the step that takes it back.
class Stepper {
 public:
  Stepper(Document& root, Document& body, Change& change) : root_(root), document_(body), change_(change) {}

  StepKind operator()(const AddNode& step) {
    if (document_.find(step.node.id))
      refuse(fmt::format("A node with the number {} exists already.", step.node.id.value));
    refuseTakenName(step.node.name);
    const size_t index = std::min(step.index, document_.nodes.size());
    document_.nodes.insert(document_.nodes.begin() + static_cast<long>(index), step.node);
    touch(step.node.id, true, true);
    return RemoveNode{step.node.id};
  }
  StepKind operator()(const RemoveNode& step) {
    Node& node = existing(step.node);
    for (const Wire& w : document_.wires)
      if (w.from.node == step.node || w.to.node == step.node)
        refuse(fmt::format("'{}' still has wires; remove them first.", node.name));
    const auto index = static_cast<size_t>(&node - document_.nodes.data());
    AddNode inverse{std::move(node), index};
    document_.nodes.erase(document_.nodes.begin() + static_cast<long>(index));
    touch(step.node, true, true);
    return inverse;
  }
  StepKind operator()(const Connect& step) {
    existing(step.wire.from.node);
    const Node& to = existing(step.wire.to.node);
    if (document_.wireInto(step.wire.to))
      refuse(fmt::format("The input '{}' of '{}' is taken already.", step.wire.to.port, to.name));
    if (wouldCycle(document_, step.wire))
      refuse(fmt::format("A wire into '{}' would close a cycle; a network flows from inputs to outputs.", to.name));
    const auto at =
        std::lower_bound(document_.wires.begin(), document_.wires.end(), step.wire,
                         [](const Wire& a, const Wire& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
    document_.wires.insert(at, step.wire);
    touch(step.wire.to.node, true, true);
    return Disconnect{step.wire};
  }
  StepKind operator()(const Disconnect& step) {
    const auto it = std::find(document_.wires.begin(), document_.wires.end(), step.wire);
    if (it == document_.wires.end()) refuse("There is no such wire.");
    document_.wires.erase(it);
    touch(step.wire.to.node, true, true);
    return Connect{step.wire};
  }
  StepKind operator()(const SetParam& step) {
    Node& node = existing(step.node);
    SetParam inverse{step.node, step.param, std::nullopt};
    if (const auto old = node.params.find(step.param); old != node.params.end()) inverse.value = old->second;
    if (step.value)
      node.params[step.param] = *step.value;
    else
      node.params.erase(step.param);
    touch(step.node, false, true);
    return inverse;
  }
  StepKind operator()(const Rename& step) {
    Node& node = existing(step.node);
    if (node.name != step.name) refuseTakenName(step.name);
    Rename inverse{step.node, node.name};
    node.name = step.name;
    touch(step.node, false, true);
    return inverse;
  }
  StepKind operator()(const Move& step) {
    Node& node = existing(step.node);
    Move inverse{step.node, node.position};
    node.position = step.position;
    touch(step.node, false, false);
    return inverse;
  }
  StepKind operator()(const SetMode& step) {
    Node& node = existing(step.node);
    SetMode inverse{step.node, node.mode};
    node.mode = step.mode;
    touch(step.node, false, true);
    return inverse;
  }
  StepKind operator()(const SetBypassed& step) {
    Node& node = existing(step.node);
    touch(step.node, false, true);
    return SetBypassed{step.node, std::exchange(node.bypassed, step.bypassed)};
  }
  StepKind operator()(const AddAnnotation& step) {
    if (document_.findAnnotation(step.annotation.id))
      refuse(fmt::format("An annotation with the number {} exists already.", step.annotation.id));
    const size_t index = std::min(step.index, document_.annotations.size());
    document_.annotations.insert(document_.annotations.begin() + static_cast<long>(index), step.annotation);
    return RemoveAnnotation{step.annotation.id};
  }
  StepKind operator()(const RemoveAnnotation& step) {
    Annotation& old = existingAnnotation(step.id);
    const auto index = static_cast<size_t>(&old - document_.annotations.data());
    AddAnnotation inverse{std::move(old), index};
    document_.annotations.erase(document_.annotations.begin() + static_cast<long>(index));
    return inverse;
  }
  StepKind operator()(const SetAnnotation& step) {
    Annotation& old = existingAnnotation(step.annotation.id);
    return SetAnnotation{std::exchange(old, step.annotation)};
  }
  StepKind operator()(const Reorder& step) {
    Node& node = existing(step.node);
    const auto from = &node - document_.nodes.data();
    const auto to = static_cast<long>(std::min(step.index, document_.nodes.size() - 1));
    const auto first = document_.nodes.begin();
    if (from < to)
      std::rotate(first + from, first + from + 1, first + to + 1);
    else
      std::rotate(first + to, first + from, first + from + 1);
    touch(step.node, true, true);
    change_.blocks = true;
    return Reorder{step.node, static_cast<size_t>(from)};
  }
  StepKind operator()(const SetShared& step) {
    Node& node = existing(step.node);
    touch(step.node, false, true);
    return SetShared{step.node, std::exchange(node.shared, step.shared)};
  }
  StepKind operator()(const SetBodies& step) {
    Node& node = existing(step.node);
    touch(step.node, true, true);
    touchBlocks();
    return SetBodies{step.node, std::exchange(node.bodies, step.bodies)};
  }
  StepKind operator()(const SetVariables& step) {
    std::set<std::string> names;
    for (const Variable& v : step.variables)
      if (!names.insert(v.name).second) refuse(fmt::format("There are two variables '{}'.", v.name));
    change_.meaning = true;
    return SetVariables{std::exchange(document_.variables, step.variables)};
  }
  StepKind operator()(const AddBlock& step) {
    if (root_.findBlock(step.block.id))
      refuse(fmt::format("A block with the number {} exists already.", step.block.id.value));
    refuseTakenBlockName(step.block.name);
    const size_t index = std::min(step.index, root_.blocks.size());
    root_.blocks.insert(root_.blocks.begin() + static_cast<long>(index), step.block);
    touchBlocks();
    return RemoveBlock{step.block.id};
  }
  StepKind operator()(const RemoveBlock& step) {
    Block& block = existingBlock(step.block);
    if (const std::string user = userOf(root_, step.block); !user.empty())
      refuse(fmt::format("'{}' is still used by '{}'; remove that first.", block.name, user));
    const auto index = static_cast<size_t>(&block - root_.blocks.data());
    AddBlock inverse{std::move(block), index};
    root_.blocks.erase(root_.blocks.begin() + static_cast<long>(index));
    touchBlocks();
    return inverse;
  }
  StepKind operator()(const SetBlock& step) {
    Block& block = existingBlock(step.block);
    if (block.name != step.name) refuseTakenBlockName(step.name);
    touchBlocks();
    return SetBlock{step.block, std::exchange(block.name, step.name), std::exchange(block.doc, step.doc),
                    std::exchange(block.params, step.params)};
  }

 private:
  [[noreturn]] static void refuse(std::string why) { failInput(std::move(why), "", ""); }
  Node& existing(NodeId id) {
    const Node* node = document_.find(id);
    if (!node) refuse(fmt::format("The graph has no node with the number {}.", id.value));
    return const_cast<Node&>(*node);
  }
  Annotation& existingAnnotation(int64_t id) {
    const Annotation* found = document_.findAnnotation(id);
    if (!found) refuse(fmt::format("The graph has no annotation with the number {}.", id));
    return const_cast<Annotation&>(*found);
  }
  void refuseTakenName(const std::string& name) {
    if (name.empty()) refuse("A node needs a name.");
    if (document_.findByName(name))
      refuse(fmt::format("The name '{}' is taken. Names must differ; they become the names of the weights.", name));
  }
  Block& existingBlock(BlockId id) {
    const Block* found = root_.findBlock(id);
    if (!found) refuse(fmt::format("There is no block with the number {}.", id.value));
    return const_cast<Block&>(*found);
  }
  void refuseTakenBlockName(const std::string& name) {
    if (name.empty()) refuse("A block needs a name.");
    if (root_.findBlockByName(name)) refuse(fmt::format("There is a block '{}' already.", name));
  }
  void touchBlocks() {
    change_.blocks = true;
    change_.meaning = true;
  }
  void touch(NodeId node, bool structure, bool meaning) {
    const Node* touched = document_.find(node);  // a port that comes, goes or is renamed changes the block's face
    change_.blocks |= &document_ != &root_ && (!touched || isPort(*touched));
    change_.nodes.push_back(node);
    change_.structure |= structure;
    change_.meaning |= meaning;
  }

  Document& root_;
  Document& document_;  // the body where it happens
  Change& change_;
};

// Wires that keep the flow when `nodes` go: each removed node hands its first incoming source on to what its outputs
// fed.
PortRef healedSource(const Document& document, PortRef from, const std::set<NodeId>& gone) {
  while (gone.contains(from.node)) {
    const auto it = std::find_if(document.wires.begin(), document.wires.end(),
                                 [&](const Wire& w) { return w.to.node == from.node; });
    if (it == document.wires.end()) return {};
    from = it->from;
  }
  return from;
}

}  // namespace

Applied apply(Document& document, const Edit& edit) {
  Document draft = document;
  Applied applied;
  applied.inverse.name = edit.name;
  for (const Step& step : edit.steps) {
    const StepKind inverse = std::visit(Stepper(draft, const_cast<Document&>(bodyOf(draft, step.body)), applied.change),
                                        static_cast<const StepKind&>(step));
    applied.inverse.steps.push_back(Step(inverse, step.body));
    auto& bodies = applied.change.bodies;
    if (std::find(bodies.begin(), bodies.end(), step.body) == bodies.end()) bodies.push_back(step.body);
  }
  std::reverse(applied.inverse.steps.begin(), applied.inverse.steps.end());
  document = std::move(draft);
  return applied;
}

Edit Edit::in(BlockId body) && {
  for (Step& step : steps)
    if (!step.body) step.body = body;
  return std::move(*this);
}

Edit addNode(const Document& document, Node node, std::string title) {
  if (!node.id) node.id = document.freshId();
  return {fmt::format("Add {}", title), {AddNode{std::move(node)}}};
}

Edit removeNodes(const Document& document, const std::vector<NodeId>& nodes, bool heal) {
  const std::set<NodeId> gone(nodes.begin(), nodes.end());
  Edit edit;
  const Node* first = nodes.empty() ? nullptr : document.find(nodes.front());
  edit.name =
      gone.size() == 1 && first ? fmt::format("Delete {}", first->name) : fmt::format("Delete {} nodes", gone.size());
  std::vector<Step> healing;
  for (const Wire& w : document.wires) {
    if (!gone.contains(w.from.node) && !gone.contains(w.to.node)) continue;
    edit.steps.push_back(Disconnect{w});
    if (!heal || !gone.contains(w.from.node) || gone.contains(w.to.node)) continue;
    if (const PortRef source = healedSource(document, w.from, gone); source.node)
      healing.push_back(Connect{{source, w.to}});
  }
  for (const NodeId id : gone)
    if (document.find(id)) edit.steps.push_back(RemoveNode{id});
  edit.steps.insert(edit.steps.end(), healing.begin(), healing.end());
  return edit;
}

Edit connect(const Document& document, const Wire& wire) {
  Edit edit;
  const Node* to = document.find(wire.to.node);
  edit.name = fmt::format("Connect {}", to ? to->name : "");
  const Wire* old = document.wireInto(wire.to);
  if (old && *old == wire) return edit;
  if (old) edit.steps.push_back(Disconnect{*old});
  edit.steps.push_back(Connect{wire});
  return edit;
}

Edit disconnect(const Wire& wire) { return {"Remove wire", {Disconnect{wire}}}; }

Edit setParam(const Document& document, NodeId id, const std::string& param, const Attribute& value) {
  const Node* node = document.find(id);
  Edit edit{fmt::format("Change {} of {}", param, node ? node->name : ""), {}};
  const auto old = node ? node->params.find(param) : Attributes::const_iterator{};
  if (node && old != node->params.end() && old->second == value) return edit;
  edit.steps.push_back(SetParam{id, param, value});
  return edit;
}

Edit rename(const Document& document, NodeId id, const std::string& name) {
  const Node* node = document.find(id);
  Edit edit{fmt::format("Rename {} to {}", node ? node->name : "", name), {}};
  if (!node || node->name != name) edit.steps.push_back(Rename{id, name});
  return edit;
}

bool wouldCycle(const Document& document, const Wire& wire) {
  const auto sources = upstream(document, {wire.from.node});
  return std::find(sources.begin(), sources.end(), wire.to.node) != sources.end();
}

}  // namespace netwright::graph
