// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/places.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/convert/module_tree.h"
#include "core/convert/python/identifier.h"

namespace netwright::convert::pytorch {

Places::Places(const std::vector<std::string>& names) {
  root_.made = true;
  root_.expression = "self";
  for (const std::string& name : names) {
    Place* place = &root_;
    std::string within;  // a node has its own attributes: nothing else is put into its module
    for (const std::string& component : components(name)) {
      if (place->isNode) {
        within = place->component + "_";
        place = place->parent;
      }
      place = &child(*place, within + component);
      within.clear();
    }
    // The name of a module that others lie in already, or of another node.
    while (place->isNode || !place->children.empty()) place = &child(*place->parent, place->component + "_");
    place->isNode = true;
    places_[name] = place;
  }
  for (const auto& c : root_.children) describe(*c);
}

Places::Place& Places::child(Place& parent, const std::string& component) {
  const std::string name = python::isModuleMember(component) ? component + "_" : component;
  for (const auto& c : parent.children)
    if (c->component == name) return *c;
  parent.children.push_back(std::make_unique<Place>());
  Place& fresh = *parent.children.back();
  fresh.component = name;
  fresh.parent = &parent;
  return fresh;
}

// Modules called 0, 1, 2 and so on are a list of them.
void Places::describe(Place& place) {
  size_t count = 0;
  place.isList = !place.isNode && std::all_of(place.children.begin(), place.children.end(),
                                              [&](const auto& c) { return c->component == std::to_string(count++); });
  const Place& parent = *place.parent;
  place.path = parent.path.empty() ? place.component : parent.path + "." + place.component;
  place.expression = parent.isList ? fmt::format("{}[{}]", parent.expression, place.component)
                     : python::isIdentifier(place.component)
                         ? parent.expression + "." + place.component
                         : fmt::format("getattr({}, {})", parent.expression, python::quoted(place.component));
  for (const auto& c : place.children) describe(*c);
}

void Places::make(Place& place, const std::string& module, std::vector<std::string>& lines) {
  Place& parent = *place.parent;
  if (!parent.made) make(parent, parent.isList ? "nn.ModuleList()" : "nn.Module()", lines);
  if (parent.isList)
    lines.push_back(fmt::format("{}.append({})", parent.expression, module));
  else if (python::isIdentifier(place.component))
    lines.push_back(fmt::format("{} = {}", place.expression, module));
  else
    lines.push_back(fmt::format("{}.add_module({}, {})", parent.expression, python::quoted(place.component), module));
  place.made = true;
}

std::vector<std::string> Places::creation(const std::string& name, const std::string& module) {
  std::vector<std::string> lines;
  make(*places_.at(name), module, lines);
  return lines;
}

}  // namespace netwright::convert::pytorch
