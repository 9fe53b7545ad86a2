// SPDX-License-Identifier: Apache-2.0
// Recurrent networks: sequences step by step, and single steps.
#include <utility>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;
using program::ValueId;
using Names = std::vector<std::string>;

// A recurrent network: the order in which ONNX wants the gates that PyTorch has, and how many states it carries.
struct Kind {
  const char* opType;
  Ints gates;
  std::vector<Attribute> attributes;
  bool cells = false;
};

// One op with several layers becomes one node for each.
class RecurrentPrinter {
 public:
  RecurrentPrinter(OpPrinter& p, Kind kind)
      : p_(p),
        kind_(std::move(kind)),
        hidden_(p.sizes("params", 1)[1]),
        layers_(p.integer("num_layers")),
        directions_(p.flag("bidirectional") ? 2 : 1),
        perDirection_(p.flag("has_biases") ? 4 : 2),
        weights_(p.list("params")),
        states_(kind_.cells ? p.list("hx") : Names{p.tensor("hx")}) {
    Ints order;
    for (const int64_t gate : kind_.gates)
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
    if (kind_.cells) printStates(2, cellsOf_);
  }

 private:
  // Results (L, D, N, H) as they are read next: directions side by side. The two inputs of a Reshape.
  Names joined(const std::string& y, const Ints& perm) {
    return {p_.node("Transpose", {y}, "by_samples", {{"perm", perm}}),
            p_.integers("joined_shape", {0, 0, directions_ * hidden_})};
  }

  std::string printLayer(const std::string& x, int64_t layer) {
    Names inputs{x,  weights(layer, {0}), weights(layer, {1}), perDirection_ == 4 ? weights(layer, {2, 3}) : "",
                 "", state(0, layer)};
    Names suffixes{"steps", p_.wanted(1) ? "hidden" : ""};
    if (kind_.cells) {
      inputs.push_back(state(1, layer));
      suffixes.push_back(p_.wanted(2) ? "cells" : "");
    }
    std::vector<Attribute> attributes = kind_.attributes;
    attributes.push_back({"direction", std::string(directions_ == 2 ? "bidirectional" : "forward")});
    attributes.push_back({"hidden_size", hidden_});
    const Names outputs = p_.nodes(kind_.opType, inputs, suffixes, attributes);
    hiddenOf_.push_back(outputs[1]);
    if (kind_.cells) cellsOf_.push_back(outputs[2]);
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
  const Kind kind_;
  const int64_t hidden_, layers_, directions_;
  const size_t perDirection_;
  const Names weights_, states_;
  std::string gates_;
  Names hiddenOf_, cellsOf_;  // of each layer
};

void lstm(OpPrinter& p) { RecurrentPrinter(p, {"LSTM", {0, 3, 1, 2}, {}, true}).print(); }
void gru(OpPrinter& p) { RecurrentPrinter(p, {"GRU", {1, 0, 2}, {{"linear_before_reset", int64_t{1}}}}).print(); }
void rnn(OpPrinter& p) { RecurrentPrinter(p, {"RNN", {0}, {}}).print(); }

Refusal refuse(const Program&, const Op& op) {
  const auto number = [&](const char* name) { return std::get<program::Dim>(argument(op, name)).constant().value(); };
  const int64_t groups = number("num_layers") * (std::get<bool>(argument(op, "bidirectional")) ? 2 : 1);
  const auto weights = static_cast<int64_t>(std::get<std::vector<ValueId>>(argument(op, "params")).size());
  if (weights != groups * (std::get<bool>(argument(op, "has_biases")) ? 4 : 2))
    return "projected states cannot be written there";
  if (number("num_layers") == 1) return std::nullopt;
  return refuseNoise(op, "dropout");
}

// One step, written out: what the input and the state say to each gate.
std::string said(OpPrinter& p, const char* x, const char* weight, const char* bias) {
  Names inputs{p.tensor(x), p.tensor(weight)};
  if (p.has(bias)) inputs.push_back(p.tensor(bias));
  return p.node("Gemm", inputs, std::string("by_") + x, {{"transB", int64_t{1}}});
}
std::string gate(OpPrinter& p, const std::string& all, int64_t index, int64_t hidden) {
  return p.node(
      "Slice",
      {all, p.integers("first", {index * hidden}), p.integers("last", {(index + 1) * hidden}), p.integers("axis", {1})},
      "gate");
}

void plainCell(OpPrinter& p, const char* opType) {
  p.result(opType, {p.node("Add", {said(p, "input", "w_ih", "b_ih"), said(p, "hx", "w_hh", "b_hh")}, "sum")});
}

// h' = n + z (h - n)
void gruCell(OpPrinter& p) {
  const int64_t hidden = p.sizes("w_hh")[1];
  const std::string x = said(p, "input", "w_ih", "b_ih"), h = said(p, "hx", "w_hh", "b_hh");
  const auto open = [&](int64_t index, const char* name) {
    return p.node("Sigmoid", {p.node("Add", {gate(p, x, index, hidden), gate(p, h, index, hidden)}, "sum")}, name);
  };
  const std::string reset = open(0, "reset"), keep = open(1, "keep");
  const std::string kept = p.node("Mul", {reset, gate(p, h, 2, hidden)}, "kept");
  const std::string fresh = p.node("Tanh", {p.node("Add", {gate(p, x, 2, hidden), kept}, "sum")}, "new");
  p.result("Add", {fresh, p.node("Mul", {keep, p.node("Sub", {p.tensor("hx"), fresh}, "change")}, "old")});
}

// c' = f c + i g; h' = o tanh(c')
void lstmCell(OpPrinter& p) {
  const int64_t hidden = p.sizes("w_hh")[1];
  const Names states = p.list("hx");
  Names inputs{states[0], p.tensor("w_hh")};
  if (p.has("b_hh")) inputs.push_back(p.tensor("b_hh"));
  const std::string h = p.node("Gemm", inputs, "by_hx", {{"transB", int64_t{1}}});
  const std::string all = p.node("Add", {said(p, "input", "w_ih", "b_ih"), h}, "sum");
  const auto open = [&](int64_t index, const char* opType, const char* name) {
    return p.node(opType, {gate(p, all, index, hidden)}, name);
  };
  const std::string in = p.node("Mul", {open(0, "Sigmoid", "in"), open(2, "Tanh", "new")}, "added");
  const std::string old = p.node("Mul", {open(1, "Sigmoid", "keep"), states[1]}, "kept");
  std::string cell;
  if (p.wanted(1)) {
    p.result("Add", {old, in}, {}, 1);
    cell = p.resultName(1);
  } else {
    cell = p.node("Add", {old, in}, "cell");
  }
  if (p.wanted(0)) p.result("Mul", {open(3, "Sigmoid", "out"), p.node("Tanh", {cell}, "tanh")});
}

}  // namespace

Rows recurrent() {
  return {{"gru.input", {gru, refuse}},
          {"gru_cell", {gruCell}},
          {"lstm.input", {lstm, refuse}},
          {"lstm_cell", {lstmCell}},
          {"rnn_relu_cell", {[](OpPrinter& p) { plainCell(p, "Relu"); }}},
          {"rnn_tanh.input", {rnn, refuse}},
          {"rnn_tanh_cell", {[](OpPrinter& p) { plainCell(p, "Tanh"); }}}};
}

}  // namespace netwright::convert::onnx::rows
