// SPDX-License-Identifier: Apache-2.0
#include "core/layers/channels.h"

#include "core/base/text.h"

namespace netwright::layers {

bool requireEvenGroups(Lowering& l, int64_t inChannels, int64_t outChannels) {
  const int64_t groups = l.get<int64_t>("groups");
  if (groups > 0 && inChannels % groups == 0 && outChannels % groups == 0) return true;
  const Fix one{"Set groups to 1", {SetParamStep{l.node().id, "groups", int64_t{1}}}};
  for (const int64_t channels : {inChannels, outChannels})
    if (!l.check(channels % groups == 0, "NW-P003", "groups",
                 {{"channels", grouped(channels)}, {"groups", grouped(groups)}}, {one}))
      return false;
  return true;
}

void lowerBatchNorm(Lowering& l, size_t low, size_t high, const char* form) {
  const Value x = l.input("x");
  if (!l.requireRank(x, low, high, form)) return;
  const int64_t channels = l.inferred("num_features", x.dim(1), "NW-S004");
  const Value weight = l.parameterIf("affine", "weight", {channels}, init::ones());
  const Value bias = l.parameterIf("affine", "bias", {channels}, init::zeros());
  const bool track = l.get<bool>("track_running_stats");
  Value mean, variance;
  if (track) {
    mean = l.buffer("running_mean", DType::DefaultFloat, {channels}, init::zeros());
    variance = l.buffer("running_var", DType::DefaultFloat, {channels}, init::ones());
    const Value batches = l.buffer("num_batches_tracked", DType::Int64, {}, init::zeros());
    l.op("add_.Scalar", {batches.id, Dim(1), Dim(1)}, program::Phase::AfterBackward);
  }
  const Argument training = track ? Argument(program::TrainingFlag{}) : Argument(true);
  l.output("y", l.op("batch_norm",
                     {x.id, Lowering::optional(weight), Lowering::optional(bias), Lowering::optional(mean),
                      Lowering::optional(variance), training, l.get<double>("momentum"), l.get<double>("eps"), true}));
}

}  // namespace netwright::layers
