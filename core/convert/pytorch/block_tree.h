// SPDX-License-Identifier: Apache-2.0
// The network as functions that call functions: what stands directly in it, and its blocks' instances with what stands
// in them; what each reads and gives. Used by model_source.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/convert/pytorch/node_plan.h"

namespace netwright::convert::pytorch {

// One copy of an instance, a body of control flow, or the network itself.
struct BlockScope {
  // A node or a scope within this one.
  struct Element {
    std::string name;       // in this scope: "layer1.0"
    graph::Point position;  // as drawn in it
    const NodePlan* plan = nullptr;
    BlockScope* scope = nullptr;
    const graph::Node* drawn = nullptr;  // in the body of this scope's block; null: not there
    bool isModule() const { return scope ? !scope->twin && !scope->gives.empty() : plan->isModule(); }
  };
  struct Port {
    program::ValueId value;
    std::string name;
  };
  BlockScope* parent = nullptr;                            // null: the network
  const graph::Block* block = nullptr;                     // null: the network
  const graph::Document* body = nullptr;                   // as drawn
  std::string prefix;                                      // of names in the flat graph: "layer1.0."
  std::vector<Element> elements;                           // in the document's order
  std::vector<size_t> order;                               // of execution
  std::vector<Port> takes, gives;                          // arguments and results of its forward()
  std::vector<std::pair<std::string, Attribute>> exposed;  // the block's parameters with their values
  const NodePlan* control = nullptr;                       // runs it as one of its bodies; null: an instance
  size_t place = 0;                                        // among these bodies
  const BlockScope* twin = nullptr;  // of the same parent, with the same weights: is called in its place
};

class BlockTree {
 public:
  // Refers to all that it is given. Instances that cannot be functions of their own are dissolved: what is in them
  // stands in the scope around them.
  BlockTree(const graph::Document& drawn, const layers::Lowered& lowered, const program::Program& program,
            const std::vector<NodePlan>& plans);
  BlockTree(const BlockTree&) = delete;

  const BlockScope& root() const { return *scopes_.front(); }
  // The instances of each block that need a class, blocks that others use before these.
  std::vector<std::vector<const BlockScope*>> instances() const;

 private:
  std::vector<std::unique_ptr<BlockScope>> scopes_;
};

}  // namespace netwright::convert::pytorch
