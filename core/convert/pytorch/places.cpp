// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/places.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/convert/module_tree.h"
#include "core/convert/python/identifier.h"

namespace netwright::convert::pytorch {

Places::Places(const std::vector<Name>& names) {
  root_.made = true;
  root_.expression = "self";
  for (const auto& [name, open] : names) {
    Place* place = &root_;
    std::string within;  // a node has its own attributes: nothing else is put into its module
    for (const std::string& component : components(name)) {
      if (place->isNode && !place->isOpen) {
        within = place->component + "_";
        place = place->parent;
      }
      place = &child(*place, within + component);
      within.clear();
    }
    // The name of a module that others lie in already, or of another node.
    while (place->isNode || (!open && !place->children.empty())) place = &child(*place->parent, place->component + "_");
    place->isNode = true;
    place->isOpen = open;
    places_[name] = place;
  }
  for (const auto& c : root_.children) describe(*c);
  size_t count = 0;
  root_.isList = !root_.children.empty() &&
                 std::all_of(root_.children.begin(), root_.children.end(),
                             [&](const auto& c) { return c->isNode && c->component == std::to_string(count++); });
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
  place.expression = parent.isList && parent.parent ? fmt::format("{}[{}]", parent.expression, place.component)
                     : python::isIdentifier(place.component)
                         ? parent.expression + "." + place.component
                         : fmt::format("getattr({}, {})", parent.expression, python::quoted(place.component));
  for (const auto& c : place.children) describe(*c);
}

std::string Places::now(const Place& place) const {
  if (!place.local.empty()) return place.local;
  if (!place.parent) return "self";
  const std::string owner = now(*place.parent);
  if (place.parent->isList && place.parent->parent) return fmt::format("{}[{}]", owner, place.component);
  return python::isIdentifier(place.component) ? owner + "." + place.component
                                               : fmt::format("getattr({}, {})", owner, python::quoted(place.component));
}

// The line that puts a module into the one that it lies in.
Places::Line Places::putting(const Place& place) const {
  const std::string owner = now(*place.parent);
  if (place.parent->isList && place.parent->parent) return {owner + ".append(", ")"};
  if (python::isIdentifier(place.component)) return {fmt::format("{}.{} = ", owner, place.component), ""};
  return {fmt::format("{}.add_module({}, ", owner, python::quoted(place.component)), ")"};
}

void Places::make(Place& place, std::vector<Line>& lines) {
  Place& parent = *place.parent;
  if (!parent.made && parent.isOpen) {  // the instance's module comes later
    place.local = names_.take(python::identifier(parent.component + "_" + place.component));
    locals_.push_back(place.local);
    lines.push_back({place.local + " = ", ""});
  } else {
    if (!parent.made) {
      make(parent, lines);
      lines.back() = {lines.back().before + (parent.isList ? "nn.ModuleList()" : "nn.Module()") + lines.back().after,
                      "", false};
    }
    lines.push_back(putting(place));
  }
  place.made = true;
}

// What was made for an instance before it.
void Places::attach(Place& place, std::vector<Line>& lines) {
  for (const auto& c : place.children)
    if (!c->local.empty()) {
      const std::string local = std::move(c->local);
      c->local.clear();
      const Line line = putting(*c);
      lines.push_back({line.before + local + line.after, "", false});
    }
}

std::vector<Places::Line> Places::creation(const std::string& name) {
  std::vector<Line> lines;
  Place& place = *places_.at(name);
  make(place, lines);
  attach(place, lines);
  return lines;
}

Places::List Places::listOf(const std::string& name) const {
  const Place &place = of(name), &list = *place.parent;
  if (!list.parent || !list.isList || list.made) return {};
  const auto at =
      std::find_if(list.children.begin(), list.children.end(), [&](const auto& c) { return c.get() == &place; });
  return {list.expression, static_cast<size_t>(at - list.children.begin()), list.children.size()};
}

std::vector<Places::Line> Places::listCreation(const std::string& name) {
  std::vector<Line> lines;
  Place& list = *places_.at(name)->parent;
  make(list, lines);
  for (const auto& c : list.children) {
    c->made = true;
    attach(*c, lines);
  }
  return lines;
}

std::vector<std::string> Places::attributes() const {
  std::vector<std::string> all;
  for (const auto& c : root_.children) all.push_back(c->component);
  return all;
}

}  // namespace netwright::convert::pytorch
