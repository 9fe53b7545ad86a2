// SPDX-License-Identifier: Apache-2.0
#include "core/graph/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "core/base/error.h"
#include "core/graph/body.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"

namespace netwright::graph {
namespace {

const Node& nodeOf(const Document& body, NodeId id) {
  const Node* node = body.find(id);
  if (!node) failInput("The node is not there any more.", "", "");
  return *node;
}

bool uses(const Node& node, BlockId block) {
  return std::find(node.bodies.begin(), node.bodies.end(), block) != node.bodies.end();
}

// The network itself and each definition.
void forEachBody(const Document& document, const std::function<void(BlockId, const Document&)>& f) {
  f({}, document);
  for (const Block& b : document.blocks) f(b.id, b.body);
}

// Appends the steps that put other names into the formulas of a body.
void renameIn(const Document& body, BlockId id, const std::string& from, const std::string& to,
              std::vector<Step>& steps) {
  const auto replaced = [&](const std::string& text) {
    return replacedNames(text,
                         [&](const std::string& name) { return name == from ? std::optional(to) : std::nullopt; });
  };
  const auto renamed = [&](const Attribute& value) -> std::optional<Attribute> {
    const auto* formula = std::get_if<Formula>(&value);
    if (!formula) return std::nullopt;
    Formula other{replaced(formula->text)};
    if (other == *formula) return std::nullopt;
    return other;
  };
  for (const Node& n : body.nodes)
    for (const auto& [param, value] : n.params) {
      const auto* code = param == kCode ? std::get_if<std::string>(&value) : nullptr;
      if (code && !assigns(*code, from)) {
        if (std::string other = replaced(*code); other != *code)
          steps.emplace_back(SetParam{n.id, param, std::move(other)}, id);
      } else if (const auto other = renamed(value)) {
        steps.emplace_back(SetParam{n.id, param, *other}, id);
      }
    }
  std::vector<Variable> variables = body.variables;
  bool changed = false;
  for (Variable& v : variables)
    if (const auto other = renamed(v.value)) {
      v.value = *other;
      changed = true;
    }
  if (changed) steps.emplace_back(SetVariables{std::move(variables)}, id);
}

// With every use of a number replaced as `numbers` says.
Block renumbered(Block block, const std::map<BlockId, BlockId>& numbers) {
  for (Node& n : block.body.nodes)
    for (BlockId& id : n.bodies)
      if (const auto other = numbers.find(id); other != numbers.end()) id = other->second;
  return block;
}

bool hasName(const Document& document, BlockId body, const std::string& name) {
  const Document& where = bodyOf(document, body);
  const Block* block = document.findBlock(body);
  return std::any_of(where.variables.begin(), where.variables.end(), [&](const auto& v) { return v.name == name; }) ||
         (block &&
          std::any_of(block->params.begin(), block->params.end(), [&](const auto& p) { return p.name == name; }));
}

}  // namespace

std::string freshBlockName(const Document& document, const std::string& stem) {
  if (!document.findBlockByName(stem)) return stem;
  for (int i = 2;; ++i)
    if (std::string name = fmt::format("{} {}", stem, i); !document.findBlockByName(name)) return name;
}

Edit makeUnique(const Document& document, BlockId body, NodeId instance) {
  const Node& node = nodeOf(bodyOf(document, body), instance);
  const Block* block = node.bodies.empty() ? nullptr : document.findBlock(node.bodies.front());
  if (!block) failInput(fmt::format("'{}' is no instance of a block.", node.name), "", "");
  Block copy = *block;
  copy.id = document.freshBlockId();
  copy.name = freshBlockName(document, block->name);
  Edit edit{fmt::format("Make {} unique", node.name), {AddBlock{copy}}};
  edit.steps.emplace_back(SetBodies{instance, {copy.id}}, body);
  return edit;
}

Edit shareWeights(const Document& document, BlockId body, NodeId instance, NodeId other) {
  const Document& where = bodyOf(document, body);
  const Node& node = nodeOf(where, instance);
  std::map<std::string, ParameterId> shared = node.shared;
  shared.erase("*");
  if (!other) return {fmt::format("Give {} its own weights", node.name), {Step(SetShared{instance, shared}, body)}};
  const Node* owner = &nodeOf(where, other);
  if (owner->bodies != node.bodies || owner->id == node.id)
    failInput(fmt::format("'{}' and '{}' are not two instances of one block.", node.name, owner->name), "",
              "Only such have the same weights.");
  for (size_t i = 0; i < where.nodes.size() && owner->shared.contains("*"); ++i) {
    const NodePath& path = owner->shared.at("*").owner;
    if (path.empty() || path.front() == instance)
      failInput(fmt::format("'{}' uses the weights of '{}' already.", owner->name, node.name), "", "");
    owner = &nodeOf(where, path.front());
  }
  shared["*"] = {{owner->id}, ""};
  return {fmt::format("{} uses the weights of {}", node.name, owner->name), {Step(SetShared{instance, shared}, body)}};
}

Edit rename(const Document& document, BlockId body, NodeId id, const std::string& name) {
  const Node& node = nodeOf(bodyOf(document, body), id);
  Edit edit = rename(bodyOf(document, body), id, name).in(body);
  const bool input = node.kind == kBlockInput;
  if (edit.empty() || !body || (!input && node.kind != kBlockOutput)) return edit;
  forEachBody(document, [&](BlockId where, const Document& users) {
    for (const Wire& w : users.wires) {
      Wire other = w;
      PortRef& end = input ? other.to : other.from;
      const Node* user = users.find(end.node);
      if (!user || !uses(*user, body) || end.port != node.name) continue;
      end.port = name;
      edit.steps.emplace_back(Disconnect{w}, where);
      edit.steps.emplace_back(Connect{other}, where);
    }
  });
  return edit;
}

Edit renameParam(const Document& document, BlockId id, const std::string& from, const std::string& to) {
  const Block* block = document.findBlock(id);
  if (!block) failInput("The block is not there any more.", "", "");
  if (from == to) return {};
  if (hasName(document, id, to)) failInput(fmt::format("'{}' has '{}' already.", block->name, to), "", "");
  Edit edit{fmt::format("Rename {} to {}", from, to), {}};
  std::vector<ParamSpec> params = block->params;
  for (ParamSpec& p : params)
    if (p.name == from) p.name = to;
  edit.steps.push_back(SetBlock{id, block->name, block->doc, std::move(params)});
  renameIn(block->body, id, from, to, edit.steps);
  forEachBody(document, [&](BlockId where, const Document& users) {
    for (const Node& n : users.nodes) {
      const auto value = n.params.find(from);
      if (n.kind != kInstance || !uses(n, id) || value == n.params.end()) continue;
      edit.steps.emplace_back(SetParam{n.id, from, std::nullopt}, where);
      edit.steps.emplace_back(SetParam{n.id, to, value->second}, where);
    }
  });
  return edit;
}

Edit renameVariable(const Document& document, BlockId body, const std::string& from, const std::string& to) {
  if (from == to) return {};
  if (hasName(document, body, to)) failInput(fmt::format("There is a variable '{}' already.", to), "", "");
  Document draft = bodyOf(document, body);
  for (Variable& v : draft.variables)
    if (v.name == from) v.name = to;
  Edit edit{fmt::format("Rename {} to {}", from, to), {}};
  edit.steps.emplace_back(SetVariables{draft.variables}, body);
  renameIn(draft, body, from, to, edit.steps);
  if (!body)  // the project's variables are known in all blocks that have no such name of their own
    for (const Block& b : document.blocks)
      if (!hasName(document, b.id, from)) renameIn(b.body, b.id, from, to, edit.steps);
  return edit;
}

std::vector<Block> blocksOf(const Document& document, const std::vector<Node>& nodes) {
  std::vector<Block> all;
  std::set<BlockId> seen;
  const std::function<void(const std::vector<Node>&)> visit = [&](const std::vector<Node>& users) {
    for (const Node& n : users)
      for (const BlockId id : n.bodies) {
        const Block* block = seen.insert(id).second ? document.findBlock(id) : nullptr;
        if (!block) continue;
        visit(block->body.nodes);
        all.push_back(*block);
      }
  };
  visit(nodes);
  return all;
}

Edit addBlocks(const Document& document, const std::vector<Block>& blocks, std::map<BlockId, BlockId>& numbers) {
  Edit edit{blocks.size() == 1 ? fmt::format("Add block {}", blocks.front().name) : "Add blocks", {}};
  Document draft;
  draft.blocks = document.blocks;
  for (const Block& given : blocks) {
    Block block = renumbered(given, numbers);
    const Block* same = draft.findBlockByName(block.name);
    if (same) {
      block.id = same->id;
      if (block == *same) {
        numbers[given.id] = same->id;
        continue;
      }
    }
    block.id = draft.freshBlockId();
    block.name = freshBlockName(draft, given.name);
    numbers[given.id] = block.id;
    draft.blocks.push_back(block);
    edit.steps.push_back(AddBlock{std::move(block)});
  }
  return edit;
}

}  // namespace netwright::graph
