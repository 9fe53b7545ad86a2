// SPDX-License-Identifier: Apache-2.0
// The text of a block's class before it is known what its other instances have in common with it: lines with the
// numbers in them marked. Instances whose lines differ in such numbers only share a class, and what differs becomes a
// parameter of its constructor. Used by model_source.cpp.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/attribute.h"

namespace netwright::convert::pytorch {

// What may differ between instances: an argument of a constructor, or a number in a statement.
struct Constant {
  std::string value;         // as Python prints it: "64"
  std::string name;          // what it is: "in_channels"
  std::string node;          // whose: "conv1"
  std::string label = {};    // before the value: "stride="
  std::string formula = {};  // as drawn, over the block's parameters; empty: a value
  bool argument = false;     // separated from those before it by a comma
  bool spare = false;        // an argument that may be left out
  bool inferred = false;     // nobody has set it: it follows from others
};

struct Line {
  std::vector<std::variant<std::string, Constant>> parts = {};
  std::string comment = {};  // kept if all instances have the same
  int indent = 0;            // beyond that of the function's body

  Line() = default;
  explicit Line(std::string text, int indented = 0) : indent(indented) { parts.emplace_back(std::move(text)); }
  Line& add(std::string text) { return parts.emplace_back(std::move(text)), *this; }
  Line& add(Constant constant) { return parts.emplace_back(std::move(constant)), *this; }
  Line& add(const Line& other) { return parts.insert(parts.end(), other.parts.begin(), other.parts.end()), *this; }
};
// The numbers in a statement of that node marked; its names and texts are not.
Line numbersMarked(const std::string& statement, const std::string& node);

struct ClassText {
  std::string base = "nn.Module";
  std::vector<Line> init;       // of __init__ behind super().__init__(); of a nn.Sequential its modules
  std::vector<Line> modes;      // of train() behind super().train(mode)
  std::string head;             // "def forward(self, x):"; empty: the base has it
  std::vector<Line> forward;    // body
  std::set<std::string> taken;  // names that parameters must not have: variables of __init__, attributes of self
};

// An instance of a block.
struct Member {
  ClassText text;
  std::vector<std::pair<std::string, Attribute>> exposed = {};  // the block's parameters with their values here
};

struct Parameter {
  std::string name;                      // in Python
  std::string exposed;                   // as the block calls it; empty: it is not one of the block's
  std::vector<std::string> values = {};  // of each member
};

struct MergedClass {
  std::vector<size_t> members;        // which share it
  std::vector<Parameter> parameters;  // of __init__
  std::string body;                   // everything after "class NAME"
};

// The classes that instances of one block need, in the order of their first members. `globals`: names of the module.
std::vector<MergedClass> merged(const std::vector<Member>& members, const std::string& doc,
                                const std::set<std::string>& globals);

// The arguments of the constructor for a member as a part of the line that calls it. `formulas`: what the block's
// parameters were set to, where that is a formula; by name.
Line arguments(const MergedClass& of, size_t member, const std::string& node,
               const std::map<std::string, std::string>& formulas);

std::string pythonText(const Attribute& value);  // "64", "True", "(3, 3)"

}  // namespace netwright::convert::pytorch
