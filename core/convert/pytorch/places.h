// SPDX-License-Identifier: Apache-2.0
// Where a nn.Module keeps its modules: dotted names as modules within modules, so that state_dict has the names that
// the weights have. Used by scope_writer.cpp.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/convert/name_table.h"

namespace netwright::convert::pytorch {

class Places {
 public:
  struct Name {
    std::string name;   // "layer1.0.conv1" lies in "layer1.0"
    bool open = false;  // of a block's instance: others may lie in its module too
  };
  // In the order in which their modules are made.
  explicit Places(const std::vector<Name>& names);

  // How forward() reads the module: "self.layer1[0].conv1".
  const std::string& expression(const std::string& name) const { return of(name).expression; }
  // What the names of its weights begin with: the node's own name, but for words that nn.Module keeps for itself.
  const std::string& path(const std::string& name) const { return of(name).path; }

  // A line of __init__: what stands before and after the text that makes the module.
  struct Line {
    std::string before, after;
    bool module = true;  // false: `before` is all
  };
  // The lines that make it, with the modules around it that are not there yet. Once for each name, in order.
  std::vector<Line> creation(const std::string& name);

  // The list of modules that it lies in.
  struct List {
    std::string expression;      // "self.layer1"; empty: it lies in none
    size_t place = 0, size = 0;  // in the list
  };
  List listOf(const std::string& name) const;
  // creation() of that whole list at once, as one module.
  std::vector<Line> listCreation(const std::string& name);

  bool isNumbered() const { return root_.isList; }  // self holds modules called 0, 1, 2 and so on, no others
  bool holdsOthers(const std::string& name) const { return !of(name).children.empty(); }  // beside its own
  std::vector<std::string> attributes() const;                                            // of self
  const std::vector<std::string>& locals() const { return locals_; }                      // variables of __init__

 private:
  struct Place {
    std::string component, path, expression;
    std::string local;  // while the instance that it lies in is not there yet
    Place* parent = nullptr;
    std::vector<std::unique_ptr<Place>> children;
    bool isNode = false, isOpen = false, isList = false, made = false;
  };
  const Place& of(const std::string& name) const { return *places_.at(name); }
  Place& child(Place& parent, const std::string& component);
  void describe(Place& place);
  std::string now(const Place& place) const;  // how __init__ reads it
  Line putting(const Place& place) const;
  void make(Place& place, std::vector<Line>& lines);
  void attach(Place& place, std::vector<Line>& lines);

  Place root_;
  std::map<std::string, Place*> places_;
  std::vector<std::string> locals_;
  NameTable names_;
};

}  // namespace netwright::convert::pytorch
