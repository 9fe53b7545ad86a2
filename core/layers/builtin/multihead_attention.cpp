// SPDX-License-Identifier: Apache-2.0
// MultiheadAttention: each position of query gathers values, weighted by how well its key fits: softmax(q kᵀ / √d) v in
// num_heads parts, then a Linear. query (N, L, embed_dim), key and value (N, S, embed_dim) -> y (N, L, embed_dim); key
// and value without a wire: key as query, value as key. Vaswani et al. 2017, arXiv:1706.03762. PyTorch:
// nn.MultiheadAttention with batch_first.
#include <cmath>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

using program::ValueId;

struct Weights {
  Value in, inBias, out, outBias;
};

// torch.nn.init.xavier_uniform_, in its very expressions, for equal bits.
Initialiser xavierUniform(int64_t fanIn, int64_t fanOut) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(fanIn + fanOut)), bound = std::sqrt(3.0) * deviation;
  return init::uniform(-bound, bound);
}

// Listed in PyTorch's order and drawn in PyTorch's other order: out_proj as a Linear, then in_proj; offsets become
// zero.
Weights weights(Lowering& l, int64_t size) {
  Weights w{l.parameter("in_proj_weight", {3 * size, size}, {}), l.parameterIf("bias", "in_proj_bias", {3 * size}, {}),
            l.parameter("out_proj.weight", {size, size}, init::kaimingUniform(size)),
            l.parameterIf("bias", "out_proj.bias", {size}, init::fanInUniform(size))};
  l.initialise(w.in, xavierUniform(size, 3 * size));
  l.initialise(w.inBias, init::zeros());
  l.initialise(w.outBias, init::zeros());
  return w;
}

bool check(Lowering& l, const Value& x, const char* port, int64_t size) {
  const Shape& shape = x.type().shape;
  if (!l.check(shape.size() == 3, "NW-S001", "",
               {{"expected", "3"}, {"form", "N, L, features"}, {"shape", program::text(shape)}}) ||
      !l.check(shape[2].equals(size) != program::Answer::No, "NW-S034", "",
               {{"port", port}, {"expected", std::to_string(size)}, {"received", shape[2].text()}})) {
    l.diagnostics.back().port = port;
    return false;
  }
  return true;
}

bool checkTogether(Lowering& l, const Value& query, const Value& key, const Value& value) {
  const auto differ = [](const Dim& a, const Dim& b) { return a.equals(b) == program::Answer::No; };
  return l.check(
      !differ(query.dim(0), key.dim(0)) && !differ(key.dim(0), value.dim(0)) && !differ(key.dim(1), value.dim(1)),
      "NW-S035", "",
      {{"query", program::text(query.type().shape)},
       {"key", program::text(key.type().shape)},
       {"value", program::text(value.type().shape)}});
}

// (N, L, heads, head_dim) -> (N, heads, L, head_dim), and back.
Value exchanged(Lowering& l, const Value& x) { return l.op("transpose.int", {x.id, Dim(1), Dim(2)}); }

// Self-attention: query, key and value from one product.
std::vector<Value> projectTogether(Lowering& l, const Value& x, const Weights& w, const Shape& heads) {
  const Value all = l.op("linear", {x.id, w.in.id, Lowering::optional(w.inBias)});
  const Value parts = l.op("unflatten.int", {all.id, Dim(-1), Shape{Dim(3), heads[0], heads[1]}});
  std::vector<Value> out;
  for (int64_t i = 0; i < 3; ++i) out.push_back(exchanged(l, l.op("select.int", {parts.id, Dim(2), Dim(i)})));
  return out;
}

// The part-th third of the weights, applied to one input.
Value project(Lowering& l, const Value& x, const Weights& w, const Shape& heads, int64_t part) {
  const Dim size = heads[0] * heads[1];
  const auto third = [&](const Value& of) {
    return of ? Argument(l.op("narrow", {of.id, Dim(0), size * Dim(part), size}).id) : Argument(None{});
  };
  const Argument weight = third(w.in), bias = third(w.inBias);
  return exchanged(l, l.op("unflatten.int", {l.op("linear", {x.id, weight, bias}).id, Dim(-1), heads}));
}

void lower(Lowering& l) {
  const Value query = l.input("query");
  const Value key = l.has("key") ? l.input("key") : query, value = l.has("value") ? l.input("value") : key;
  if (!l.requireRank(query, 3, 3, "N, L, features")) return;
  const int64_t size = l.inferred("embed_dim", query.dim(-1), "NW-S003"), count = l.get<int64_t>("num_heads");
  if (!l.diagnostics.empty()) return;
  if (!check(l, key, "key", size) || !check(l, value, "value", size) || !checkTogether(l, query, key, value)) return;
  if (!l.check(size % count == 0, "NW-P011", "num_heads",
               {{"embed", std::to_string(size)}, {"heads", std::to_string(count)}}))
    return;
  const Shape heads{Dim(count), Dim(size / count)};
  const Weights w = weights(l, size);
  const bool self = query.id == key.id && key.id == value.id;
  const std::vector<Value> qkv = self ? projectTogether(l, query, w, heads)
                                      : std::vector<Value>{project(l, query, w, heads, 0), project(l, key, w, heads, 1),
                                                           project(l, value, w, heads, 2)};
  const Value attended = l.op("scaled_dot_product_attention",
                              {qkv[0].id, qkv[1].id, qkv[2].id, None{},
                               program::TrainingNumber{l.get<double>("dropout")}, l.get<bool>("is_causal")});
  const Value joined = l.op("flatten.using_ints", {exchanged(l, attended).id, Dim(2), Dim(3)});
  l.output("y", l.op("linear", {joined.id, w.out.id, Lowering::optional(w.outBias)}));
}

}  // namespace

LayerSpec multiheadAttention() {
  return LayerSpec{"multihead_attention", "MultiheadAttention", Category::Sequence}
      .describe(
          "Lets every position of a sequence look at all others and take from those that fit: the heart of a "
          "transformer.",
          "y = softmax(q kᵀ / √d) v, in num_heads parts, joined by a Linear")
      .torch("nn.MultiheadAttention")
      .named("attention")
      .alias({"self-attention", "transformer", "mha", "scaled dot product", "cross-attention"})
      .param(inferredParam("embed_dim").withDoc("Features of each position; told by the wire."))
      .param(intParam("num_heads", 4).min(1).withDoc("Parts that look on their own; must divide embed_dim.").asMain())
      .param(floatParam("dropout", 0).min(0).max(1).withDoc("Share of the weights hidden in training."))
      .param(boolParam("bias", true).withDoc("Learn offsets in all projections."))
      .param(boolParam("is_causal", false).withDoc("Look only at positions up to the own one, for generating text."))
      .input("query", "(N, L, embed_dim)")
      .optionalInput("key", "(N, S, embed_dim); as query without a wire")
      .optionalInput("value", "(N, S, embed_dim); as key without a wire")
      .output("y", "(N, L, embed_dim)")
      .lowering(lower);
}

}  // namespace netwright::layers
