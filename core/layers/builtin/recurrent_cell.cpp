// SPDX-License-Identifier: Apache-2.0
// RNNCell, LSTMCell, GRUCell: one step of a recurrent layer. x (N, input_size), states (N, hidden_size), zeros where no
// wire is -> the next states. PyTorch: nn.LSTMCell.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

Value state(Lowering& l, const char* port, const Value& x, int64_t hidden) {
  if (l.has(port)) return l.input(port);
  return l.op("new_zeros", {x.id, Shape{x.dim(0), Dim(hidden)}});
}

void lower(Lowering& l, const char* op, int64_t gates) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 2, "N, features")) return;
  const int64_t in = l.inferred("input_size", x.dim(1), "NW-S003"), hidden = l.get<int64_t>("hidden_size"),
                rows = gates * hidden;
  const Initialiser start = init::fanInUniform(hidden);
  const Value ih = l.parameter("weight_ih", {rows, in}, start), hh = l.parameter("weight_hh", {rows, hidden}, start);
  const Value inBias = l.parameterIf("bias", "bias_ih", {rows}, start),
              hiddenBias = l.parameterIf("bias", "bias_hh", {rows}, start);
  const Value h = state(l, "h_0", x, hidden);
  const std::vector<Argument> rest{ih.id, hh.id, Lowering::optional(inBias), Lowering::optional(hiddenBias)};
  if (gates != 4) return l.output("h", l.op(op, {x.id, h.id, rest[0], rest[1], rest[2], rest[3]}));
  const std::vector<program::ValueId> states{h.id, state(l, "c_0", x, hidden).id};
  const std::vector<Value> results = l.results(op, {x.id, states, rest[0], rest[1], rest[2], rest[3]});
  l.output("h", results[0]);
  l.output("c", results[1]);
}
void lowerLstm(Lowering& l) { lower(l, "lstm_cell", 4); }
void lowerGru(Lowering& l) { lower(l, "gru_cell", 3); }
void lowerRnn(Lowering& l) {
  lower(l, l.get<std::string>("nonlinearity") == "tanh" ? "rnn_tanh_cell" : "rnn_relu_cell", 1);
}

LayerSpec cell(const char* id, const char* title, const char* formula, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Sequence}
      .describe(std::string("One step of ") + (id[0] == 'g' ? "a " : "an ") +
                    std::string(title).substr(0, std::string(title).size() - 4) + ": takes a state and gives the next.",
                formula)
      .torch(std::string("nn.") + title, 2)
      .keras(std::string("layers.") + (id[0] == 'r' ? "SimpleRNNCell" : title))
      .named("cell")
      .alias({"recurrent", "step"})
      .param(inferredParam("input_size").withDoc("Features of the step; told by the wire."))
      .param(intParam("hidden_size", 128).min(1).withDoc("How many numbers are remembered.").asMain())
      .param(boolParam("bias", true).withDoc("Learn offsets."))
      .input("x", "(N, input_size)")
      .optionalInput("h_0", "(N, hidden_size)")
      .output("h", "(N, hidden_size)")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> recurrentCell() {
  return {cell("gru_cell", "GRUCell", "h' = (1 - z) · n + z · h", lowerGru),
          cell("lstm_cell", "LSTMCell", "c' = f · c + i · g,  h' = o · tanh c'", lowerLstm)
              .optionalInput("c_0", "as h_0")
              .output("c", "as h"),
          cell("rnn_cell", "RNNCell", "h' = tanh(W x + b + R h + c)", lowerRnn)
              .param(choiceParam("nonlinearity", {"tanh", "relu"}).withDoc("The activation."))};
}

}  // namespace netwright::layers
