// SPDX-License-Identifier: Apache-2.0
// Bringing values to mean 0 and variance 1.
#include <fmt/format.h>

#include <limits>
#include <utility>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// Mean and variance of the batch itself, written out, because BatchNormalization has them in training mode only.
void batchStatistics(OpPrinter& p) {
  const size_t rank = p.shape("input").size();
  Ints axes{0}, perChannel{1, -1};
  for (size_t i = 2; i < rank; ++i) axes.push_back(static_cast<int64_t>(i)), perChannel.push_back(1);
  const std::string x = p.tensor("input");
  const std::string centred = p.node("Sub", {x, p.mean(x, axes, true, "mean")}, "centred");
  const std::string variance = p.mean(p.node("Mul", {centred, centred}, "squared"), axes, true, "variance");
  const std::string sum = p.node("Add", {variance, p.number("eps", static_cast<float>(p.real("eps")))}, "stabilised");
  std::vector<std::string> last{centred, p.node("Sqrt", {sum}, "deviation")};
  const char* lastOp = "Div";
  for (const auto& [slot, op] : {std::pair("weight", "Mul"), std::pair("bias", "Add")}) {
    if (!p.has(slot)) continue;
    const std::string before = p.node(lastOp, last, slot == std::string("weight") ? "normalised" : "scaled");
    const std::string sizes = p.integers(fmt::format("{}_shape", slot), perChannel);
    last = {before, p.node("Reshape", {p.tensor(slot), sizes}, fmt::format("{}_per_channel", slot))};
    lastOp = op;
  }
  p.result(lastOp, last);
}

void batchNorm(OpPrinter& p) {
  if (usesBatchStatistics(p.op())) return batchStatistics(p);
  const int64_t channels = p.sizes("running_mean")[0];
  const std::string weight = p.has("weight") ? p.tensor("weight") : p.filled("ones", channels, 1);
  const std::string bias = p.has("bias") ? p.tensor("bias") : p.filled("zeros", channels, 0);
  p.result("BatchNormalization", {p.tensor("input"), weight, bias, p.tensor("running_mean"), p.tensor("running_var")},
           {{"epsilon", static_cast<float>(p.real("eps"))}, {"momentum", static_cast<float>(1 - p.real("momentum"))}});
}

// The scale must be there; without one it is ones, in the shape that is normalised over.
void layerNorm(OpPrinter& p) {
  const Ints over = p.ints("normalized_shape");
  std::string scale;
  if (p.has("weight")) {
    scale = p.tensor("weight");
  } else {
    int64_t count = 1;
    for (const int64_t size : over) count *= size;
    scale = p.filled("ones", count, 1);
    if (over.size() > 1) scale = p.node("Reshape", {scale, p.integers("sizes", over)}, "scale");
  }
  std::vector<std::string> inputs{p.tensor("input"), scale};
  if (p.has("bias")) inputs.push_back(p.tensor("bias"));
  p.result("LayerNormalization", inputs,
           {{"axis", -static_cast<int64_t>(over.size())}, {"epsilon", static_cast<float>(p.real("eps"))}});
}

// Weights (C) as (C, 1, ...), to fit (N, C, ...) from the last dimension on.
std::string perChannel(OpPrinter& p, const char* slot, size_t rank) {
  Ints shape(rank - 1, 1);
  shape[0] = -1;
  return p.node("Reshape", {p.tensor(slot), p.integers(fmt::format("{}_shape", slot), shape)},
                fmt::format("{}_per_channel", slot));
}

// In evaluation with running averages an instance normalisation is a batch normalisation.
void instanceNorm(OpPrinter& p) {
  const int64_t channels = *p.shape("input")[1].constant();
  const std::string weight = p.has("weight") ? p.tensor("weight") : p.filled("ones", channels, 1);
  const std::string bias = p.has("bias") ? p.tensor("bias") : p.filled("zeros", channels, 0);
  const Attribute eps{"epsilon", static_cast<float>(p.real("eps"))};
  const program::Argument& own = argument(p.op(), "use_input_stats");
  if (isTraining(own) ? p.op().mode == Mode::Train : std::get<bool>(own))
    return p.result("InstanceNormalization", {p.tensor("input"), weight, bias}, {eps});
  p.result("BatchNormalization", {p.tensor("input"), weight, bias, p.tensor("running_mean"), p.tensor("running_var")},
           {eps});
}

Refusal refuseUnknownSizes(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "input")).shape;
  for (size_t i = 1; i < in.size(); ++i)
    if (!in[i].constant()) return fmt::format("sizes of {} are only known at run time", program::text(in));
  return std::nullopt;
}

// Each group as one channel of an instance normalisation.
void groupNorm(OpPrinter& p) {
  const program::Shape& in = p.shape("input");
  const int64_t groups = p.integer("num_groups");
  Ints sizes{0};
  for (size_t i = 1; i < in.size(); ++i) sizes.push_back(*in[i].constant());
  const std::string grouped =
      p.node("Reshape", {p.tensor("input"), p.integers("groups_shape", {0, groups, -1})}, "groups");
  const std::string normal =
      p.node("InstanceNormalization", {grouped, p.filled("ones", groups, 1), p.filled("zeros", groups, 0)},
             "normalised", {{"epsilon", static_cast<float>(p.real("eps"))}});
  std::vector<std::string> last{normal, p.integers("sizes", sizes)};
  const char* lastOp = "Reshape";
  for (const auto& [slot, op] : {std::pair("weight", "Mul"), std::pair("bias", "Add")}) {
    if (!p.has(slot)) continue;
    last = {p.node(lastOp, last, fmt::format("before_{}", slot)), perChannel(p, slot, in.size())};
    lastOp = op;
  }
  p.result(lastOp, last);
}

// x / √(mean(x²) + eps), written out before opset 23 brings RMSNormalization.
void rmsNorm(OpPrinter& p) {
  const std::string x = p.tensor("input");
  Ints axes;
  for (auto i = static_cast<int64_t>(p.ints("normalized_shape").size()); i > 0; --i) axes.push_back(-i);
  const double eps = p.none("eps") ? std::numeric_limits<float>::epsilon() : p.real("eps");
  const std::string squares = p.mean(p.node("Mul", {x, x}, "squares"), axes, true, "mean");
  const std::string root =
      p.node("Sqrt", {p.node("Add", {squares, p.number("eps", static_cast<float>(eps))}, "stabilised")}, "root");
  if (!p.has("weight")) return p.result("Div", {x, root});
  p.result("Mul", {p.node("Div", {x, root}, "normalised"), p.tensor("weight")});
}

}  // namespace

Rows normalization() {
  return {{"batch_norm", {batchNorm}},
          {"group_norm", {groupNorm, refuseUnknownSizes}},
          {"instance_norm", {instanceNorm, refuseUnknownSizes}},
          {"layer_norm", {layerNorm}},
          {"rms_norm", {rmsNorm}}};
}

}  // namespace netwright::convert::onnx::rows
