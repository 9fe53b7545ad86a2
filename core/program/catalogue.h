// SPDX-License-Identifier: Apache-2.0
// The op catalogue: one entry per primitive op with its ATen schema, shape rule and cost. Layers compose ops, the
// executor runs them through the dispatcher by schema, exporters print them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/program/schema.h"
#include "core/program/type.h"

namespace netwright::program {

// One application of an op under inspection: its argument types in, its result types, cost and complaints out. Shapes
// are symbolic while drawing and numbers at run time; the same rule serves both, because some ATen kernels do not
// check.
class OpCall {
 public:
  OpCall(const Schema& schema, std::vector<ValueType> types, const std::vector<Argument>& arguments, Answer training)
      : training(training), schema_(schema), types_(std::move(types)), arguments_(arguments) {}

  bool knows(const char* argument) const;  // the op has such an argument
  bool has(const char* argument) const;    // a tensor was given
  bool given(const char* argument) const;  // it is not None
  const TensorType& tensor(const char* argument) const;
  const std::vector<TensorType>& list(const char* argument) const;  // of tensors
  const Shape& shape(const char* argument) const { return tensor(argument).shape; }
  Shape ints(const char* argument) const;
  int64_t integer(const char* argument) const;  // the argument must be a constant
  double number(const char* argument) const;
  bool isWhole(const char* argument) const;  // a number without a point
  bool flag(const char* argument) const;
  std::string text(const char* argument) const;
  std::optional<DType> dtype(const char* argument) const;  // none: None

  void result(TensorType type) { results.emplace_back(std::move(type)); }
  // Records the complaint (a code of base/messages.cpp); the rule returns after it. "layer" is added by the caller.
  void fail(std::string code, std::map<std::string, std::string> args);
  // `a` must equal `b`: false and a complaint if they differ, a run-time guard if that is unknown.
  bool requireEqual(const Dim& a, const Dim& b, std::string code, std::map<std::string, std::string> args);

  const Answer training;
  std::vector<ValueType> results;
  Dim macs = 0;  // multiply-accumulates of the forward pass
  std::string failureCode;
  std::map<std::string, std::string> failureArgs;
  struct Guard {
    Dim a, b;
    std::string code;
    std::map<std::string, std::string> args;
  };
  std::vector<Guard> guards;

 private:
  const Argument& argument(const char* name) const { return arguments_[schema_.index(name)]; }
  const Schema& schema_;
  std::vector<ValueType> types_;  // per schema argument; Unknown for what is no tensor
  const std::vector<Argument>& arguments_;
};

struct OpInfo {
  Schema schema;
  std::string schemaText;
  std::function<void(OpCall&)> infer;
  std::vector<std::string>
      mutates;          // arguments whose tensors the op writes (running statistics): an effect, kept in order
  bool random = false;  // draws from the default generator: reseeded before each call
  bool differentiable = true;
  bool deterministic = true;  // has a deterministic kernel
  std::string id() const { return schema.id(); }
};

const std::map<std::string, OpInfo>& catalogue();  // by id: "conv2d", "softmax.int"
const OpInfo& opInfo(const std::string& id);       // asserts that it exists

}  // namespace netwright::program
