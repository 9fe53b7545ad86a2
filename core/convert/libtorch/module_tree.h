// SPDX-License-Identifier: Apache-2.0
// The modules of an exported C++ class: dotted names of weights as nested modules. A module whose weights one op uses
// as torch::nn has it is one of torch::nn; the others hold their weights as members. Used by the LibTorch exporter.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/convert/model_part.h"
#include "core/convert/name_table.h"

namespace netwright::convert::libtorch {

struct Module {
  struct Slot {
    std::string name, member;  // registered: "weight"; in C++: "weight"
    const program::State* state = nullptr;
  };
  std::string path;          // "layer1.0"; of the root ""
  std::string name, member;  // registered: "0"; in C++: "n0"
  std::string expression;    // "layer1->n0"; of the root ""
  std::string type;          // its class: "Layer1_n0", "torch::nn::Linear"
  std::string construction;  // of one of torch::nn: "torch::nn::Linear(torch::nn::LinearOptions(12, 8))"
  std::vector<Slot> slots;
  std::vector<std::unique_ptr<Module>> children;
  NameTable members;
};

class ModuleTree {
 public:
  ModuleTree(const program::Program& program, const ModelPart& part);
  const Module& root() const { return root_; }
  // How forward() reads a weight: "lstm->weight_ih_l0".
  const std::string& weight(program::ValueId state) const { return weights_.at(state); }
  // The module of torch::nn that an op is; null if it is written as a call.
  const Module* moduleOf(const program::Op& op) const;
  // Weights that modules of torch::nn look after themselves.
  bool ownedByModule(program::ValueId state) const { return owned_.contains(state); }

 private:
  Module& descend(const std::string& path);
  Module* find(const std::string& path);
  void makeLeaves(const ModelPart& part);
  void nameTypes(Module& module, NameTable& types);

  const program::Program& program_;
  Module root_;
  std::map<program::ValueId, std::string> weights_;
  std::map<program::ValueId, bool> owned_;
  std::map<const program::Op*, const Module*> leaves_;
};

}  // namespace netwright::convert::libtorch
