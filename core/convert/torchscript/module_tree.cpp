// SPDX-License-Identifier: Apache-2.0
#include "core/convert/torchscript/module_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/layers/registry.h"

namespace netwright::convert::torchscript {
namespace {

using python::identifier;

std::string access(const std::string& owner, const std::string& attribute) {
  return python::isIdentifier(attribute) ? owner + "." + attribute
                                         : fmt::format("getattr({}, {})", owner, python::quoted(attribute));
}

bool hasAttribute(const Module& module, const std::string& name) {
  return std::any_of(module.slots.begin(), module.slots.end(), [&](const auto& s) { return s.name == name; }) ||
         std::any_of(module.children.begin(), module.children.end(), [&](const auto& c) { return c->name == name; });
}

std::string member(const Module& owner, const std::string& key) {
  std::string name = python::attributeName(key);
  while (hasAttribute(owner, name)) name += '_';
  return name;
}

bool readsMode(const program::Op& op) {
  return op.phase != program::Phase::Forward || std::any_of(op.args.begin(), op.args.end(), isTraining);
}

// A class is called after its layer: "Conv2d".
void nameClasses(Module& module, const ExportInput& input, NameTable& names) {
  const graph::Node* node = input.graph.findByName(module.path);
  const layers::LayerSpec* layer = node ? layers::findLayer(node->kind) : nullptr;
  module.type = names.take(module.path.empty() ? identifier(input.modelName)
                           : layer             ? identifier(layer->title)
                                               : "Block");
  for (const auto& child : module.children) nameClasses(*child, input, names);
}

}  // namespace

ModuleTree::ModuleTree(const ExportInput& input, const ModelPart& part)
    : convert::ModuleTree(part, {member, access, "self"}) {
  for (const auto* ops : {&part.preparations, &part.ops, &part.effects})
    for (const program::Op* op : *ops)
      visitOps(input.program, *op, [&](const program::Program& program, const program::Op& inner) {
        if (readsMode(inner)) at(program.value(inner.results.at(0)).name);
      });
  NameTable names;
  nameClasses(root(), input, names);
}

}  // namespace netwright::convert::torchscript
