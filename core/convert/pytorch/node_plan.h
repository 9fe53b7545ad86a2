// SPDX-License-Identifier: Apache-2.0
// What each node of a graph becomes in a nn.Module, and what it reads and gives. Used by model_source.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/convert/pytorch/inline_code.h"
#include "core/convert/pytorch/module_row.h"
#include "core/convert/pytorch/united.h"
#include "core/layers/lower_graph.h"

namespace netwright::convert::pytorch {

struct NodePlan {
  enum class Form { Module, Class, Inline, Control };
  Form form = Form::Inline;
  const graph::Node* node = nullptr;
  std::shared_ptr<const layers::LayerSpec> layer;
  Attributes names;                // that its formulas and code may use
  const ModuleRow* row = nullptr;  // of Form::Module
  Attributes params;               // with numbers instead of `auto`
  std::vector<const program::Op*> ops;
  std::vector<const program::Op*> preparations, effects;  // happen in training, before and after the rest
  std::vector<const program::State*> states;              // that it begins: they are named after it
  std::vector<program::ValueId> foreign;                  // states of other nodes that it reads
  std::map<std::string, program::ValueId> in;             // by port
  std::map<std::string, program::ValueId> out;            // by port
  std::vector<Assignment> code;                           // of an expression that is Inline; empty: its ops are written
  const ControlFlow* control = nullptr;                   // of Form::Control
  bool changesInTraining = false;                         // in its behaviour
  bool isModule() const { return form == Form::Module || form == Form::Class; }
  std::vector<program::ValueId> tensors() const;  // the different ones at its inputs, in the order of the ports
  std::vector<program::ValueId> results() const;  // at its outputs, likewise
};

// The code of an expression node as Python; empty where others' words forbid it.
std::vector<std::string> codeOf(const program::Program& program, const NodePlan& plan);

// Of all nodes that the program uses, in the document's order; inputs and outputs are left out. `lowered` has the
// program of `united`.
std::vector<NodePlan> planNodes(const graph::Document& graph, const layers::Lowered& lowered, const United& united);

}  // namespace netwright::convert::pytorch
