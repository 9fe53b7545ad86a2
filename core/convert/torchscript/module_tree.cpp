// SPDX-License-Identifier: Apache-2.0
#include "core/convert/torchscript/module_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/layers/registry.h"

namespace netwright::convert::torchscript {
namespace {

using python::attributeName;
using python::identifier;
using python::isIdentifier;
using python::quoted;

std::string access(const std::string& owner, const std::string& attribute) {
  return isIdentifier(attribute) ? owner + "." + attribute : fmt::format("getattr({}, {})", owner, quoted(attribute));
}

std::vector<std::string> components(const std::string& dotted) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t dot = dotted.find('.'); dot != std::string::npos; dot = dotted.find('.', begin)) {
    parts.push_back(dotted.substr(begin, dot - begin));
    begin = dot + 1;
  }
  parts.push_back(dotted.substr(begin));
  return parts;
}

// The module that holds a weight: of "fc.weight" it is "fc", of "attention.out_proj.weight" "attention.out_proj".
std::string holderOf(const program::State& state) { return state.name.substr(0, state.name.rfind('.')); }

bool readsMode(const program::Op& op) {
  return op.phase == program::Phase::AfterBackward || std::any_of(op.args.begin(), op.args.end(), isTraining);
}

bool hasAttribute(const Module& module, const std::string& name) {
  return std::any_of(module.slots.begin(), module.slots.end(), [&](const auto& s) { return s.name == name; }) ||
         std::any_of(module.children.begin(), module.children.end(), [&](const auto& c) { return c.name == name; });
}

void uniteClassNames(Module& module, NameTable& names) {
  module.className = names.take(module.className);
  for (Module::Child& c : module.children) uniteClassNames(*c.module, names);
}

}  // namespace

ModuleTree::ModuleTree(const ExportInput& input, const ModelPart& part) : input_(input) {
  root_.className = identifier(input.modelName);
  for (size_t i = 0; i < part.states.size(); ++i) {
    const program::State& s = *part.states[i];
    Module& owner = descend(holderOf(s));
    std::string name = attributeName(s.id.slot.substr(s.id.slot.rfind('.') + 1));
    while (hasAttribute(owner, name)) name += '_';
    owner.slots.push_back({name, &s, i});
    weights_[s.value] = access(module(holderOf(s)), name);
  }
  for (const auto* ops : {&part.ops, &part.effects})
    for (const program::Op* op : *ops)
      if (readsMode(*op)) descend(input.program.value(op->results.at(0)).name);
  NameTable names;
  uniteClassNames(root_, names);
}

// The module's class is called after its layer: "Conv2d".
ModuleTree::Place ModuleTree::addChild(const Place& parent, const std::string& component,
                                       const std::string& path) const {
  std::string name = attributeName(component);
  while (hasAttribute(*parent.module, name)) name += '_';
  auto module = std::make_unique<Module>();
  const graph::Node* node = input_.graph.findByName(path);
  const layers::LayerSpec* layer = node ? layers::findLayer(node->kind) : nullptr;
  module->className = layer ? identifier(layer->title) : "Block";
  parent.module->children.push_back({name, std::move(module)});
  return {parent.module->children.back().module.get(), access(parent.expression, name)};
}

Module& ModuleTree::descend(const std::string& nodeName) {
  Place place{&root_, "self"};
  std::string path;
  for (const std::string& component : components(nodeName)) {
    path += (path.empty() ? "" : ".") + component;
    const auto known = places_.find(path);
    place = known != places_.end() ? known->second : (places_[path] = addChild(place, component, path));
  }
  return *place.module;
}

}  // namespace netwright::convert::torchscript
