// SPDX-License-Identifier: Apache-2.0
// One node under evaluation: its inputs and attributes, checked on access. Used by the evaluator's operators only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {

using Ints = std::vector<int64_t>;

constexpr uint64_t kMaxElements = uint64_t{1} << 28;  // of one result

class OpCall {
 public:
  OpCall(const Node& node, std::vector<const HostTensor*> inputs) : node_(node), inputs_(std::move(inputs)) {}

  // Throws Error{Input} naming the node unless `ok`.
  void require(bool ok, const std::string& why) const;
  bool has(size_t input) const { return input < inputs_.size() && inputs_[input]; }
  const HostTensor& tensor(size_t input) const;  // any type
  const HostTensor& floats(size_t input) const;  // float32
  Ints ints(size_t input) const;                 // a short int64 tensor, as a list
  int64_t whole(size_t input) const;             // an int64 tensor of one number
  bool truth(size_t input) const;                // a bool tensor of one

  int64_t integer(const char* attribute, int64_t fallback) const;
  size_t inputs() const { return inputs_.size(); }
  float number(const char* attribute, float fallback) const;
  Ints list(const char* attribute, Ints fallback) const;
  std::string text(const char* attribute, std::string fallback) const;
  const Graph& graph(const char* attribute) const;
  int64_t axis(int64_t value, size_t rank) const;  // negative counts from the end

  HostTensor result(Ints shape, DType dtype = DType::Float32) const;  // zeros; refuses impossible and giant sizes

 private:
  template <class T>
  const T* find(const char* attribute) const;
  const Node& node_;
  std::vector<const HostTensor*> inputs_;
};

// Runs a graph inside a node on its inputs, in order.
using RunGraph = std::function<std::vector<HostTensor>(const Graph&, std::vector<HostTensor>)>;

// Computes the only output, or all of them; a node may name the first ones only and leave out some ("").
struct OpFunction {
  OpFunction(HostTensor (*f)(const OpCall&)) : one(f) {}                                    // NOLINT: a function is one
  OpFunction(std::vector<HostTensor> (*f)(const OpCall&)) : all(f) {}                       // NOLINT
  OpFunction(std::vector<HostTensor> (*f)(const OpCall&, const RunGraph&)) : control(f) {}  // NOLINT
  HostTensor (*one)(const OpCall&) = nullptr;
  std::vector<HostTensor> (*all)(const OpCall&) = nullptr;
  std::vector<HostTensor> (*control)(const OpCall&, const RunGraph&) = nullptr;
};
std::map<std::string, OpFunction> windowOps();       // Conv, ConvTranspose, MaxPool, AveragePool
std::map<std::string, OpFunction> matrixOps();       // Gemm, MatMul, Transpose, Flatten, Reshape
std::map<std::string, OpFunction> einsumOps();       // Einsum
std::map<std::string, OpFunction> partOps();         // Concat, Gather, Slice, Pad
std::map<std::string, OpFunction> arrangementOps();  // Expand, Tile, Squeeze, DepthToSpace, Trilu, ...
std::map<std::string, OpFunction> sequenceOps();     // LSTM, GRU, RNN
std::map<std::string, OpFunction> elementOps();      // Add, Less, Where, Cast, ...
std::map<std::string, OpFunction> functionOps();     // Exp, Sin, Relu, Softmax, ...
std::map<std::string, OpFunction> reductionOps();    // ReduceMean, ArgMax, TopK, ...
std::map<std::string, OpFunction> normalOps();       // BatchNormalization, LayerNormalization, ...
std::map<std::string, OpFunction> resizeOps();       // Resize
std::map<std::string, OpFunction> controlOps();      // If, Loop, Scan

// Windows over volumes (N, C, D, H, W), for the operators of the same names.
HostTensor convVolume(const OpCall& call);
HostTensor convTransposeVolume(const OpCall& call);
HostTensor poolVolume(const OpCall& call, bool average);

}  // namespace netwright::convert::onnx
