// SPDX-License-Identifier: Apache-2.0
// CTC: loss = -log Σ over alignments of Π probabilities. Samples come first in log_probs too, as everywhere in a
// graph. Graves et al. 2006, Connectionist temporal classification. PyTorch: nn.CTCLoss.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) {
  const Value x = l.input("log_probs"), targets = l.input("targets"), inLengths = l.input("input_lengths"),
              outLengths = l.input("target_lengths");
  if (!l.requireRank(x, 3, 3, "N, T, C")) return;
  const Value steps = l.op("transpose.int", {x.id, Dim(0), Dim(1)});  // ATen wants the steps first
  const Value loss =
      l.op("ctc_loss.Tensor", {steps.id, targets.id, inLengths.id, outLengths.id, Dim(l.get<int64_t>("blank")),
                               reductionOf(l), l.get<bool>("zero_infinity")});
  constexpr int64_t kNothingIgnored = 0;  // a legal class and length anyway
  if (loss) {
    l.guardIndex(targets, x.dim(2), kNothingIgnored);  // the kernel does not check any of these
    l.guardIndex(inLengths, x.dim(1) + Dim(1), kNothingIgnored, "NW-D013");
    l.guardIndex(outLengths, targets.dim(1) + Dim(1), kNothingIgnored, "NW-D013");
  }
  l.output("loss", loss);
}

}  // namespace

LayerSpec ctc() {
  return LayerSpec{"ctc", "CTC", Category::Loss}
      .describe(
          "For sequences without known places: letters of a spoken sentence, digits of a picture. Sums over all ways "
          "to lay the targets along the steps.",
          "loss = -log Σ over alignments of Π probabilities")
      .torch("nn.CTCLoss")
      .keras("losses.CTC")
      .named("loss")
      .alias({"speech recognition", "handwriting", "alignment", "connectionist temporal classification"})
      .describedIn("Graves et al. 2006, Connectionist temporal classification")
      .param(intParam("blank", 0).min(0).withDoc("The class that stands for nothing."))
      .param(
          boolParam("zero_infinity", false).withDoc("Count samples that cannot be aligned as 0 instead of infinity."))
      .param(reductionParam())
      .input("log_probs", "(N, T, C), logarithms")
      .input("targets", "int64 (N, S)")
      .input("input_lengths", "int64 (N,)")
      .input("target_lengths", "int64 (N,)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
