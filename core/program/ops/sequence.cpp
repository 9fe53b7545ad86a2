// SPDX-License-Identifier: Apache-2.0
// Words and steps in time: tables of vectors, recurrent networks, attention.
#include <fmt/format.h>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void embedding(OpCall& call) {
  const TensorType &weight = call.tensor("weight"), &indices = call.tensor("indices");
  if (indices.dtype != DType::Int64)
    return call.fail("NW-S007", {{"expected", "int64 (indices)"}, {"received", name(indices.dtype)}});
  if (!requireRank(call, "weight", 2, 2, "indices, features")) return;
  const Dim padding = Dim(call.integer("padding_idx"));
  const bool inside =
      weight.shape[0].atLeast(padding + Dim(1)) != Answer::No && (weight.shape[0] + padding).atLeast(0) != Answer::No;
  if (!requireParam(call, inside || padding == Dim(-1), "padding_idx",
                    "must be one of the " + weight.shape[0].text() + " indices"))
    return;
  Shape out = indices.shape;
  out.push_back(weight.shape[1]);
  call.result({weight.dtype, std::move(out)});
}

void renormalise(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 2, 2, "indices, features")) return;
  if (call.tensor("indices").dtype != DType::Int64)
    return call.fail("NW-S007", {{"expected", "int64 (indices)"}, {"received", name(call.tensor("indices").dtype)}});
  call.result(call.tensor("self"));
}

struct Recurrent {
  Dim samples, steps, features;
  int64_t gates, hidden, output, layers, directions;
  bool bias;
  size_t perDirection;  // weights: two, two offsets, and a projection
};

// The state's size is that of the recurrent weight's columns; a projection makes it differ from the gates'.
Recurrent sizesOf(const OpCall& call, int64_t gates) {
  const Shape& x = call.shape("input");
  const bool first = call.flag("batch_first"), bias = call.flag("has_biases");
  const std::vector<TensorType>& params = call.list("params");
  const int64_t layers = call.integer("num_layers"), directions = call.flag("bidirectional") ? 2 : 1;
  const int64_t hidden = params[0].shape[0].constant().value() / gates, output = params[1].shape[1].constant().value();
  const auto groups = static_cast<size_t>(layers * directions);
  const size_t plain = bias ? 4 : 2;
  return {
      x[first ? 0 : 1], x[first ? 1 : 0], x[2],       gates, hidden,
      output,           layers,           directions, bias,  params.size() == groups * (plain + 1) ? plain + 1 : plain};
}

bool requireState(OpCall& call, const Recurrent& s, const TensorType& state, const char* port, int64_t width) {
  const Shape wanted{Dim(s.layers * s.directions), s.samples, Dim(width)};
  const std::map<std::string, std::string> args{
      {"port", port}, {"expected", text(wanted)}, {"received", text(ValueType(state))}};
  if (state.dtype != call.tensor("input").dtype || state.shape.size() != 3) {
    call.fail("NW-S033", args);
    return false;
  }
  for (size_t i = 0; i < 3; ++i)
    if (!call.requireEqual(wanted[i], state.shape[i], "NW-S033", args)) return false;
  return true;
}

// The kernels read out of bounds where weights have other sizes. A layer makes them right, so what is found wrong here
// is the input's number of features, or a weight shared with another layer.
bool requireWeights(OpCall& call, const Recurrent& s, size_t group) {
  const std::vector<TensorType>& params = call.list("params");
  const auto layer = static_cast<int64_t>(group) / s.directions;
  const Dim gates = s.gates * s.hidden, in = layer == 0 ? s.features : Dim(s.output * s.directions);
  std::vector<std::pair<std::string, Shape>> wanted{{"weight_ih", {gates, in}}, {"weight_hh", {gates, Dim(s.output)}}};
  if (s.bias) wanted.insert(wanted.end(), {{"bias_ih", {gates}}, {"bias_hh", {gates}}});
  if (s.perDirection > wanted.size()) wanted.push_back({"weight_hr", {Dim(s.output), Dim(s.hidden)}});
  for (size_t i = 0; i < s.perDirection; ++i) {
    const TensorType& given = params[group * s.perDirection + i];
    const std::map<std::string, std::string> sizes{{"port", fmt::format("{}_l{}", wanted[i].first, layer)},
                                                   {"expected", text(wanted[i].second)},
                                                   {"received", text(given.shape)}};
    const bool ranked = given.shape.size() == wanted[i].second.size();
    if (!ranked || given.dtype != call.tensor("input").dtype) {
      call.fail("NW-S033", sizes);
      return false;
    }
    for (size_t d = 0; d < given.shape.size(); ++d) {
      const bool features = i == 0 && d == 1 && layer == 0;
      if (!call.requireEqual(given.shape[d], wanted[i].second[d], features ? "NW-S003" : "NW-S033",
                             features ? std::map<std::string, std::string>{{"expected", given.shape[d].text()},
                                                                           {"received", in.text()}}
                                      : sizes))
        return false;
    }
  }
  return true;
}

