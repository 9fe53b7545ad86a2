// SPDX-License-Identifier: Apache-2.0
// LSTM: at each step i, f, o = σ(W x + b + R h + c) and g = tanh(...); c' = f c + i g; h' = o tanh c'. x (N, L,
// input_size)
// -> y (N, L, D hidden_size), the last states h_n and c_n (N, D num_layers, hidden_size); D is 2 if bidirectional.
// States that come in (h_0, c_0) have the same form; zeros where no wire is. Hochreiter and Schmidhuber 1997. PyTorch:
// nn.LSTM with batch_first, and samples first in the states too, as everywhere in a graph.
#include <fmt/format.h>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

struct Sizes {
  int64_t features, hidden, layers, directions;
};

std::vector<program::ValueId> weights(Lowering& l, const Sizes& s) {
  std::vector<program::ValueId> all;
  const Initialiser start = init::fanInUniform(s.hidden);
  for (int64_t layer = 0; layer < s.layers; ++layer)
    for (int64_t direction = 0; direction < s.directions; ++direction) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction == 1 ? "_reverse" : "");
      const int64_t gates = 4 * s.hidden, in = layer == 0 ? s.features : s.hidden * s.directions;
      const auto add = [&](const char* slot, Shape shape) {
        all.push_back(l.parameter((slot + suffix).c_str(), std::move(shape), start).id);
      };
      add("weight_ih", {gates, in});
      add("weight_hh", {gates, s.hidden});
      if (!l.get<bool>("bias")) continue;
      add("bias_ih", {gates});
      add("bias_hh", {gates});
    }
  return all;
}

// What the wire brings, brought to ATen's order (layers, N, hidden); zeros without a wire.
Value state(Lowering& l, const char* port, const Value& x, const Sizes& s) {
  const Dim rows = s.layers * s.directions;
  if (!l.has(port)) return l.op("new_zeros", {x.id, Shape{rows, x.dim(0), Dim(s.hidden)}});
  const Value given = l.input(port);
  const Shape wanted{x.dim(0), rows, Dim(s.hidden)};
  bool fits = given.rank() == 3 && given.type().dtype == x.type().dtype;
  for (size_t i = 0; fits && i < 3; ++i) fits = wanted[i].equals(given.type().shape[i]) != program::Answer::No;
  if (!l.check(fits, "NW-S033", "",
               {{"port", port},
                {"expected", program::text(wanted)},
                {"received", program::text(program::ValueType(given.type()))}}))
    l.diagnostics.back().port = port;
  return l.op("transpose.int", {given.id, Dim(0), Dim(1)});
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 3, "N, L, features")) return;
  const Sizes s{l.inferred("input_size", x.dim(-1), "NW-S003"), l.get<int64_t>("hidden_size"),
                l.get<int64_t>("num_layers"), l.get<bool>("bidirectional") ? 2 : 1};
  const std::vector<program::ValueId> params = weights(l, s),
                                      states{state(l, "h_0", x, s).id, state(l, "c_0", x, s).id};
  const std::vector<Value> results =
      l.results("lstm.input", {x.id, states, params, l.get<bool>("bias"), Dim(s.layers), l.get<double>("dropout"),
                               program::TrainingFlag{}, s.directions == 2, true});
  l.output("y", results[0]);
  for (const auto& [port, i] : {std::pair("h_n", 1), {"c_n", 2}})
    l.output(port, l.op("transpose.int", {results[static_cast<size_t>(i)].id, Dim(0), Dim(1)}));
}

}  // namespace

LayerSpec lstm() {
  return LayerSpec{"lstm", "LSTM", Category::Sequence}
      .describe("Reads a sequence step by step and remembers: a recurrent layer with gates that choose what to keep.",
                "c' = f · c + i · g,  h' = o · tanh c'")
      .torch("nn.LSTM")
      .named("lstm")
      .alias({"recurrent", "rnn", "memory", "long short-term memory", "sequence"})
      .param(inferredParam("input_size").withDoc("Features of each step; told by the wire."))
      .param(intParam("hidden_size", 128).min(1).withDoc("How many numbers each layer remembers.").asMain())
      .param(intParam("num_layers", 1).min(1).withDoc("Layers on top of each other, each reading the one below."))
      .param(boolParam("bias", true).withDoc("Learn an offset for each gate."))
      .param(floatParam("dropout", 0).min(0).max(1).withDoc("Share of values hidden between the layers in training."))
      .param(boolParam("bidirectional", false).withDoc("Read from the end as well and join both results."))
      .input("x", "(N, L, input_size)")
      .optionalInput("h_0", "(N, D·num_layers, hidden_size)")
      .optionalInput("c_0", "as h_0")
      .output("y", "(N, L, D·hidden_size)")
      .output("h_n", "(N, D·num_layers, hidden_size)")
      .output("c_n", "as h_n")
      .lowering(lower);
}

}  // namespace netwright::layers
