// SPDX-License-Identifier: Apache-2.0
// MultiheadAttention: each position of query gathers values, weighted by how well its key fits: softmax(q kᵀ / √d) v in
// num_heads parts, then a Linear. query (N, L, embed_dim), key (N, S, kdim) and value (N, S, vdim) -> y (N, L,
// embed_dim); key and value without a wire: key as query, value as key. Vaswani et al. 2017, arXiv:1706.03762. PyTorch:
// nn.MultiheadAttention with batch_first; a mask of three dimensions is one for each sample, for all heads.
#include "core/layers/attention.h"

namespace netwright::layers {
namespace {

bool check(Lowering& l, const Value& x, const char* port) {
  const Shape& shape = x.type().shape;
  if (l.check(shape.size() == 3, "NW-S001", "",
              {{"expected", "3"}, {"form", "N, L, features"}, {"shape", program::text(shape)}}))
    return true;
  l.diagnostics.back().port = port;
  return false;
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

// The wire at a mask's port has the sizes that it should; `wanted` in words of the port's form.
bool checkMask(Lowering& l, const char* port, const Value& mask, const Shape& wanted) {
  const Shape& given = mask.type().shape;
  bool fits = given.size() == wanted.size() && (mask.type().dtype == DType::Bool || isFloating(mask.type().dtype));
  for (size_t i = 0; fits && i < wanted.size(); ++i) fits = given[i].equals(wanted[i]) != program::Answer::No;
  if (l.check(fits, "NW-S033", "",
              {{"port", port},
               {"expected", "bool or float " + program::text(wanted)},
               {"received", program::text(program::ValueType(mask.type()))}}))
    return true;
  l.diagnostics.back().port = port;
  return false;
}

void lower(Lowering& l) {
  const Value query = l.input("query");
  const Value key = l.has("key") ? l.input("key") : query, value = l.has("value") ? l.input("value") : key;
  if (!check(l, query, "query") || !check(l, key, "key") || !check(l, value, "value")) return;
  const auto features = [&](const char* param, const char* port, const Value& x) {
    const size_t before = l.diagnostics.size();
    const int64_t count = l.inferred(param, x.dim(-1), "NW-S003");
    if (l.diagnostics.size() > before) l.diagnostics.back().port = port;
    return count;
  };
  const int64_t heads = l.get<int64_t>("num_heads"), size = features("embed_dim", "query", query),
                keyFeatures = features("kdim", "key", key), valueFeatures = features("vdim", "value", value);
  if (!l.diagnostics.empty() || !checkTogether(l, query, key, value)) return;
  if (!l.check(size % heads == 0, "NW-P011", "num_heads",
               {{"embed", std::to_string(size)}, {"heads", std::to_string(heads)}}))
    return;
  Value mask;
  if (l.has("attn_mask")) {
    mask = l.input("attn_mask");
    const Dim samples = query.dim(0), from = query.dim(1), to = key.dim(1);
    const bool each = mask.rank() == 3;
    if (!checkMask(l, "attn_mask", mask, each ? Shape{samples, from, to} : Shape{from, to})) return;
    mask = additiveMask(l, query, mask);
    if (each) mask = l.op("unsqueeze", {mask.id, Dim(1)});
  }
  if (l.has("key_padding_mask")) {
    const Value padding = l.input("key_padding_mask");
    if (!checkMask(l, "key_padding_mask", padding, {key.dim(0), key.dim(1)})) return;
    mask = joinedMasks(l, mask, keyMask(l, query, padding));
  }
  const Attention a{"",
                    size,
                    heads,
                    keyFeatures,
                    valueFeatures,
                    l.get<double>("dropout"),
                    l.get<bool>("bias"),
                    l.get<bool>("add_bias_kv"),
                    l.get<bool>("add_zero_attn")};
  const bool weights = l.get<bool>("need_weights");
  const Attended out = attend(l, a, attentionWeights(l, a), query, key, value, mask, l.get<bool>("is_causal"), weights);
  l.output("y", out.y);
  if (!weights) return;
  l.output("weights",
           l.get<bool>("average_attn_weights") ? l.op("mean.dim", {out.weights.id, Shape{Dim(1)}}) : out.weights);
}

}  // namespace

LayerSpec multiheadAttention() {
  return LayerSpec{"multihead_attention", "MultiheadAttention", Category::Sequence}
      .describe(
          "Lets every position of a sequence look at all others and take from those that fit: the heart of a "
          "transformer.",
          "y = softmax(q kᵀ / √d) v, in num_heads parts, joined by a Linear")
      .torch("nn.MultiheadAttention", 2)
      .keras("layers.MultiHeadAttention")
      .named("attention")
      .alias({"self-attention", "transformer", "mha", "scaled dot product", "cross-attention"})
      .describedIn("Vaswani et al. 2017, arXiv:1706.03762")
      .param(inferredParam("embed_dim").withDoc("Features of each position; told by the wire."))
      .param(intParam("num_heads", 4).min(1).withDoc("Parts that look on their own; must divide embed_dim.").asMain())
      .param(floatParam("dropout", 0).min(0).max(1).withDoc("Share of the weights hidden in training."))
      .param(boolParam("bias", true).withDoc("Learn offsets in all projections."))
      .param(boolParam("is_causal", false).withDoc("Look only at positions up to the own one, for generating text."))
      .param(boolParam("add_bias_kv", false).withDoc("Learn one key and value more, which every position may look at."))
      .param(boolParam("add_zero_attn", false).withDoc("Add a key and value of zeros: a way to look at nothing."))
      .param(inferredParam("kdim").withDoc("Features of the keys; told by the wire."))
      .param(inferredParam("vdim").withDoc("Features of the values; told by the wire."))
      .param(boolParam("need_weights", false).withDoc("Tell who looked at what: a second output. Costs memory."))
      .param(boolParam("average_attn_weights", true)
                 .withDoc("Of the second output: the mean over the heads, or each head's."))
      .migrates([](Attributes& params) {
        for (const char* flag : {"add_bias_kv", "add_zero_attn", "need_weights"}) params[flag] = false;
        params["kdim"] = params["vdim"] = Auto{};
        params["average_attn_weights"] = true;
      })
      .input("query", "(N, L, embed_dim)")
      .optionalInput("key", "(N, S, kdim); as query without a wire")
      .optionalInput("value", "(N, S, vdim); as key without a wire")
      .optionalInput("attn_mask", "bool or float (L, S) or (N, L, S); true hides")
      .optionalInput("key_padding_mask", "bool or float (N, S); true hides")
      .output("y", "(N, L, embed_dim)")
      .outputWhen("need_weights", "weights", "(N, L, S), or (N, num_heads, L, S)")
      .lowering(lower);
}

}  // namespace netwright::layers
