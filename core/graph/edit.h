// SPDX-License-Identifier: Apache-2.0
// Edits of a document and their inverses. Undo is applying the inverse; the window's undo stack and the command line
// use the same.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/graph/document.h"

namespace netwright::graph {

struct AddNode {
  Node node;
  size_t index = SIZE_MAX;  // place in the order of nodes; past the end appends
};
struct RemoveNode {  // its wires must be gone before; see removeNodes
  NodeId node;
};
struct Connect {  // the input must be free; see connect
  Wire wire;
};
struct Disconnect {
  Wire wire;
};
struct SetParam {
  NodeId node;
  std::string param;
  std::optional<Attribute> value;  // nullopt takes the parameter away
};
struct Rename {
  NodeId node;
  std::string name;
};
struct Move {
  NodeId node;
  Point position;
};
struct SetMode {
  NodeId node;
  Mode mode;
};
struct SetBypassed {
  NodeId node;
  bool bypassed = false;
};
struct AddAnnotation {
  Annotation annotation;
  size_t index = SIZE_MAX;  // as in AddNode
};
struct RemoveAnnotation {
  int64_t id = 0;
};
struct SetAnnotation {  // in place of the one with its id
  Annotation annotation;
};
struct Reorder {  // among the nodes: the order of ports and of modules
  NodeId node;
  size_t index = 0;
};
struct SetShared {
  NodeId node;
  std::map<std::string, ParameterId> shared;
};
struct SetBodies {
  NodeId node;
  std::vector<BlockId> bodies;
};
struct SetVariables {  // all of the body's
  std::vector<Variable> variables;
};
struct AddBlock {  // a definition; its body may use those that are there
  Block block;
  size_t index = SIZE_MAX;
};
struct RemoveBlock {  // that no node uses any more
  BlockId block;
};
struct SetBlock {  // name, words and parameters of a definition; its body is edited by steps in it
  BlockId block;
  std::string name, doc;
  std::vector<ParamSpec> params;
};
using StepKind = std::variant<AddNode, RemoveNode, Connect, Disconnect, SetParam, Rename, Move, SetMode, SetBypassed,
                              AddAnnotation, RemoveAnnotation, SetAnnotation, Reorder, SetShared, SetBodies,
                              SetVariables, AddBlock, RemoveBlock, SetBlock>;

// What happens, and in which body: the network itself or the definition of a block.
struct Step : StepKind {
  BlockId body;
  template <class Kind>
    requires(!std::is_same_v<std::remove_cvref_t<Kind>, Step>)
  Step(Kind&& kind, BlockId in = {}) : StepKind(std::forward<Kind>(kind)), body(in) {}
};

// A named list of steps that happen together: "Change kernel_size of conv1".
struct Edit {
  std::string name;
  std::vector<Step> steps;
  bool empty() const { return steps.empty(); }
  // The same steps, those for the network itself in `body` instead.
  Edit in(BlockId body) &&;
};

// What a view must refresh after an edit.
struct Change {
  std::vector<NodeId> nodes;    // added, removed, moved, renamed or with other parameters
  std::vector<BlockId> bodies;  // in which of them; `nodes` are numbers there
  bool structure = false;       // nodes or wires came or went
  bool blocks = false;          // ports, parameters or names of definitions differ
  bool meaning = false;         // shapes or errors may differ (all but moves and annotations)
};

struct Applied {
  Edit inverse;
  Change change;
};

// Applies all steps or, if one does not fit the document (unknown node, taken name, occupied input, a cycle), none and
// throws Error{Input} that says which and why.
Applied apply(Document& document, const Edit& edit);

// Ready-made edits. They read the document and never change it.
Edit addNode(const Document& document, Node node, std::string title);
Edit removeNodes(const Document& document, const std::vector<NodeId>& nodes,
                 bool heal);                               // heal: join what they connected
Edit connect(const Document& document, const Wire& wire);  // replaces the wire that ends at the input
Edit disconnect(const Wire& wire);
Edit setParam(const Document& document, NodeId node, const std::string& param, const Attribute& value);
Edit rename(const Document& document, NodeId node, const std::string& name);
bool wouldCycle(const Document& document, const Wire& wire);

}  // namespace netwright::graph
