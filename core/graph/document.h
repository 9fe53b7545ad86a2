// SPDX-License-Identifier: Apache-2.0
// The graph that people edit: nodes (layers) and wires, blocks made of them, variables; as one value. Everything else
// reads it; only graph::apply changes it. What composes is dissolved by expand() before anything is built.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/base/param_spec.h"

namespace netwright::graph {

struct Point {
  double x = 0, y = 0;  // scene units: pixels at 100 %
  bool operator==(const Point&) const = default;
};

struct Node {
  NodeId id;
  std::string kind;   // id of the layer in the registry: "conv2d"
  int version = 1;    // of that layer, for migrations
  std::string name;   // unique, may be a dotted path: "layer1.0.conv1"; weights are named after it
  Attributes params;  // all of the layer's parameters, explicitly
  Mode mode = Mode::Follow;
  bool bypassed = false;  // as if it were a wire: what enters it first leaves it, by every output
  // Slots that use another node's weights. "*": all of them, those of the node or instance that the entry's owner
  // names.
  std::map<std::string, ParameterId> shared;
  std::vector<BlockId> bodies;  // of a block's instance its definition; of control flow what it runs
  Point position;               // top left corner
  Attributes names;             // in flat graphs only: what variables are worth that the text of code uses
  std::string unknown;          // raw JSON members this version does not know, written back unchanged ("" if none)
  bool operator==(const Node&) const = default;
};

struct Wire {
  PortRef from, to;  // output port -> input port; an input has at most one wire
  auto operator<=>(const Wire&) const = default;
};

// What people write onto the canvas: a frame, a titled box that moves what lies in it, or a note. Means nothing to the
// network: lowering never looks at it.
struct Annotation {
  enum class Kind { Frame, Note };
  int64_t id = 0;  // unique among the annotations of a document
  Kind kind = Kind::Frame;
  std::string text;    // of a frame its title, of a note Markdown
  std::string colour;  // "blue", "green", ...; how it looks is the window's affair
  Point position;      // top left corner
  Point size{300, 200};
  std::string unknown;  // as in Node
  bool operator==(const Annotation&) const = default;
};

// A name for a value that parameters use: hidden = 128, width = hidden * 2.
struct Variable {
  std::string name;
  Attribute value;      // may be a Formula over other variables
  std::string unknown;  // as in Node
  bool operator==(const Variable&) const = default;
};

struct Block;

// Nodes keep their order: it is the order of modules in exported source and of drawing initial weights. The body of a
// block is a document too, with its own numbers for nodes, variables that may use the block's parameters, and no
// definitions of its own.
struct Document {
  std::vector<Node> nodes;
  std::vector<Wire> wires;
  std::vector<Annotation> annotations;  // later ones lie above
  std::vector<Variable> variables;
  std::vector<Block> blocks;  // definitions
  std::string unknown;        // as in Node
  bool operator==(const Document&) const;

  const Node* find(NodeId id) const;
  const Node* findByName(const std::string& name) const;
  const Wire* wireInto(const PortRef& input) const;
  const Annotation* findAnnotation(int64_t id) const;
  NodeId freshId() const;
  int64_t freshAnnotationId() const;
  std::string freshName(const std::string& stem) const;  // "conv1", "conv2", ... never taken
  const Block* findBlock(BlockId id) const;
  const Block* findBlockByName(const std::string& name) const;
  BlockId freshBlockId() const;
  const Document* body(BlockId id) const;  // this one for 0; null if there is no such block
};

// The definition of a block. Its ports are nodes of the body: kinds kBlockInput and kBlockOutput, a port's name is the
// node's, their order that of the nodes.
struct Block {
  BlockId id;
  std::string name;  // unique: "Residual"
  std::string doc;   // Markdown
  std::vector<ParamSpec> params;
  Document body;
  std::string unknown;  // as in Node
  bool operator==(const Block&) const = default;
};

inline constexpr const char* kCode = "code";       // parameter of nodes that hold a text of the tensor language
inline constexpr const char* kInstance = "block";  // kind of a node that stands for a block
inline constexpr const char* kIf = "if";           // its bodies are called then and otherwise
inline constexpr const char* kBlockInput = "block_input";
inline constexpr const char* kBlockOutput = "block_output";
// Names of the ports of a body, in order.
std::vector<std::string> portNames(const Document& body, const char* kind);

// Name of a node that uses the block, as a path: "encoder.attention"; empty if none does.
std::string userOf(const Document& document, BlockId block);

// Nodes in an order in which every wire points forward, ties by document order. Nodes on or behind a cycle are missing;
// `cycle`, if given, receives the nodes of one cycle.
std::vector<NodeId> topologicalOrder(const Document& document, std::vector<NodeId>* cycle = nullptr);

// Every node from which `target` can be reached, target included.
std::vector<NodeId> upstream(const Document& document, const std::vector<NodeId>& targets);

}  // namespace netwright::graph
