// SPDX-License-Identifier: Apache-2.0
// Where a nn.Module keeps its modules: dotted names of nodes as modules within modules, so that state_dict has the
// names that the weights have. Used by model_source.cpp.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace netwright::convert::pytorch {

class Places {
 public:
  // Names of nodes in the order in which their modules are made. "layer1.0.conv1" lies in "layer1.0".
  explicit Places(const std::vector<std::string>& names);

  // How forward() reads the module: "self.layer1[0].conv1".
  const std::string& expression(const std::string& name) const { return of(name).expression; }
  // What the names of its weights begin with: the node's own name, but for words that nn.Module keeps for itself.
  const std::string& path(const std::string& name) const { return of(name).path; }
  // The lines of __init__ that make it, with the modules around it that are not there yet. Once for each name, in
  // order.
  std::vector<std::string> creation(const std::string& name, const std::string& module);

 private:
  struct Place {
    std::string component, path, expression;
    Place* parent = nullptr;
    std::vector<std::unique_ptr<Place>> children;
    bool isNode = false, isList = false, made = false;
  };
  const Place& of(const std::string& name) const { return *places_.at(name); }
  Place& child(Place& parent, const std::string& component);
  void describe(Place& place);
  void make(Place& place, const std::string& module, std::vector<std::string>& lines);

  Place root_;
  std::map<std::string, Place*> places_;
};

}  // namespace netwright::convert::pytorch
