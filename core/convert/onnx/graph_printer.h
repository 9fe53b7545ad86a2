// SPDX-License-Identifier: Apache-2.0
// Prints a program as an ONNX graph: names, initialisers, inputs, outputs and value types. What each op becomes is said
// by the rows in rows/, which see an OpPrinter.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/convert/exporter.h"
#include "core/convert/name_table.h"
#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {

class GraphPrinter;

// One op of the program on its way into the graph. Asserts that arguments exist and are of the kind asked for.
class OpPrinter {
 public:
  OpPrinter(GraphPrinter& graph, const program::Op& op) : graph_(graph), op_(op) {}
  const program::Op& op() const { return op_; }
  const program::Program& program() const;

  int64_t opset() const;
  bool has(const char* argument) const;            // a tensor was given
  std::string tensor(const char* argument) const;  // its name in the graph
  const program::Shape& shape(const char* argument) const;
  std::vector<int64_t> sizes(const char* argument) const;  // of a tensor whose shape is known (a weight)
  DType dtype(const char* argument) const;                 // of a tensor
  DType resultDtype(size_t index = 0) const;
  const program::Shape& resultShape(size_t index = 0) const;
  bool wanted(size_t index) const;                            // something reads this result
  std::vector<std::string> list(const char* argument) const;  // of a list of tensors
  std::vector<int64_t> sizes(const char* argument, size_t index) const;
  std::vector<int64_t> ints(const char* argument) const;
  std::vector<int64_t> pair(const char* argument) const;  // ints of length 2; one number stands for both
  int64_t integer(const char* argument) const;
  double real(const char* argument) const;
  double scalar(const char* argument) const;  // whole or real
  bool flag(const char* argument) const;
  bool none(const char* argument) const;   // nothing was given
  bool whole(const char* argument) const;  // a scalar without a fraction
  std::string text(const char* argument) const;

  // Appends a node whose output is the op's result.
  void result(const char* opType, std::vector<std::string> inputs, std::vector<Attribute> attributes = {},
              size_t index = 0);
  std::string resultName(size_t index) const;  // of a result that was written
  // Appends a helper node; returns the name of its output, made from `suffix`.
  std::string node(const char* opType, std::vector<std::string> inputs, const std::string& suffix,
                   std::vector<Attribute> attributes = {});
  // The same with several outputs; an empty suffix leaves one out, and "" stands for its name.
  std::vector<std::string> nodes(const char* opType, std::vector<std::string> inputs,
                                 const std::vector<std::string>& suffixes, std::vector<Attribute> attributes = {});
  // A reduction over some dimensions; "" stands for the op's result. Their list is an input of ReduceSum, and of all
  // others from opset 18 on.
  std::string reduce(const char* opType, const std::string& x, const std::vector<int64_t>& axes, bool keep,
                     const std::string& suffix);
  std::string mean(const std::string& x, const std::vector<int64_t>& axes, bool keep, const std::string& suffix) {
    return reduce("ReduceMean", x, axes, keep, suffix);
  }
  // A tensor argument in another type: ATen promotes, ONNX does not.
  std::string as(DType type, const char* argument);
  std::string cast(const std::string& x, DType type, const std::string& suffix);  // "" stands for the op's result
  void sameAs(const char* argument);                       // the result is this argument; no node is written
  void bind(size_t index, const std::string& name) const;  // a result is this value; "" where readers may leave it out
  // Constants as initialisers; return their names.
  std::string integers(const std::string& suffix, const std::vector<int64_t>& values);
  std::string number(const std::string& suffix, float value);
  std::string number(const std::string& suffix, double value, DType type);
  std::string filled(const std::string& suffix, int64_t count, float value);
  std::string constant(const std::string& suffix, HostTensor tensor);

  // For ops that run programs of their own.
  // Prints one of them as a graph: its inputs are called so; a name that is empty is an input of the graph itself.
  Graph region(size_t index, const std::vector<std::string>& inputs);
  std::string fresh(const std::string& suffix);          // a name that nothing else has, made from `suffix`
  std::string declare(size_t index);                     // the name of a result, for a node that will write it
  ValueInfo resultInfo(size_t index, std::string name);  // a value of the result's type
  // A node that is not in the graph yet.
  Node make(const char* opType, std::vector<std::string> inputs, std::vector<std::string> outputs,
            std::vector<Attribute> attributes = {});
  void append(Node node);
  void append(Graph graph);  // its nodes, in place

 private:
  const std::string& label() const;  // the name of the graph's node
  GraphPrinter& graph_;
  const program::Op& op_;
};

struct PrintOptions {
  int64_t opset = 17;
  std::optional<int64_t> batch;  // none: free, called "N"
};
// The versions of the format's operators that are written, with the file format that came with them.
constexpr int64_t kFirstOpset = 17, kLastOpset = 22;

// The whole model. Only for programs that the exporter's check() has passed.
Model printModel(const ExportInput& input, const PrintOptions& options, const std::function<void(OpPrinter&)>& print);

}  // namespace netwright::convert::onnx
