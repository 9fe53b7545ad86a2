// SPDX-License-Identifier: Apache-2.0
// RotaryEncoding: turns pairs of features by an angle that grows with the place: y = x cos + rotate_half(x) sin, as
// LLaMA has it. x (N, *, L, features), an even number -> y as x. Su et al. 2021, arXiv:2104.09864. PyTorch has no
// module for it.
#include <cmath>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

std::vector<double> waves(int64_t length, int64_t features, double base, double (*wave)(double)) {
  std::vector<double> all;
  all.reserve(static_cast<size_t>(length * features));
  for (int64_t i = 0; i < length; ++i)
    for (int64_t c = 0; c < features; ++c) {
      const double pair = 2.0 * static_cast<double>(c % (features / 2)) / static_cast<double>(features);
      all.push_back(wave(static_cast<double>(i) / std::pow(base, pair)));
    }
  return all;
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 3, 8, "N, *, L, features")) return;
  const int64_t length = l.inferred("max_len", x.dim(-2), "NW-S038"),
                features = l.inferred("dim", x.dim(-1), "NW-S003");
  if (!l.diagnostics.empty() ||
      !l.check(features % 2 == 0, "NW-S042", "",
               {{"dim", std::to_string(x.rank() - 1)}, {"shape", program::text(x.type().shape)}, {"factor", "2"}}))
    return;
  const double base = l.get<double>("base");
  const Value cosines = l.buffer("cos", DType::DefaultFloat, {length, features},
                                 init::values(waves(length, features, base, std::cos))),
              sines = l.buffer("sin", DType::DefaultFloat, {length, features},
                               init::values(waves(length, features, base, std::sin)));
  const Value first = l.op("narrow", {x.id, Dim(-1), Dim(0), Dim(features / 2)}),
              second = l.op("narrow", {x.id, Dim(-1), Dim(features / 2), Dim(features / 2)});
  const Value turned = l.op("cat", {std::vector<program::ValueId>{l.op("neg", {second.id}).id, first.id}, Dim(-1)});
  l.output("y", l.op("add.Tensor",
                     {l.op("mul.Tensor", {x.id, cosines.id}).id, l.op("mul.Tensor", {turned.id, sines.id}).id}));
}

}  // namespace

LayerSpec rotaryEncoding() {
  return LayerSpec{"rotary_encoding", "RotaryEncoding", Category::Sequence}
      .describe(
          "Tells attention where each entry stands by turning pairs of features; what counts is the distance of two.",
          "y = x · cos + rotate_half(x) · sin")
      .named("position")
      .alias({"rope", "rotary position embedding", "llama", "order"})
      .describedIn("Su et al. 2021, arXiv:2104.09864")
      .param(inferredParam("max_len").withDoc("Places; told by the wire."))
      .param(inferredParam("dim").withDoc("Features; told by the wire."))
      .param(floatParam("base", 10000).above(1).withDoc("The longest wave grows with it."))
      .input("x", "(N, *, L, features)")
      .output("y", "as x")
      .lowering(lower);
}

}  // namespace netwright::layers
