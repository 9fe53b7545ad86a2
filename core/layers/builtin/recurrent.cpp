// SPDX-License-Identifier: Apache-2.0
// RNN, LSTM, GRU: read a sequence step by step. x (N, L, input_size) -> y (N, L, D hidden_size) and the last states
// (N, D num_layers, hidden_size); D is 2 if bidirectional. States that come in have the same form; zeros where no wire
// is. LSTM with proj_size gives and keeps that many numbers instead of hidden_size. Elman 1990; Hochreiter and
// Schmidhuber 1997; Cho et al. 2014, arXiv:1406.1078. PyTorch: nn.LSTM with batch_first, and samples first in the
// states too, as everywhere in a graph.
#include <fmt/format.h>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

struct Sizes {
  int64_t gates, features, hidden, output, layers, directions;
};

std::vector<program::ValueId> weights(Lowering& l, const Sizes& s) {
  std::vector<program::ValueId> all;
  const Initialiser start = init::fanInUniform(s.hidden);
  for (int64_t layer = 0; layer < s.layers; ++layer)
    for (int64_t direction = 0; direction < s.directions; ++direction) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction == 1 ? "_reverse" : "");
      const int64_t rows = s.gates * s.hidden, in = layer == 0 ? s.features : s.output * s.directions;
      const auto add = [&](const char* slot, Shape shape) {
        all.push_back(l.parameter((slot + suffix).c_str(), std::move(shape), start).id);
      };
      add("weight_ih", {rows, in});
      add("weight_hh", {rows, s.output});
      if (l.get<bool>("bias")) {
        add("bias_ih", {rows});
        add("bias_hh", {rows});
      }
      if (s.output != s.hidden) add("weight_hr", {s.output, s.hidden});
    }
  return all;
}

// What the wire brings, brought to ATen's order (layers, N, width); zeros without a wire.
Value state(Lowering& l, const char* port, const Value& x, const Sizes& s, int64_t width) {
  const Dim rows = s.layers * s.directions;
  if (!l.has(port)) return l.op("new_zeros", {x.id, Shape{rows, x.dim(0), Dim(width)}});
  const Value given = l.input(port);
  const Shape wanted{x.dim(0), rows, Dim(width)};
  bool fits = given.rank() == 3 && given.type().dtype == x.type().dtype;
  for (size_t i = 0; fits && i < 3; ++i) fits = wanted[i].equals(given.type().shape[i]) != program::Answer::No;
  if (!l.check(fits, "NW-S033", "",
               {{"port", port},
                {"expected", program::text(wanted)},
                {"received", program::text(program::ValueType(given.type()))}}))
    l.diagnostics.back().port = port;
  return l.op("transpose.int", {given.id, Dim(0), Dim(1)});
}

void lower(Lowering& l, const char* op, int64_t gates) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 3, "N, L, features")) return;
  const bool remembers = gates == 4;
  const int64_t hidden = l.get<int64_t>("hidden_size"), projection = remembers ? l.get<int64_t>("proj_size") : 0;
  if (!l.check(projection < hidden, "NW-P001", "proj_size",
               {{"param", "proj_size"}, {"problem", fmt::format("must be less than hidden_size, {}", hidden)}}))
    return;
  const Sizes s{gates,
                l.inferred("input_size", x.dim(-1), "NW-S003"),
                hidden,
                projection > 0 ? projection : hidden,
                l.get<int64_t>("num_layers"),
                l.get<bool>("bidirectional") ? 2 : 1};
  const std::vector<program::ValueId> params = weights(l, s);
  const Value h = state(l, "h_0", x, s, s.output);
  Argument states = h.id;
  if (remembers) states = std::vector<program::ValueId>{h.id, state(l, "c_0", x, s, s.hidden).id};
  const std::vector<Value> results =
      l.results(op, {x.id, states, params, l.get<bool>("bias"), Dim(s.layers), l.get<double>("dropout"),
                     program::TrainingFlag{}, s.directions == 2, true});
  l.output("y", results[0]);
  l.output("h_n", l.op("transpose.int", {results[1].id, Dim(0), Dim(1)}));
  if (remembers) l.output("c_n", l.op("transpose.int", {results[2].id, Dim(0), Dim(1)}));
}
void lowerLstm(Lowering& l) { lower(l, "lstm.input", 4); }
void lowerGru(Lowering& l) { lower(l, "gru.input", 3); }
void lowerRnn(Lowering& l) {
  lower(l, l.get<std::string>("nonlinearity") == "tanh" ? "rnn_tanh.input" : "rnn_relu.input", 1);
}

LayerSpec layer(const char* id, const char* title, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Sequence}
      .torch(std::string("nn.") + title, 2)
      .named(id)
      .param(inferredParam("input_size").withDoc("Features of each step; told by the wire."))
      .param(intParam("hidden_size", 128).min(1).withDoc("How many numbers each layer remembers.").asMain())
      .param(intParam("num_layers", 1).min(1).withDoc("Layers on top of each other, each reading the one below."))
      .param(boolParam("bias", true).withDoc("Learn offsets."))
      .param(floatParam("dropout", 0).min(0).max(1).withDoc("Share of values hidden between the layers in training."))
      .param(boolParam("bidirectional", false).withDoc("Read from the end as well and join both results."))
      .input("x", "(N, L, input_size)")
      .optionalInput("h_0", "(N, D·num_layers, hidden_size)")
      .output("y", "(N, L, D·hidden_size)")
      .output("h_n", "(N, D·num_layers, hidden_size)")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> recurrent() {
  return {layer("gru", "GRU", lowerGru)
              .describe("Reads a sequence step by step with two gates: as good as an LSTM in many tasks, and smaller.",
                        "h' = (1 - z) · n + z · h, with gates z and r")
              .keras("layers.GRU")
              .alias({"recurrent", "rnn", "gated recurrent unit", "sequence"})
              .describedIn("Cho et al. 2014, arXiv:1406.1078"),
          layer("lstm", "LSTM", lowerLstm)
              .describe(
                  "Reads a sequence step by step and remembers: a recurrent layer with gates that choose what to keep.",
                  "c' = f · c + i · g,  h' = o · tanh c'")
              .keras("layers.LSTM")
              .alias({"recurrent", "rnn", "memory", "long short-term memory", "sequence"})
              .describedIn("Hochreiter and Schmidhuber 1997, Neural Computation 9")
              .param(intParam("proj_size", 0)
                         .min(0)
                         .withDoc("Give and keep so many numbers instead of hidden_size; 0: hidden_size."))
              .migrates([](Attributes& params) { params["proj_size"] = int64_t{0}; })
              .optionalInput("c_0", "as h_0")
              .output("c_n", "as h_n"),
          layer("rnn", "RNN", lowerRnn)
              .describe("Reads a sequence step by step: the simplest recurrent layer.", "h' = tanh(W x + b + R h + c)")
              .keras("layers.SimpleRNN")
              .alias({"recurrent", "elman", "sequence"})
              .describedIn("Elman 1990, Cognitive Science 14")
              .param(choiceParam("nonlinearity", {"tanh", "relu"}).withDoc("The activation of each step."))};
}

}  // namespace netwright::layers
