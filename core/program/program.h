// SPDX-License-Identifier: Apache-2.0
// The one intermediate representation: a flat list of primitive ops with inferred types. Lowering makes it from a
// graph; the engine executes it, exporters print it, the inspector walks it. A value type: built once, then only read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/program/catalogue.h"

namespace netwright::program {

struct Program;

enum class Part { Model, Loss };  // what only losses and metrics need is not exported
// Writes to state outside of ATen ops happen in training only: before all else, where they read nothing but states, or
// when gradients are done.
enum class Phase { BeforeForward, Forward, AfterBackward };

struct Op {
  uint64_t id = 0;               // stable: from the node path and the op's ordinal there; seeds its randomness
  const OpInfo* info = nullptr;  // lives in the catalogue, forever
  std::vector<Argument> args;    // one per schema argument
  std::vector<ValueId> results;
  NodePath node;
  std::string layer;  // as messages call it: "Linear 'fc1'"
  Mode mode = Mode::Follow;
  Part part = Part::Model;
  Phase phase = Phase::Forward;
  std::vector<std::shared_ptr<const Program>> regions;  // what control.h's ops run
  Dim macs = 0;
};

struct Value {
  ValueType type;
  std::string name;  // "conv1", "conv1.weight", "x"
};

struct Port {  // an input or output of the program
  ValueId value;
  std::string name;  // unique; batches bind to inputs by it
  NodePath node;
};

enum class StateKind { Parameter, Buffer };  // trained by an optimiser, or kept (running statistics)

struct State {
  ParameterId id;
  std::string name;  // as in PyTorch's state_dict: "conv1.weight"
  StateKind kind = StateKind::Parameter;
  ValueId value;
  Part part = Part::Model;  // Loss: no op of the model's has it
  bool frozen = false;      // a parameter that keeps its values: no gradient, no optimiser
};

// A step of the initialisation recipe. Order across steps is the order of draws from the generator, as PyTorch's
// modules draw.
struct InitStep {
  enum class Kind {
    Uniform,         // [a, b)
    Normal,          // mean a, deviation b
    Fill,            // value a
    Copy,            // of `source`
    Discard,         // drawn for nothing
    Values,          // one number for each element
    Function,        // `function` of torch.nn.init with `params` (engine/beginnings.h)
    Norms,           // of each slice of `source` along its first dimension
    SingularVectors  // with `other` of `source`, a row for each place of its dimension `dim`; norms are at least a
  };
  Kind kind = Kind::Fill;
  int state = -1;  // index into Program::states
  double a = 0, b = 0;
  int64_t row = -1;  // Fill: this row only; -1 fills all
  int source = -1;   // what it is computed of, drawn before
  int other = -1;    // SingularVectors: the state that becomes the right one; `state` the left one
  int64_t dim = 0;   // SingularVectors
  Shape shape;       // Discard
  std::vector<double> values;
  std::string function;  // "orthogonal"
  Attributes params;     // complete
};

// A parameter that begins otherwise than its layer says: one of torch.nn.init, or "lsuv" (run::initialisers).
struct Start {
  int state = -1;  // index into Program::states
  std::string kind;
  Attributes params;  // complete
};

// Checked for each batch before any op runs: what inference could not decide.
struct DimGuard {
  Dim a, b;
  std::string code;  // message when they differ, and what fills it
  std::map<std::string, std::string> args;
  NodePath node;
  std::string layer;
};

// Values of `value` must lie in [0, limit) or equal `ignore`: ATen does not check all labels and indices.
struct IndexGuard {
  ValueId value;
  Dim limit;
  int64_t ignore = -1;
  std::string code;  // message for a value that does not
  NodePath node;
  std::string layer;
  Part part = Part::Model;
};

// What training minimises: the sum of weight * value over the terms of an objective.
struct LossTerm {
  ValueId value;     // a scalar
  std::string name;  // "cross_entropy"
  double weight = 1;
  int objective = 0;
};

struct Program {
  std::vector<Value> values;
  std::vector<Op> ops;                // in order of execution
  std::vector<Port> inputs, outputs;  // inputs include the targets of losses
  std::vector<LossTerm> losses;
  std::vector<Port> measured;  // what metrics read besides outputs
  std::vector<State> states;
  std::vector<InitStep> initialisation;
  std::vector<Start> starts;  // afterwards, in this order, with the same stream of random numbers
  std::vector<DimGuard> dimGuards;
  std::vector<IndexGuard> indexGuards;

  const Value& value(ValueId id) const { return values[static_cast<size_t>(id.index)]; }
  const ValueType& type(ValueId id) const { return value(id).type; }
  const TensorType& tensorType(ValueId id) const { return value(id).type.tensor(); }
  int64_t parameterCount() const;  // of the model, without what only losses need
  Dim macs() const;                // likewise
};

// The values that an op reads, in the order of its arguments.
std::vector<ValueId> valuesOf(const Op& op);

// Leaves out ops that write nothing and whose results nothing reads, neither other ops nor outputs, losses or metrics.
void dropUnread(Program& program);

// One op per line, for people and tests: "%3 conv1 = conv2d(%0, %1, %2, [1, 1], ...) : (N, 32, 26, 26)".
std::string text(const Program& program);

// Checks an op's argument types by its shape rule. Returns the call with results, macs, guards or a failure.
OpCall inspect(const OpInfo& info, const std::vector<Argument>& args, std::vector<ValueType> argumentTypes,
               Answer training);
// Types of an op's arguments, in schema order, read off the program's values.
std::vector<ValueType> argumentTypes(const std::vector<Value>& values, const std::vector<Argument>& args);

}  // namespace netwright::program
