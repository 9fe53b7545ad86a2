// SPDX-License-Identifier: Apache-2.0
// Adaptive log softmax: loss = -mean of log p[target], p by a head and clusters. Grave et al. 2016, arXiv:1609.04309.
// PyTorch: nn.AdaptiveLogSoftmaxWithLoss.
#include <algorithm>
#include <cmath>

#include "core/layers/loss.h"
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

// Words behind a cutoff share an entry of the head each and have a small network of their own.
void lower(Lowering& l) {
  const Value x = l.input("x"), target = l.input("target");
  if (!l.requireRank(x, 2, 2, "N, features") || !l.requireRank(target, 1, 1, "N")) return;
  const int64_t in = l.inferred("in_features", x.dim(1), "NW-S003"), classes = l.get<int64_t>("n_classes");
  std::vector<int64_t> cutoffs = numbersOf(l.ints("cutoffs"));
  const bool rising = !cutoffs.empty() && std::is_sorted(cutoffs.begin(), cutoffs.end()) &&
                      std::adjacent_find(cutoffs.begin(), cutoffs.end()) == cutoffs.end() && cutoffs.front() >= 1 &&
                      cutoffs.back() < classes;
  if (!l.diagnostics.empty() ||
      !l.check(rising, "NW-P001", "cutoffs",
               {{"param", "cutoffs"}, {"problem", "must be rising numbers between 1 and n_classes - 1"}}))
    return;
  cutoffs.push_back(classes);
  const int64_t shortlist = cutoffs[0], clusters = static_cast<int64_t>(cutoffs.size()) - 1,
                head = shortlist + clusters;
  const auto linear = [&](const std::string& slot, int64_t out, int64_t from) {
    return l.parameter((slot + ".weight").c_str(), {out, from}, init::kaimingUniform(from));
  };
  const Value headWeight = linear("head", head, in),
              headBias = l.parameterIf("head_bias", "head.bias", {head}, init::fanInUniform(in));
  const Value headLog =
      l.op("log_softmax.int", {l.op("linear", {x.id, headWeight.id, Lowering::optional(headBias)}).id, Dim(1), None{}});
  // Of each class the place in the head or in its cluster; where another cluster's, any legal one.
  const auto chosen = [&](const Value& logs, const Value& places, int64_t count) {
    const Value legal = l.op("clamp", {places.id, Dim(0), Dim(count - 1)});
    return l.op("squeeze.dim",
                {l.op("gather", {logs.id, Dim(1), l.op("unsqueeze", {legal.id, Dim(1)}).id}).id, Dim(1)});
  };
  Value output = chosen(headLog, target, shortlist);
  for (int64_t i = 0; i < clusters; ++i) {
    const int64_t low = cutoffs[static_cast<size_t>(i)], high = cutoffs[static_cast<size_t>(i) + 1], size = high - low;
    const auto width = static_cast<int64_t>(static_cast<double>(in) /
                                            std::pow(l.get<double>("div_value"), static_cast<double>(i + 1)));
    const std::string slot = "tail." + std::to_string(i);
    const Value narrow = linear(slot + ".0", width, in), wide = linear(slot + ".1", size, width);
    const Value scores = l.op("linear", {l.op("linear", {x.id, narrow.id}).id, wide.id});
    const Value inside =
        chosen(l.op("log_softmax.int", {scores.id, Dim(1), None{}}), l.op("sub.Scalar", {target.id, Dim(low)}), size);
    const Value entry = l.op("select.int", {headLog.id, Dim(1), Dim(shortlist + i)});
    const Value here = l.op(
        "logical_and", {l.op("ge.Scalar", {target.id, Dim(low)}).id, l.op("lt.Scalar", {target.id, Dim(high)}).id});
    output = l.op("where.self", {here.id, l.op("add.Tensor", {entry.id, inside.id}).id, output.id});
  }
  constexpr int64_t kNothingIgnored = 0;  // a legal class anyway
  if (output) l.guardIndex(target, Dim(classes), kNothingIgnored);
  l.output("loss", l.op("mean", {l.op("neg", {output.id}).id}));
  l.output("output", output);
}

}  // namespace

LayerSpec adaptiveLogSoftmax() {
  return LayerSpec{"adaptive_log_softmax", "Adaptive log softmax", Category::Loss}
      .describe(
          "For very many classes, such as words: frequent ones are computed in full, rare ones in clusters with fewer "
          "weights.",
          "loss = -mean of log p[target], p by a head and clusters")
      .torch("nn.AdaptiveLogSoftmaxWithLoss", 3)
      .named("loss")
      .alias({"large vocabulary", "language model", "hierarchical softmax"})
      .describedIn("Grave et al. 2016, arXiv:1609.04309")
      .param(inferredParam("in_features").withDoc("Features of the input; told by the wire."))
      .param(intParam("n_classes", 1000).min(2).withDoc("How many classes, ordered from frequent to rare.").asMain())
      .param(intListParam("cutoffs", {100})
                 .min(1)
                 .withDoc("Where clusters begin, rising; classes before the first are in the head."))
      .param(floatParam("div_value", 4)
                 .above(0)
                 .withDoc("Each cluster has so many times fewer features than the one before."))
      .param(boolParam("head_bias", false).withDoc("Learn offsets in the head."))
      .input("x", "(N, in_features)")
      .input("target", "int64 (N,)")
      .output("loss", "()")
      .output("output", "(N,), log probabilities of the targets")
      .lowering(lower);
}

}  // namespace netwright::layers
