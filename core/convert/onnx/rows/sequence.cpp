// SPDX-License-Identifier: Apache-2.0
// Words and steps in time: tables of vectors, recurrent networks, attention.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;
using program::ValueId;
using Names = std::vector<std::string>;

void embedding(OpPrinter& p) { p.result("Gather", {p.tensor("weight"), p.tensor("indices")}, {{"axis", int64_t{0}}}); }

// LSTM begins with zeros where a state is left out.
void newZeros(OpPrinter& p) { p.bind(0, ""); }

bool readsOnlyAsState(const Op& op, ValueId value) {
  for (size_t i = 0; i < op.args.size(); ++i) {
    const auto* list = std::get_if<std::vector<ValueId>>(&op.args[i]);
    const bool reads =
        op.args[i] == program::Argument(value) || (list && std::find(list->begin(), list->end(), value) != list->end());
    if (reads && (op.info->id() != "lstm.input" || op.info->schema.arguments[i].name != "hx")) return false;
  }
  return true;
}

Refusal refuseNewZeros(const Program& program, const Op& op) {
  const ValueId value = op.results[0];
  const bool asState = std::all_of(program.ops.begin(), program.ops.end(),
                                   [&](const Op& reader) { return readsOnlyAsState(reader, value); });
  const bool isOutput = std::any_of(program.outputs.begin(), program.outputs.end(),
                                    [&](const program::Port& port) { return port.value == value; });
  if (asState && !isOutput) return std::nullopt;
  return "its zeros have a size that is only known at run time";
}

// One LSTM op with several layers becomes one node for each. PyTorch's gates are i, f, g, o; ONNX wants i, o, f, g.
class LstmPrinter {
 public:
  explicit LstmPrinter(OpPrinter& p)
      : p_(p),
        hidden_(p.sizes("params", 1)[1]),
        layers_(p.integer("num_layers")),
        directions_(p.flag("bidirectional") ? 2 : 1),
        perDirection_(p.flag("has_biases") ? 4 : 2),
        weights_(p.list("params")),
        states_(p.list("hx")) {
    Ints order;
    for (const int64_t gate : {0, 3, 1, 2})
      for (int64_t i = 0; i < hidden_; ++i) order.push_back(gate * hidden_ + i);
    gates_ = p.integers("gates", order);
  }

  void print() {
    const bool batchFirst = p_.flag("batch_first");
    std::string x = p_.tensor("input");
    if (batchFirst) x = p_.node("Transpose", {x}, "by_steps", {{"perm", Ints{1, 0, 2}}});
    for (int64_t layer = 0; layer < layers_; ++layer) {
      if (layer > 0) x = p_.node("Reshape", joined(x, {0, 2, 1, 3}), "joined");
      x = printLayer(x, layer);
    }
    if (p_.wanted(0)) p_.result("Reshape", joined(x, batchFirst ? Ints{2, 0, 1, 3} : Ints{0, 2, 1, 3}));
    printStates(1, hiddenOf_);
    printStates(2, cellsOf_);
  }

 private:
  // Results (L, D, N, H) as they are read next: directions side by side. The two inputs of a Reshape.
  Names joined(const std::string& y, const Ints& perm) {
    return {p_.node("Transpose", {y}, "by_samples", {{"perm", perm}}),
            p_.integers("joined_shape", {0, 0, directions_ * hidden_})};
  }

  std::string printLayer(const std::string& x, int64_t layer) {
    const Names outputs = p_.nodes(
        "LSTM",
        {x, weights(layer, {0}), weights(layer, {1}), perDirection_ == 4 ? weights(layer, {2, 3}) : "", "",
         state(0, layer), state(1, layer)},
        {"steps", p_.wanted(1) ? "hidden" : "", p_.wanted(2) ? "cells" : ""},
        {{"direction", std::string(directions_ == 2 ? "bidirectional" : "forward")}, {"hidden_size", hidden_}});
    hiddenOf_.push_back(outputs[1]);
    cellsOf_.push_back(outputs[2]);
    return outputs[0];
  }

