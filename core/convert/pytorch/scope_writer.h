// SPDX-License-Identifier: Apache-2.0
// Writes what stands in the network itself or in a block as a nn.Module: modules made in __init__, one statement after
// the other in forward(). Used by model_source.cpp.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/convert/pytorch/block_tree.h"
#include "core/convert/pytorch/class_source.h"
#include "core/convert/pytorch/class_text.h"
#include "core/convert/pytorch/places.h"
#include "core/convert/pytorch/scope.h"

namespace netwright::convert::pytorch {

// What is known of the rest of the file when a scope is written: of its nodes all, of its instances their classes.
struct Surroundings {
  const program::Program& program;
  std::map<NodeId, ClassSource> classes = {};           // of nodes that PyTorch has no module for
  std::map<NodeId, std::string> nodeConstructors = {};  // of these: "PositionalEncoding()"
  std::map<const BlockScope*, Line> constructors = {};  // "BasicBlock(64)"
  std::set<const graph::Block*> hosts = {};             // in whose modules others lie too
  std::map<const BlockScope*, std::unique_ptr<const Places>> places = {};
};

std::unique_ptr<Places> placesOf(const BlockScope& scope);

class ScopeWriter {
 public:
  ScopeWriter(const Surroundings& all, const BlockScope& scope);
  ClassText write();

 private:
  using Element = BlockScope::Element;
  using Values = std::vector<program::ValueId>;
  class ModuleCall;

  Values takes(const Element& e) const;
  Values gives(const Element& e) const;
  bool isStatement(const Element& e) const;
  // Written op by op.
  bool isInline(const Element& e) const {
    return e.plan && e.plan->form == NodePlan::Form::Inline && e.plan->code.empty();
  }
  void findLists();
  bool isChain(const std::vector<const Element*>& elements) const;
  bool isSequential() const;
  std::string frameOf(const Element& e) const;
  std::string shapeOf(const Element& e) const;
  std::string module(const Element& e) const;
  Line construction(const Element& e) const;
  void writeInit(ClassText& out);
  void writeForward(ClassText& out) const;
  void writeLoop(ClassText& out) const;
  std::vector<Line> statementsOf(const Element& e, Scope& locals, size_t statement) const;
  std::vector<Line> codeOf(const Element& e, Scope& locals, size_t statement) const;
  std::vector<Line> controlOf(const Element& e, Scope& locals, size_t statement) const;
  void takeStates(const BlockScope& scope, const std::string& owner, Scope& locals) const;

  const Surroundings& all_;
  const BlockScope& scope_;
  const std::unique_ptr<Places> places_;
  std::vector<const Element*> modules_;                          // in the order in which they are made
  std::map<program::ValueId, size_t> reads_;                     // by how many elements, or as a result
  std::map<const Element*, std::vector<const Element*>> lists_;  // by the first: those that fill a list of modules
  std::map<const Element*, const Element*> chained_;             // those in a list that is called as one: its first one
};

}  // namespace netwright::convert::pytorch
