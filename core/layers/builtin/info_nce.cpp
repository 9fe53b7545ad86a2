// SPDX-License-Identifier: Apache-2.0
// InfoNCE: each query must find its own key among those of the batch: loss = mean of -log softmax(q kᵀ / temperature)
// at the own one, q and k brought to length 1. Oord et al. 2018, arXiv:1807.03748. PyTorch has no module for it.
#include "core/layers/loss.h"

namespace netwright::layers {
namespace {

Value unit(Lowering& l, const Value& x) {
  const Value length = l.op("linalg_vector_norm", {x.id, Dim(2), Shape{Dim(1)}, true});
  return l.op("div.Tensor", {x.id, l.op("clamp", {length.id, 1e-12}).id});
}

void lower(Lowering& l) {
  const Value query = l.input("query"), key = l.input("key");
  if (!l.requireRank(query, 2, 2, "N, D") || !l.requireRank(key, 2, 2, "N, D")) return;
  const Value q = unit(l, query), k = unit(l, key);
  const double sharpness = 1 / l.get<double>("temperature");
  const Value own =
      l.op("mul.Scalar", {l.op("sum.dim_IntList", {l.op("mul.Tensor", {q.id, k.id}).id, Shape{Dim(1)}}).id, sharpness});
  const Value all =
      l.op("mul.Scalar", {l.op("matmul", {q.id, l.op("transpose.int", {k.id, Dim(0), Dim(1)}).id}).id, sharpness});
  const auto missed = [&](int64_t dim) {
    return l.op("sub.Tensor", {l.op("logsumexp", {all.id, Shape{Dim(dim)}}).id, own.id});
  };
  Value loss = missed(1);
  if (l.get<bool>("symmetric")) loss = l.op("mul.Scalar", {l.op("add.Tensor", {loss.id, missed(0).id}).id, 0.5});
  l.output("loss", reducedLoss(l, loss));
}

}  // namespace

LayerSpec infoNce() {
  return LayerSpec{"info_nce", "InfoNCE", Category::Loss}
      .describe("For two views of each sample: each must be nearest to its own other view among all of the batch.",
                "loss = mean of -log softmax(q kᵀ / temperature) at the own key, q and k of length 1")
      .named("loss")
      .alias({"contrastive", "simclr", "clip", "nt-xent", "self-supervised", "metric learning"})
      .describedIn("Oord et al. 2018, arXiv:1807.03748")
      .param(floatParam("temperature", 0.1).above(0).withDoc("Smaller: only the nearest wrong keys count."))
      .param(boolParam("symmetric", false).withDoc("Let keys find their queries too, and take the mean, as CLIP does."))
      .param(reductionParam())
      .input("query", "(N, D)")
      .input("key", "(N, D)")
      .output("loss", "()")
      .lowering(lower);
}

}  // namespace netwright::layers
