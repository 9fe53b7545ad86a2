// SPDX-License-Identifier: Apache-2.0
// A user's mistake as a value: a code with named arguments, the place, and ready fixes. Text comes from one catalogue
// (messages.cpp). Made by lowering, data, run checks and exporters; shown by the editor, the command line and tests.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/ids.h"

namespace netwright {

enum class Severity { Error, Warning, Info };

// Steps of a fix, applied in order as one undoable edit (graph::fixEdit).
struct SetParamStep {
  NodeId node;
  std::string param;
  Attribute value;
  bool operator==(const SetParamStep&) const = default;
};
struct InsertLayerStep {  // puts a new layer into the wire that ends at `before`
  std::string kind;
  Attributes params;
  PortRef before;
  bool operator==(const InsertLayerStep&) const = default;
};
struct DisconnectStep {  // removes the wire that ends at `input`
  PortRef input;
  bool operator==(const DisconnectStep&) const = default;
};
using FixStep = std::variant<SetParamStep, InsertLayerStep, DisconnectStep>;

struct Fix {
  std::string label;  // the button: "Let fc1 take 1,600"
  std::vector<FixStep> steps;
  BlockId body;  // where the steps' nodes are: the network itself or the definition of a block
  bool operator==(const Fix&) const = default;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;  // "NW-S003", see messages.cpp and docs/errors.md
  std::map<std::string, std::string> args;
  NodePath node;            // empty: the whole graph, or no graph at all
  std::string port, param;  // the input or the parameter at fault; may be empty
  std::vector<Fix> fixes;   // best first
  std::string chain;        // how the value came about: "x (N, 1, 28, 28) → Conv2d 'conv1' (N, 32, 26, 26) → …"

  std::string text() const;  // full sentence(s) with the numbers filled in
  bool operator==(const Diagnostic&) const = default;
};
using Diagnostics = std::vector<Diagnostic>;

bool hasErrors(const Diagnostics& diagnostics);

}  // namespace netwright