// Whether sizesOf() can read the weights; false after a complaint.
bool readable(OpCall& call, int64_t gates) {
  constexpr int64_t kMostLayers = 1000;
  const int64_t layers = call.integer("num_layers");
  if (!requireParam(call, layers >= 1 && layers <= kMostLayers, "num_layers", "must be from 1 to 1,000") ||
      !requireParam(call, call.number("dropout") >= 0 && call.number("dropout") <= 1, "dropout", "must be from 0 to 1"))
    return false;
  const std::vector<TensorType>& params = call.list("params");
  bool good = params.size() >= 2;
  for (size_t i = 0; good && i < 2; ++i) good = params[i].shape.size() == 2 && constants(params[i].shape);
  good = good && mod(params[0].shape[0], Dim(gates)) == Dim(0);
  if (!good)
    call.fail("NW-S033", {{"port", "params"},
                          {"expected", fmt::format("weights ({} hidden, features), ({} hidden, hidden)", gates, gates)},
                          {"received", params.empty() ? "none" : text(ValueType(params[0]))}});
  return good;
}

// Everything but the states; nothing after a complaint.
std::optional<Recurrent> recurrent(OpCall& call, int64_t gates) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 3, 3, "N, L, features")) return std::nullopt;
  if (!readable(call, gates)) return std::nullopt;
  const Recurrent s = sizesOf(call, gates);
  const auto groups = static_cast<size_t>(s.layers * s.directions);
  if (call.list("params").size() != groups * s.perDirection) {
    call.fail("NW-S033", {{"port", "params"},
                          {"expected", fmt::format("{} weights", groups * s.perDirection)},
                          {"received", fmt::format("{}", call.list("params").size())}});
    return std::nullopt;
  }
  const bool projected = s.perDirection > (s.bias ? 4u : 2u);
  for (size_t g = 0; g < groups; ++g) {
    if (!requireWeights(call, s, g)) return std::nullopt;
    const Dim in = call.list("params")[g * s.perDirection].shape[1];
    call.macs = call.macs + s.samples * s.steps * Dim(s.gates * s.hidden) * (in + Dim(s.output));
    if (projected) call.macs = call.macs + s.samples * s.steps * Dim(s.output * s.hidden);
  }
  return s;
}

void giveSequence(OpCall& call, const Recurrent& s) {
  const Dim width = s.output * s.directions;
  call.result({call.tensor("input").dtype,
               call.flag("batch_first") ? Shape{s.samples, s.steps, width} : Shape{s.steps, s.samples, width}});
}
void giveState(OpCall& call, const Recurrent& s, int64_t width) {
  call.result({call.tensor("input").dtype, {Dim(s.layers * s.directions), s.samples, Dim(width)}});
}

void lstm(OpCall& call) {
  const auto s = recurrent(call, 4);
  if (!s) return;
  const std::vector<TensorType>& states = call.list("hx");
  if (states.size() != 2)
    return call.fail("NW-S033",
                     {{"port", "hx"}, {"expected", "2 states"}, {"received", std::to_string(states.size())}});
  if (!requireState(call, *s, states[0], "h_0", s->output) || !requireState(call, *s, states[1], "c_0", s->hidden))
    return;
  giveSequence(call, *s);
  giveState(call, *s, s->output);
  giveState(call, *s, s->hidden);
}

template <int64_t gates>
void ofOneState(OpCall& call) {
  const auto s = recurrent(call, gates);
  if (!s || !requireState(call, *s, call.tensor("hx"), "h_0", s->output)) return;
  giveSequence(call, *s);
  giveState(call, *s, s->output);
}