  // The named kinds of weights of a layer behind each other, gates in order: (directions, rows, columns).
  std::string weights(int64_t layer, const std::vector<size_t>& kinds) {
    Names parts;
    for (int64_t d = 0; d < directions_; ++d) {
      Names pieces;
      Ints shape{1, 0};
      for (const size_t kind : kinds) {
        const size_t at = static_cast<size_t>(layer * directions_ + d) * perDirection_ + kind;
        const Ints sizes = p_.sizes("params", at);
        pieces.push_back(p_.node("Gather", {weights_[at], gates_}, "ordered", {{"axis", int64_t{0}}}));
        shape[1] += sizes[0];
        if (sizes.size() == 2) shape.push_back(sizes[1]);
      }
      parts.push_back(p_.node("Reshape", {concat(pieces), p_.integers("stack_shape", shape)}, "stack"));
    }
    return concat(parts);
  }

  std::string concat(const Names& parts) {
    return parts.size() == 1 ? parts[0] : p_.node("Concat", parts, "parts", {{"axis", int64_t{0}}});
  }

  std::string state(size_t which, int64_t layer) {
    const std::string& all = states_[which];
    if (all.empty() || layers_ == 1) return all;
    const int64_t first = layer * directions_;
    return p_.node(
        "Slice",
        {all, p_.integers("first", {first}), p_.integers("last", {first + directions_}), p_.integers("axis", {0})},
        "state");
  }

  void printStates(size_t index, const Names& ofLayers) {
    if (!p_.wanted(index)) return;
    if (layers_ == 1) return p_.bind(index, ofLayers[0]);
    p_.result("Concat", ofLayers, {{"axis", int64_t{0}}}, index);
  }

  OpPrinter& p_;
  const int64_t hidden_, layers_, directions_;
  const size_t perDirection_;
  const Names weights_, states_;
  std::string gates_;
  Names hiddenOf_, cellsOf_;  // of each layer
};

void lstm(OpPrinter& p) { LstmPrinter(p).print(); }

Refusal refuseLstm(const Program&, const Op& op) {
  if (std::get<program::Dim>(argument(op, "num_layers")) == program::Dim(1)) return std::nullopt;
  return refuseNoise(op, "dropout");
}

// 0 where position l may look at position s, minus infinity where s comes later.
HostTensor causalMask(int64_t queries, int64_t keys) {
  HostTensor mask(DType::Float32, {queries, keys});
  for (int64_t l = 0; l < queries; ++l)
    for (int64_t s = l + 1; s < keys; ++s)
      mask.as<float>()[static_cast<size_t>(l * keys + s)] = -std::numeric_limits<float>::infinity();
  return mask;
}

double scale(const Op& op, int64_t features) {
  const auto* given = std::get_if<double>(&argument(op, "scale"));
  return given ? *given : 1 / std::sqrt(static_cast<double>(features));
}

void attention(OpPrinter& p) {
  const program::Shape &query = p.shape("query"), &key = p.shape("key");
  const std::string factor = p.number("scale", static_cast<float>(scale(p.op(), *query[3].constant())));
  const std::string scaled = p.node("Mul", {p.tensor("query"), factor}, "scaled");
  const std::string keys = p.node("Transpose", {p.tensor("key")}, "keys", {{"perm", Ints{0, 1, 3, 2}}});
  std::string scores = p.node("MatMul", {scaled, keys}, "scores");
  if (p.flag("is_causal"))
    scores = p.node("Add", {scores, p.constant("causal_mask", causalMask(*query[2].constant(), *key[2].constant()))},
                    "masked");
  const std::string shares = p.node("Softmax", {scores}, "shares", {{"axis", int64_t{-1}}});
  p.result("MatMul", {shares, p.tensor("value")});
}

Refusal refuseAttention(const Program& program, const Op& op) {
  const auto shape = [&](const char* name) { return program.tensorType(tensorArgument(op, name)).shape; };
  if (tensorArgument(op, "attn_mask") || std::get<bool>(argument(op, "enable_gqa")))
    return "masks of its own and shared keys cannot be written yet";
  if (!shape("query")[3].constant()) return "its number of features is only known at run time";
  if (std::get<bool>(argument(op, "is_causal")) && (!shape("query")[2].constant() || !shape("key")[2].constant()))
    return "is_causal needs sequences of a known length";
  return refuseNoise(op, "dropout_p");
}

}  // namespace

Rows sequence() {
  return {{"embedding", {embedding}},
          {"lstm.input", {lstm, refuseLstm}},
          {"new_zeros", {newZeros, refuseNewZeros}},
          {"scaled_dot_product_attention", {attention, refuseAttention}}};
}

}  // namespace netwright::convert::onnx::rows
