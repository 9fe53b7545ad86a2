// SPDX-License-Identifier: Apache-2.0
// Attention: attention with grouped queries: several heads of the query share a head of key and value. x (N, L, dim)
// -> y as x. Weights are called as in LLaMA: q_proj, k_proj, v_proj, o_proj. Ainslie et al. 2023, arXiv:2305.13245.
// PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x"), memory = l.has("memory") ? l.input("memory") : x;
  if (!l.requireRank(x, 3, 3, "N, L, features") || !l.requireRank(memory, 3, 3, "N, S, features")) return;
  const int64_t size = l.inferred("dim", x.dim(2), "NW-S003"), heads = l.get<int64_t>("num_heads"),
                shared = l.get<int64_t>("num_kv_heads");
  const int64_t source = l.inferred("kv_dim", memory.dim(2), "NW-S003");
  if (!l.diagnostics.empty()) return;
  if (!l.check(size % heads == 0, "NW-P011", "num_heads",
               {{"embed", std::to_string(size)}, {"heads", std::to_string(heads)}}) ||
      !l.check(heads % shared == 0, "NW-P001", "num_kv_heads",
               {{"param", "num_kv_heads"}, {"problem", "must divide num_heads, " + std::to_string(heads)}}))
    return;
  const int64_t width = size / heads;
  const auto linear = [&](const Value& v, const std::string& slot, int64_t out, int64_t in) {
    const Value weight = l.parameter((slot + ".weight").c_str(), {out, in}, init::kaimingUniform(in));
    const Value bias = l.parameterIf("bias", (slot + ".bias").c_str(), {out}, init::fanInUniform(in));
    return l.op("linear", {v.id, weight.id, Lowering::optional(bias)});
  };
  const auto split = [&](const Value& v, int64_t count) {
    return l.op("transpose.int",
                {l.op("unflatten.int", {v.id, Dim(-1), Shape{Dim(count), Dim(width)}}).id, Dim(1), Dim(2)});
  };
  const Value query = split(linear(x, "q_proj", size, size), heads),
              key = split(linear(memory, "k_proj", shared * width, source), shared),
              value = split(linear(memory, "v_proj", shared * width, source), shared);
  const Value attended = l.op("scaled_dot_product_attention",
                              {query.id, key.id, value.id, None{}, program::TrainingNumber{l.get<double>("dropout")},
                               l.get<bool>("is_causal"), None{}, shared != heads});
  const Value back = l.op("transpose.int", {attended.id, Dim(1), Dim(2)});
  l.output("y", linear(l.op("flatten.using_ints", {back.id, Dim(2), Dim(3)}), "o_proj", size, size));
}

}  // namespace

LayerSpec attention() {
  return LayerSpec{"attention", "Attention", Category::Sequence}
      .describe("Attention in which several queries share a key and value: as good, with less memory.",
                "y = softmax(q kᵀ / √d) v, joined by a Linear")
      .keras("layers.GroupQueryAttention")
      .named("attention")
      .alias({"grouped query", "gqa", "multi-query", "llama", "self-attention"})
      .describedIn("Ainslie et al. 2023, arXiv:2305.13245")
      .param(inferredParam("dim").withDoc("Features; told by the wire."))
      .param(inferredParam("kv_dim").withDoc("Features of the memory; told by the wire."))
      .param(intParam("num_heads", 4).min(1).withDoc("Parts that look on their own; must divide dim.").asMain())
      .param(intParam("num_kv_heads", 2).min(1).withDoc("Heads of key and value; must divide num_heads.").asMain())
      .param(boolParam("is_causal", false).withDoc("Look only at positions up to the own one, for generating text."))
      .param(floatParam("dropout", 0).min(0).max(1).withDoc("Share of the weights hidden in training."))
      .param(boolParam("bias", false).withDoc("Learn offsets."))
      .input("x", "(N, L, dim)")
      .optionalInput("memory", "(N, S, *); as x without a wire")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
