// SPDX-License-Identifier: Apache-2.0
// PositionalEncoding: tells attention where each entry of a sequence stands: y = x + p, with p (L, C) learned, or fixed
// waves p[i, 2k] = sin(i / 10000^(2k/C)), p[i, 2k+1] = cos(...). x (N, L, C) -> y as x. Vaswani et al. 2017,
// arXiv:1706.03762. PyTorch has no module for it.
#include <cmath>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

std::vector<double> waves(int64_t length, int64_t features) {
  std::vector<double> all;
  all.reserve(static_cast<size_t>(length * features));
  for (int64_t i = 0; i < length; ++i)
    for (int64_t c = 0; c < features; ++c) {
      const double pair = static_cast<double>(c - c % 2) / static_cast<double>(features);
      const double angle = static_cast<double>(i) / std::pow(10000.0, pair);
      all.push_back(c % 2 ? std::cos(angle) : std::sin(angle));
    }
  return all;
}

void lower(Lowering& l) {
  constexpr double kSmall = 0.02;  // as GPT-2 and ViT begin
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 3, "N, L, features")) return;
  const int64_t length = l.inferred("max_len", x.dim(1), "NW-S038"),
                features = l.inferred("embed_dim", x.dim(2), "NW-S003");
  if (!l.diagnostics.empty()) return;
  const Shape shape{length, features};
  const Value places = l.get<std::string>("kind") == "learned"
                           ? l.parameter("weight", shape, init::normal(0, kSmall))
                           : l.buffer("weight", DType::DefaultFloat, shape, init::values(waves(length, features)));
  l.output("y", l.op("add.Tensor", {x.id, places.id}));
}

}  // namespace

LayerSpec positionalEncoding() {
  return LayerSpec{"positional_encoding", "PositionalEncoding", Category::Sequence}
      .describe(
          "Adds to each entry of a sequence a vector that tells its place. Attention alone does not see the order of "
          "words; put this after Embedding.",
          "y = x + p, one vector p for each place")
      .named("position")
      .alias({"position embedding", "transformer", "sinusoidal", "order", "place"})
      .param(choiceParam("kind", {"learned", "sinusoidal"})
                 .withDoc("learned: trained with the network; sinusoidal: fixed waves of many lengths.")
                 .asMain())
      .param(inferredParam("max_len").withDoc("Places; told by the wire."))
      .param(inferredParam("embed_dim").withDoc("Features of each entry; told by the wire."))
      .input("x", "(N, L, embed_dim)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
