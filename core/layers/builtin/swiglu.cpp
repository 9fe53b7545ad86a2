// SPDX-License-Identifier: Apache-2.0
// SwiGLU: the feed-forward part of large language models: y = w2 (silu(w1 x) w3 x). x (N, *, features) -> y as x.
// Shazeer 2020, arXiv:2002.05202. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, features")) return;
  const int64_t size = l.inferred("features", x.dim(-1), "NW-S003"), inner = l.get<int64_t>("hidden_features");
  if (!l.diagnostics.empty()) return;
  const auto weights = [&](const std::string& slot, int64_t out, int64_t in) {
    const Value weight = l.parameter((slot + ".weight").c_str(), {out, in}, init::kaimingUniform(in));
    const Value bias = l.parameterIf("bias", (slot + ".bias").c_str(), {out}, init::fanInUniform(in));
    return std::pair(weight, bias);
  };
  const auto linear = [&](const Value& v, const std::pair<Value, Value>& w) {
    return l.op("linear", {v.id, w.first.id, Lowering::optional(w.second)});
  };
  const auto gate = weights("w1", inner, size), out = weights("w2", size, inner), up = weights("w3", inner, size);
  const Value gated = l.op("mul.Tensor", {l.op("silu", {linear(x, gate).id}).id, linear(x, up).id});
  l.output("y", linear(gated, out));
}

}  // namespace

LayerSpec swiglu() {
  return LayerSpec{"swiglu", "SwiGLU", Category::Linear}
      .describe(
          "Two Linear layers of which one gates the other, and a third behind: the feed-forward part of large language "
          "models.",
          "y = W₂ (silu(W₁ x) · W₃ x)")
      .named("feedforward")
      .alias({"gated", "llama", "feed-forward", "mlp"})
      .describedIn("Shazeer 2020, arXiv:2002.05202")
      .param(inferredParam("features").withDoc("Features; told by the wire."))
      .param(intParam("hidden_features", 128).min(1).withDoc("Width inside; about 8/3 of the features.").asMain())
      .param(boolParam("bias", false).withDoc("Learn offsets."))
      .input("x", "(N, *, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
