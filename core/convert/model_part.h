// SPDX-License-Identifier: Apache-2.0
// What of a program is exported: the model without losses, without targets and without weights that nothing uses. Used
// by all exporters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/base/safetensors.h"
#include "core/convert/exporter.h"
#include "core/program/program.h"

namespace netwright::convert {

struct ModelPart {
  std::vector<const program::Op*> preparations;  // writes to state before the forward pass: training only
  std::vector<const program::Op*> ops;           // of the forward pass, in order of execution
  std::vector<const program::Op*> effects;       // writes to state after backward: training only
  std::vector<const program::Port*> inputs;      // those that the model itself uses
  std::vector<const program::State*> states;     // those that any of these ops use, in the program's order
};
ModelPart modelPart(const program::Program& program);

// The program without losses, metrics and what only they need: ops, inputs and states.
program::Program modelOnly(program::Program program);

// Calls `visit` for the op and then for those of the programs that it runs, each with the program that it is in.
using OpVisitor = std::function<void(const program::Program&, const program::Op&)>;
void visitOps(const program::Program& program, const program::Op& op, const OpVisitor& visit);
// The same for all ops of the model's forward pass.
void visitOps(const program::Program& program, const OpVisitor& visit);
bool hasControl(const program::Program& program);  // one of these ops runs programs of its own
// What inputs of the op's programs hold, in order, of the program around them; invalid: something of each step.
std::vector<program::ValueId> givenTo(const program::Op& op);

bool isTraining(const program::Argument& argument);  // a flag or number that follows the mode

// The value of a named argument of an op.
const program::Argument& argument(const program::Op& op, const char* name);
// The tensor of an argument; an invalid id if it is None.
program::ValueId tensorArgument(const program::Op& op, const char* name);

// The weights of the given states, in their order. Throws Error{Input} naming the first that is missing or has another
// shape.
std::vector<const HostTensor*> weightsOf(const ExportInput& input, const std::vector<const program::State*>& states);

// Every state of the model with its weight, in its order: what files of weights alone hold.
std::vector<TensorRef> statesOf(const ExportInput& input);

// "Netwright 0.1.0"
std::string producer(const ExportInput& input);
// What each file says of its origin: "producer" and "netwright.graph", the graph's JSON, from which a re-import
// restores the layout.
TextMap originOf(const ExportInput& input);

}  // namespace netwright::convert
