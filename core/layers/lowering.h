// SPDX-License-Identifier: Apache-2.0
// What a layer's lowering sees: its inputs, parameters and a builder of ops. See builtin/linear.cpp for how it reads.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/document.h"
#include "core/layers/layer_spec.h"
#include "core/program/builder.h"

namespace netwright::layers {

using program::Argument;
using program::Dim;
using program::Shape;
using program::TensorType;

// A tensor on its way through a lowering. Invalid after a complaint; ops on invalid values are invalid and silent, and
// an invalid value looks like a number without dimensions.
struct Value {
  program::ValueId id;
  const program::Builder* builder = nullptr;
  explicit operator bool() const { return static_cast<bool>(id); }
  const TensorType& type() const {
    static const TensorType kNone;
    return id ? builder->program().tensorType(id) : kNone;
  }
  size_t rank() const { return type().shape.size(); }
  Dim dim(int i) const;  // negative counts from the end; 1 (an unknown size) if there is no such dimension
};

// How a weight starts out; a list of draws and fills in PyTorch's order.
using Initialiser = std::vector<program::InitStep>;
namespace init {
Initialiser uniform(double low, double high);
Initialiser normal(double mean, double deviation);
Initialiser fill(double value);
Initialiser ones();
Initialiser zeros();
Initialiser values(std::vector<double> all);  // one for each element
// torch.nn.init.kaiming_uniform_(w, a=sqrt(5)), the start of Linear and Conv weights; fanIn as PyTorch counts it.
Initialiser kaimingUniform(int64_t fanIn);
// uniform(-1/sqrt(fanIn), 1/sqrt(fanIn)), the start of their biases.
Initialiser fanInUniform(int64_t fanIn);
// torch.nn.init.xavier_uniform_ and xavier_normal_.
Initialiser xavierUniform(int64_t fanIn, int64_t fanOut);
Initialiser xavierNormal(int64_t fanIn, int64_t fanOut);
// Another function of torch.nn.init by its name, with all its parameters: orthogonal, dirac, eye, sparse, trunc_normal.
Initialiser function(std::string name, Attributes params);
}  // namespace init

struct DataColumn;
class Bodies;

class Lowering {
 public:
  Lowering(program::Builder& builder, const LayerSpec& layer, const graph::Node& node,
           std::map<std::string, program::ValueId> inputs);

  bool has(const char* port) const { return inputs_.contains(port); }  // an optional input has a wire
  Value input(const char* port) const;                                 // invalid if it has none
  template <class T>
  T get(const char* param) const;  // of a parameter whose spec was checked already
  bool isNone(const char* param) const;
  Shape ints(const char* param) const;  // IntList, expanded to the spec's length
  // A size that the wire tells. `auto` takes it; a pinned value must agree, else the diagnostic `code` {expected,
  // received} with the fixes "let it take", set by the wire. An unknown (symbolic) size is an error where a number is
  // needed.
  int64_t inferred(const char* param, const Dim& fromWire, const char* code);

  // False after recording the diagnostic; "layer" and "param" are filled in.
  bool check(bool ok, const char* code, const char* param, std::map<std::string, std::string> args,
             std::vector<Fix> fixes = {});
  bool requireRank(const Value& x, size_t low, size_t high, const char* form);

  Value parameter(const char* slot, Shape shape, const Initialiser& initialiser);
  // For layers that draw in another order than they list their weights: parameter() with no initialiser, then this.
  void initialise(const Value& parameter, const Initialiser& initialiser);
  // Takes the other's first values, which were drawn before.
  void initialiseAs(const Value& parameter, const Value& other);
  // Computed of `source`, and `other` along with it, where these are its own.
  void initialiseFrom(const Value& source, const Value& parameter, program::InitStep step, const Value& other = {});
  Value parameterIf(const char* flagParam, const char* slot, Shape shape,
                    const Initialiser& initialiser);  // invalid if the flag is false
  Value buffer(const char* slot, DType dtype, Shape shape, const Initialiser& initialiser);
  // Appends an op; invalid and silent once a diagnostic was recorded. A Value argument that is invalid because a flag
  // was false is passed as None by optional().
  Value op(const char* id, std::vector<Argument> args, program::Phase phase = program::Phase::Forward);
  // The same for an op with several results.
  std::vector<Value> results(const char* id, std::vector<Argument> args);
  static Argument optional(const Value& value);
  // Values must lie in [0, limit) or equal `ignore`: else the message `code` while a batch is computed.
  void guardIndex(const Value& value, const Dim& limit, int64_t ignore, const char* code = "NW-D001");

  Value programInput(TensorType type);     // only the Input layer
  void programOutput(const Value& value);  // only the Output layer
  // Only the Target layer: the column of that name, or the only target; invalid and silent while the data is unknown.
  Value programTarget(const std::string& column);
  // Only the Minimize layer.
  void minimize(const Value& value, double weight, int64_t objective) { minimized = {value, weight, objective}; }
  void output(const char* port, const Value& value);

  // Only layers of control flow (program/control.h). Invalid values after a complaint.
  std::vector<Value> control(const program::OpInfo& info, std::vector<Argument> args,
                             std::vector<std::shared_ptr<const program::Program>> regions,
                             std::vector<TensorType> results);
  program::Builder& builder() { return builder_; }
  Bodies* bodies = nullptr;  // of the node; null if it has none

  const graph::Node& node() const { return node_; }
  // What came out, for lowerGraph.
  std::map<std::string, program::ValueId> outputs;
  std::map<std::string, int64_t> inferredValues;  // the numbers behind `auto`
  struct Minimized {
    Value value;
    double weight = 1;
    int64_t objective = 1;
  };
  std::optional<Minimized> minimized;
  const std::vector<DataColumn>* columns = nullptr;  // of the data; null while they are unknown
  Diagnostics diagnostics;

 private:
  Value state(program::StateKind kind, const char* slot, TensorType type, const Initialiser& initialiser);
  Value wrap(program::ValueId id) const { return {id, &builder_}; }
  program::Builder& builder_;
  const LayerSpec& layer_;
  const graph::Node& node_;
  std::map<std::string, program::ValueId> inputs_;
  std::map<program::ValueId, int> fresh_;  // states that this node begins, and their places in the program
};

}  // namespace netwright::layers
