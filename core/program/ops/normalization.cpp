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
        (!requireRank(call, argument, 1, 1, "C") ||
         !call.requireEqual(x[1], call.shape(argument)[0], "NW-S004",
                            {{"expected", call.shape(argument)[0].text()}, {"received", x[1].text()}})))
      return;
  const Dim perChannel = x[0] * product(x, 2);
  if (call.training == Answer::Yes && perChannel.equals(1) == Answer::Yes)
    return call.fail("NW-S009", {{"shape", text(x)}});
  call.result(call.tensor("input"));
}

// Over the last dimensions, as many as normalized_shape names.
void layerNorm(OpCall& call) {
  if (!requireFloat(call, "input")) return;
  const Shape &x = call.shape("input"), over = call.ints("normalized_shape");
  const Shape end(x.size() < over.size() ? x.begin() : x.end() - static_cast<std::ptrdiff_t>(over.size()), x.end());
  const std::map<std::string, std::string> sizes{{"expected", text(over)}, {"received", text(end)}};
  if (end.size() != over.size() || over.empty()) return call.fail("NW-S022", sizes);
  for (size_t i = 0; i < over.size(); ++i)
    if (!call.requireEqual(end[i], over[i], "NW-S022", sizes)) return;
  for (const char* argument : {"weight", "bias"})
    if (call.knows(argument) && call.has(argument) && call.shape(argument) != over) return call.fail("NW-S022", sizes);
  call.result(call.tensor("input"));
}

// Over each channel of each sample on its own.
void instanceNorm(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 3, 5, "N, C, *")) return;
  const Shape& x = call.shape("input");
  for (const char* argument : {"weight", "bias", "running_mean", "running_var"})
    if (call.has(argument) &&
        (!requireRank(call, argument, 1, 1, "C") ||
         !call.requireEqual(x[1], call.shape(argument)[0], "NW-S004",
                            {{"expected", call.shape(argument)[0].text()}, {"received", x[1].text()}})))
      return;
  if (call.training == Answer::Yes && product(x, 2).equals(1) == Answer::Yes)
    return call.fail("NW-S009", {{"shape", text(x)}});
  call.result(call.tensor("input"));
}

// Over groups of channels of each sample.
void groupNorm(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 2, 8, "N, C, *")) return;
  const Shape& x = call.shape("input");
  const int64_t groups = call.integer("num_groups");
  if (groups < 1 || mod(x[1], Dim(groups)).equals(0) == Answer::No)
    return call.fail("NW-P003", {{"channels", x[1].text()}, {"groups", std::to_string(groups)}});
  for (const char* argument : {"weight", "bias"})
    if (call.has(argument) &&
        (!requireRank(call, argument, 1, 1, "C") ||
         !call.requireEqual(x[1], call.shape(argument)[0], "NW-S004",
                            {{"expected", call.shape(argument)[0].text()}, {"received", x[1].text()}})))
      return;
  call.result(call.tensor("input"));
}

}  // namespace

std::vector<OpInfo> normalization() {
  OpInfo norm =
      row("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor",
          batchNorm);
  OpInfo instance =
      row("aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor",
          instanceNorm);
  norm.mutates = instance.mutates = {"running_mean", "running_var"};
  return {norm, instance,
          row("aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float "
              "eps=1.0000000000000001e-05, bool cudnn_enabled=True) -> Tensor",
              groupNorm),
          row("aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor",
              layerNorm),
          row("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, "
              "float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor",
              layerNorm)};
}

}  // namespace netwright::program::ops
