// SPDX-License-Identifier: Apache-2.0
// The modules of an exported C++ class. A module whose weights one op uses as torch::nn has it is one of torch::nn; the
// others hold their weights as members. Used by the LibTorch exporter.
#pragma once

#include <map>
#include <set>

#include "core/convert/module_tree.h"
#include "core/convert/name_table.h"

namespace netwright::convert::libtorch {

class ModuleTree : public convert::ModuleTree {
 public:
  ModuleTree(const program::Program& program, const ModelPart& part);
  // The module of torch::nn that an op is; null if it is written as a call.
  const Module* moduleOf(const program::Op& op) const;
  // Weights that modules of torch::nn look after themselves.
  bool ownedByModule(program::ValueId state) const { return owned_.contains(state); }

 private:
  void makeLeaves(const ModelPart& part);
  void nameTypes(Module& module, NameTable& types);

  const program::Program& program_;
  std::set<program::ValueId> owned_;
  std::map<const program::Op*, const Module*> leaves_;
};

}  // namespace netwright::convert::libtorch
