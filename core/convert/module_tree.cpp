// SPDX-License-Identifier: Apache-2.0
#include "core/convert/module_tree.h"

#include <utility>

namespace netwright::convert {

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

ModuleTree::ModuleTree(const ModelPart& part, Naming naming) : naming_(std::move(naming)) {
  root_.expression = naming_.root;
  for (size_t i = 0; i < part.states.size(); ++i) {
    const program::State& s = *part.states[i];
    const size_t dot = s.name.rfind('.');
    Module& holder = dot == std::string::npos ? root_ : at(s.name.substr(0, dot));
    const std::string key = s.name.substr(dot == std::string::npos ? 0 : dot + 1);
    const std::string name = naming_.member(holder, key);
    holder.slots.push_back({key, name, &s, i});
    weights_[s.value] = naming_.access(holder.expression, name);
  }
}

Module& ModuleTree::at(const std::string& path) {
  Module* place = &root_;
  std::string sofar;
  for (const std::string& key : components(path)) {
    sofar += (place == &root_ ? "" : ".") + key;
    Module*& known = places_[sofar];
    if (!known) {
      auto child = std::make_unique<Module>();
      child->path = sofar;
      child->key = key;
      child->name = naming_.member(*place, key);
      child->expression = naming_.access(place->expression, child->name);
      known = child.get();
      place->children.push_back(std::move(child));
    }
    place = known;
  }
  return *place;
}

Module* ModuleTree::find(const std::string& path) const {
  const auto it = places_.find(path);
  return it == places_.end() ? nullptr : it->second;
}

}  // namespace netwright::convert
