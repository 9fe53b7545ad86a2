// SPDX-License-Identifier: Apache-2.0
// The syntax tree of Python's expressions, assignments, for and if, and their parser. What the names mean is up to who
// walks the tree: interpreter.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/language/source.h"

namespace netwright::language {

// Kinds of nodes with their children; {..} may be kNoNode, * is any number.
enum class NodeKind : uint8_t {
  Whole,          // `whole`
  Real,           // `real`
  Text,           // `text`
  True,           //
  False,          //
  None,           //
  Ellipsis,       // ...
  Name,           // `text`
  Tuple,          // item*: (a, b), also without parentheses
  List,           // item*
  Starred,        // tuple: *a, in calls, tuples and lists
  Comprehension,  // item, target, iterable, {condition}: [i * 2 for i in range(4) if i != 1]
  Unary,          // operand; `text` is one of - + ~ not
  Binary,         // left, right; `text` is one of + - * / // % ** @ & | ^ << >>
  Comparison,     // first, Compared*: a < b <= c
  Compared,       // operand; `text` is one of < <= > >= == != in "not in" is "is not"
  And,            // left, right
  Or,             // left, right
  Conditional,    // test, value, otherwise: value if test else otherwise
  Call,           // function, argument*; arguments are expressions, Starred or Keyword
  Keyword,        // value; `text` is its name
  Attribute,      // object; `text` is its name: x.shape
  Subscript,      // object, index; the index of x[a, b] is a Tuple
  Slice,          // {start}, {stop}, {step}
  Block,          // statement*
  Assign,         // target+, value: a = b = 1; a target is a Name or a Tuple of Names
  For,            // target, iterable, Block
  If,             // test, Block, {Block}; elif is an If in the last
  Return,         // {value}
  Statement,      // expression
  Pass
};

using NodeIndex = uint32_t;
inline constexpr NodeIndex kNoNode = UINT32_MAX;

struct Node {
  NodeKind kind = NodeKind::None;
  Span at;  // with its parentheses
  std::string text;
  int64_t whole = 0;
  double real = 0;
  std::vector<NodeIndex> children;
  int depth = 1;  // levels below and including it, at most kMaxDepth
};

struct Tree {
  std::vector<Node> nodes;  // children before parents
  NodeIndex root = kNoNode;
  const Node& operator[](NodeIndex index) const { return nodes[index]; }
};

struct Parsed {
  Tree tree;                      // whole only where there are no mistakes
  std::vector<Mistake> mistakes;  // by place; at most 20
};
Parsed parseExpression(std::string_view text);  // root: an expression; line ends are blanks
Parsed parseCode(std::string_view text);        // root: a Block; tells one mistake for each line

}  // namespace netwright::language
