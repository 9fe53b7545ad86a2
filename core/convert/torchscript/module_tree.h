// SPDX-License-Identifier: Apache-2.0
// The modules of a TorchScript file: dotted names of nodes and weights as nested modules, so that state_dict has
// PyTorch's keys. Used by the TorchScript exporter.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/convert/exporter.h"
#include "core/convert/model_part.h"

namespace netwright::convert::torchscript {

struct Module {
  struct Slot {
    std::string name;  // attribute: "weight"
    const program::State* state = nullptr;
    size_t index = 0;  // among the model part's states: the number of its data in the file
  };
  struct Child {
    std::string name;  // attribute: "conv1", "0"
    std::unique_ptr<Module> module;
  };
  std::string className;  // unique in the file
  std::vector<Slot> slots;
  std::vector<Child> children;  // in the order of their first use
};

class ModuleTree {
 public:
  ModuleTree(const ExportInput& input, const ModelPart& part);
  const Module& root() const { return root_; }
  // How forward() reads them: "self.conv1.weight", "getattr(self.layer1, \"0\")".
  const std::string& weight(program::ValueId state) const { return weights_.at(state); }
  const std::string& module(const std::string& nodeName) const { return places_.at(nodeName).expression; }

 private:
  struct Place {
    Module* module = nullptr;
    std::string expression;
  };
  Module& descend(const std::string& nodeName);
  Place addChild(const Place& parent, const std::string& component, const std::string& path) const;

  const ExportInput& input_;
  Module root_;
  std::map<program::ValueId, std::string> weights_;
  std::map<std::string, Place> places_;  // by dotted path
};

}  // namespace netwright::convert::torchscript
