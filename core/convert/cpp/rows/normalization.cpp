// SPDX-License-Identifier: Apache-2.0
// Bringing values to mean 0 and variance 1.
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/words.h"

namespace netwright::convert::cpp::rows {
namespace {

void batchNorm(OpPrinter& p) {
  const program::Shape& shape = p.resultShape();
  const std::string x = p.tensor("input"), weight = p.tensor("weight"), bias = p.tensor("bias"),
                    eps = realF(p.real("eps"));
  std::vector<std::string> arguments{x};
  const bool own = usesBatchStatistics(p.op());
  if (!own) arguments.insert(arguments.end(), {p.tensor("running_mean"), p.tensor("running_var")});
  arguments.insert(arguments.end(), {weight, bias, eps, p.resultOver("input")});
  if (own) arguments.push_back(p.scratch("batch_statistics_norm"));
  arguments.insert(arguments.end(), {text(shape[0]), text(shape[1]), count(shape, 2)});
  p.call(own ? "batch_statistics_norm" : "batch_norm", own ? "batchStatisticsNorm" : "batchNorm", arguments);
}

void layerNorm(OpPrinter& p) {
  const program::Shape& shape = p.resultShape();
  const size_t first = shape.size() - p.ints("normalized_shape").size();
  const std::string x = p.tensor("input"), weight = p.tensor("weight"), bias = p.tensor("bias"),
                    y = p.resultOver("input");
  p.call("layer_norm", "layerNorm",
         {x, weight, bias, realF(p.real("eps")), y, count(shape, 0, first), count(shape, first)});
}

}  // namespace

Rows normalization() { return {{"batch_norm", {batchNorm}}, {"layer_norm", {layerNorm}}}; }

}  // namespace netwright::convert::cpp::rows