// One step: input (N, features), state (N, hidden), w_ih (gates hidden, features), w_hh (gates hidden, hidden). False
// after a complaint.
bool requireCell(OpCall& call, const TensorType& state, const char* port, int64_t gates) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 2, 2, "N, features")) return false;
  for (const char* weight : {"w_ih", "w_hh", "b_ih", "b_hh"}) {
    if (weight[0] == 'b' && !call.has(weight)) continue;
    const TensorType& given = call.tensor(weight);
    const size_t rank = weight[0] == 'w' ? 2 : 1;
    if (given.shape.size() == rank && given.dtype == call.tensor("input").dtype) continue;
    call.fail("NW-S033", {{"port", weight},
                          {"expected", rank == 2 ? "(gates, features)" : "(gates)"},
                          {"received", text(ValueType(given))}});
    return false;
  }
  const Shape &x = call.shape("input"), &ih = call.shape("w_ih"), &hh = call.shape("w_hh");
  const Dim hidden = hh[1];
  for (const char* bias : {"b_ih", "b_hh"})
    if (call.has(bias) &&
        !call.requireEqual(call.shape(bias)[0], hh[0], "NW-S033",
                           {{"port", bias}, {"expected", text(Shape{hh[0]})}, {"received", text(call.shape(bias))}}))
      return false;
  const std::map<std::string, std::string> weights{
      {"port", "w_hh"}, {"expected", text(Shape{hidden * Dim(gates), hidden})}, {"received", text(hh)}};
  if (!call.requireEqual(hh[0], hidden * Dim(gates), "NW-S033", weights) ||
      !call.requireEqual(ih[0], hh[0], "NW-S033", weights) ||
      !call.requireEqual(ih[1], x[1], "NW-S003", {{"expected", ih[1].text()}, {"received", x[1].text()}}))
    return false;
  const std::map<std::string, std::string> args{
      {"port", port}, {"expected", text(Shape{x[0], hidden})}, {"received", text(ValueType(state))}};
  if (state.shape.size() != 2 || state.dtype != call.tensor("input").dtype) {
    call.fail("NW-S033", args);
    return false;
  }
  return call.requireEqual(state.shape[0], x[0], "NW-S033", args) &&
         call.requireEqual(state.shape[1], hidden, "NW-S033", args);
}
Dim cellMacs(const OpCall& call) {
  return call.shape("input")[0] * (product(call.shape("w_ih")) + product(call.shape("w_hh")));
}
template <int64_t gates>
void cell(OpCall& call) {
  if (!requireCell(call, call.tensor("hx"), "h_0", gates)) return;
  call.macs = cellMacs(call);
  call.result(call.tensor("hx"));
}
void lstmCell(OpCall& call) {
  const std::vector<TensorType>& states = call.list("hx");
  if (states.size() != 2)
    return call.fail("NW-S033",
                     {{"port", "hx"}, {"expected", "2 states"}, {"received", std::to_string(states.size())}});
  if (!requireCell(call, states[0], "h_0", 4) || !requireCell(call, states[1], "c_0", 4)) return;
  call.macs = cellMacs(call);
  call.result(states[0]);
  call.result(states[1]);
}

// query (N, H, L, E), key (N, H, S, E), value (N, H, S, V): one value for each key, everything else alike.
void attention(OpCall& call) {
  for (const char* argument : {"query", "key", "value"})
    if (!requireFloat(call, argument) || !requireRank(call, argument, 4, 4, "N, heads, length, features")) return;
  const Shape &q = call.shape("query"), &k = call.shape("key"), &v = call.shape("value");
  const std::map<std::string, std::string> args{{"query", text(q)}, {"key", text(k)}, {"value", text(v)}};
  // With grouped queries several heads of the query share one of key and value.
  const bool grouped = call.flag("enable_gqa");
  if (grouped && mod(q[1], k[1]).equals(0) == Answer::No) return call.fail("NW-S035", args);
  for (const auto& [a, b] :
       {std::pair(q[0], k[0]), {q[0], v[0]}, {grouped ? k[1] : q[1], k[1]}, {k[1], v[1]}, {q[3], k[3]}, {k[2], v[2]}})
    if (!call.requireEqual(a, b, "NW-S035", args)) return;
  if (call.has("attn_mask") && !broadcast(call, call.shape("attn_mask"), {q[0], q[1], q[2], k[2]}, "NW-S005")) return;
  call.macs = q[0] * q[1] * q[2] * k[2] * (q[3] + v[3]);
  call.result({call.tensor("query").dtype, {q[0], q[1], q[2], v[3]}});
}

}  // namespace

std::vector<OpInfo> sequence() {
  constexpr const char* kOneState =
      ".input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, "
      "bool "
      "bidirectional, bool batch_first) -> (Tensor, Tensor)";
  constexpr const char* kCell =
      "(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor";
  const auto of = [](const char* op, const char* rest, void (*infer)(OpCall&)) {
    return row((std::string("aten::") + op + rest).c_str(), infer);
  };
  std::vector<OpInfo> random{
      row("aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float "
          "dropout, "
          "bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)",
          lstm),
      of("gru", kOneState, ofOneState<3>), of("rnn_relu", kOneState, ofOneState<1>),
      of("rnn_tanh", kOneState, ofOneState<1>),
      row("aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float "
          "dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor",
          attention)};
  for (OpInfo& info : random) info.random = true;
  OpInfo renorm =
      row("aten::embedding_renorm_(Tensor(a!) self, Tensor indices, float max_norm, float norm_type) -> Tensor(a!)",
          renormalise);
  renorm.mutates = {"self"};
  renorm.differentiable = false;
  std::vector<OpInfo> rows{
      renorm,
      row("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool "
          "sparse=False) -> Tensor",
          embedding),
      of("gru_cell", kCell, cell<3>),
      row("aten::lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) "
          "-> (Tensor, Tensor)",
          lstmCell),
      of("rnn_relu_cell", kCell, cell<1>),
      of("rnn_tanh_cell", kCell, cell<1>)};
  rows.insert(rows.end(), random.begin(), random.end());
  return rows;
}

}  // namespace netwright::program::ops
