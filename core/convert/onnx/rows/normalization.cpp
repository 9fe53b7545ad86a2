// SPDX-License-Identifier: Apache-2.0
// Bringing values to mean 0 and variance 1.
#include <fmt/format.h>

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

}  // namespace

Rows normalization() { return {{"batch_norm", {batchNorm}}, {"layer_norm", {layerNorm}}}; }

}  // namespace netwright::convert::onnx::rows
