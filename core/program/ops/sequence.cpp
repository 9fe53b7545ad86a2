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
  Shape out = indices.shape;
  out.push_back(weight.shape[1]);
  call.result({weight.dtype, std::move(out)});
}

// Zeros of the type of self in another size, which may depend on the batch.
void newZeros(OpCall& call) { call.result({call.tensor("self").dtype, call.ints("size")}); }

struct Lstm {
  Dim samples, steps, features;
  int64_t hidden, layers, directions;
  size_t perDirection;  // weights: two, and two offsets
};

Lstm lstmSizes(const OpCall& call) {
  const Shape& x = call.shape("input");
  const bool batchFirst = call.flag("batch_first");
  return {x[batchFirst ? 0 : 1],
          x[batchFirst ? 1 : 0],
          x[2],
          call.list("params")[1].shape[1].constant().value(),
          call.integer("num_layers"),
          call.flag("bidirectional") ? 2 : 1,
          call.flag("has_biases") ? size_t{4} : size_t{2}};
}

bool requireState(OpCall& call, const Lstm& s, size_t which) {
  const TensorType& state = call.list("hx")[which];
  const Shape wanted{Dim(s.layers * s.directions), s.samples, Dim(s.hidden)};
  const std::map<std::string, std::string> args{
      {"port", which == 0 ? "h_0" : "c_0"}, {"expected", text(wanted)}, {"received", text(ValueType(state))}};
  if (state.dtype != call.tensor("input").dtype || state.shape.size() != 3) {
    call.fail("NW-S033", args);
    return false;
  }
  for (size_t i = 0; i < 3; ++i)
    if (!call.requireEqual(wanted[i], state.shape[i], "NW-S033", args)) return false;
  return true;
}

// The kernel reads out of bounds where weights have other sizes. A layer makes them right, so what is found wrong here
// is the input's number of features, or a weight shared with another layer.
bool requireWeights(OpCall& call, const Lstm& s, size_t group) {
  const std::vector<TensorType>& params = call.list("params");
  const auto layer = static_cast<int64_t>(group) / s.directions;
  const Dim gates = 4 * s.hidden, in = layer == 0 ? s.features : Dim(s.hidden * s.directions);
  const std::vector<Shape> wanted{{gates, in}, {gates, Dim(s.hidden)}, {gates}, {gates}};
  const char* const names[]{"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
  for (size_t i = 0; i < s.perDirection; ++i) {
    const TensorType& given = params[group * s.perDirection + i];
    const std::map<std::string, std::string> sizes{{"port", fmt::format("{}_l{}", names[i], layer)},
                                                   {"expected", text(wanted[i])},
                                                   {"received", text(given.shape)}};
    const bool ranked = given.shape.size() == wanted[i].size();
    if (!ranked || given.dtype != call.tensor("input").dtype) {
      call.fail("NW-S033", sizes);
      return false;
    }
    for (size_t d = 0; d < given.shape.size(); ++d) {
      const bool features = i == 0 && d == 1 && layer == 0;
      if (!call.requireEqual(given.shape[d], wanted[i][d], features ? "NW-S003" : "NW-S033",
                             features ? std::map<std::string, std::string>{{"expected", given.shape[d].text()},
                                                                           {"received", in.text()}}
                                      : sizes))
        return false;
    }
  }
  return true;
}

void lstm(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 3, 3, "N, L, features")) return;
  const Lstm s = lstmSizes(call);
  const auto groups = static_cast<size_t>(s.layers * s.directions);
  if (call.list("params").size() != groups * s.perDirection || call.list("hx").size() != 2)
    return call.fail("NW-S033", {{"port", "params"},
                                 {"expected", fmt::format("{} weights", groups * s.perDirection)},
                                 {"received", fmt::format("{}", call.list("params").size())}});
  for (size_t g = 0; g < groups; ++g) {
    if (!requireWeights(call, s, g)) return;
    const Dim in = call.list("params")[g * s.perDirection].shape[1];
    call.macs = call.macs + s.samples * s.steps * Dim(4 * s.hidden) * (in + Dim(s.hidden));
  }
  if (!requireState(call, s, 0) || !requireState(call, s, 1)) return;
  const DType type = call.tensor("input").dtype;
  const Dim width = s.hidden * s.directions;
  call.result({type, call.flag("batch_first") ? Shape{s.samples, s.steps, width} : Shape{s.steps, s.samples, width}});
  for (int i = 0; i < 2; ++i) call.result({type, {Dim(s.layers * s.directions), s.samples, Dim(s.hidden)}});
}

// query (N, H, L, E), key (N, H, S, E), value (N, H, S, V): one value for each key, everything else alike.
void attention(OpCall& call) {
  for (const char* argument : {"query", "key", "value"})
    if (!requireFloat(call, argument) || !requireRank(call, argument, 4, 4, "N, heads, length, features")) return;
  const Shape &q = call.shape("query"), &k = call.shape("key"), &v = call.shape("value");
  const std::map<std::string, std::string> args{{"query", text(q)}, {"key", text(k)}, {"value", text(v)}};
  for (const auto& [a, b] :
       {std::pair(q[0], k[0]), {q[0], v[0]}, {q[1], k[1]}, {q[1], v[1]}, {q[3], k[3]}, {k[2], v[2]}})
    if (!call.requireEqual(a, b, "NW-S035", args)) return;
  if (call.has("attn_mask") && !broadcast(call, call.shape("attn_mask"), {q[0], q[1], q[2], k[2]}, "NW-S005")) return;
  call.macs = q[0] * q[1] * q[2] * k[2] * (q[3] + v[3]);
  call.result({call.tensor("query").dtype, {q[0], q[1], q[2], v[3]}});
}

}  // namespace

std::vector<OpInfo> sequence() {
  OpInfo lstmRow = row(
      "aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, "
      "bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)",
      lstm);
  OpInfo attentionRow =
      row("aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float "
          "dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor",
          attention);
  lstmRow.random = attentionRow.random = true;
  return {
      row("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool "
          "sparse=False) -> Tensor",
          embedding),
      row("aten::new_zeros(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None) -> Tensor",
          newZeros),
      lstmRow, attentionRow};
}

}  // namespace netwright::program::ops
