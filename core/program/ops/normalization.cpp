// SPDX-License-Identifier: Apache-2.0
// Bringing values to mean 0 and variance 1.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void batchNorm(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 2, 5, "N, C, *")) return;
  const Shape& x = call.shape("input");
  for (const char* argument : {"weight", "bias", "running_mean", "running_var"})
    if (call.has(argument) &&
        !call.requireEqual(x[1], call.shape(argument)[0], "NW-S004",
                           {{"expected", call.shape(argument)[0].text()}, {"received", x[1].text()}}))
      return;
  const Dim perChannel = x[0] * product(x, 2);
  if (call.training == Answer::Yes && perChannel.equals(1) == Answer::Yes)
    return call.fail("NW-S009", {{"shape", text(x)}});
  call.macs = product(x);
  call.result(call.tensor("input"));
}

}  // namespace

std::vector<OpInfo> normalization() {
  OpInfo norm =
      row("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor",
          batchNorm);
  norm.mutates = {"running_mean", "running_var"};
  return {norm};
}

}  // namespace netwright::program::ops
