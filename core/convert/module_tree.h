// SPDX-License-Identifier: Apache-2.0
// Dotted names of nodes and weights as modules within modules, so that a state_dict has PyTorch's keys. How code calls
// them is said by the format. Used by exporters of formats that have modules.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/convert/model_part.h"

namespace netwright::convert {

std::vector<std::string> components(const std::string& dotted);  // "layer1.0" -> "layer1", "0"

struct Module {
  struct Slot {
    std::string key, name;  // "weight", and as the code calls it
    const program::State* state = nullptr;
    size_t index = 0;  // among the model part's states
  };
  std::string path;          // "layer1.0"; of the root ""
  std::string key, name;     // "0", and as the code calls it: "n0"
  std::string expression;    // how forward() reads it: "layer1->n0"
  std::string type;          // its class; for the format to say
  std::string construction;  // of a module that the framework has; else empty
  std::vector<Slot> slots;
  std::vector<std::unique_ptr<Module>> children;  // in the order of their first use
};

class ModuleTree {
 public:
  struct Naming {
    // What the code calls a part of a module; differs from its other parts.
    std::function<std::string(const Module& owner, const std::string& key)> member;
    // How it reads it: "self.conv1".
    std::function<std::string(const std::string& owner, const std::string& member)> access;
    std::string root;  // what stands for the whole: "self"
  };
  ModuleTree(const ModelPart& part, Naming naming);
  ModuleTree(const ModuleTree&) = delete;

  Module& root() { return root_; }
  const Module& root() const { return root_; }
  Module& at(const std::string& path);          // made where there is none
  Module* find(const std::string& path) const;  // null if there is none
  // How forward() reads a weight: "self.conv1.weight".
  const std::string& weight(program::ValueId state) const { return weights_.at(state); }

 private:
  Naming naming_;
  Module root_;
  std::map<std::string, Module*> places_;  // by path
  std::map<program::ValueId, std::string> weights_;
};

}  // namespace netwright::convert
