// SPDX-License-Identifier: Apache-2.0
// Noise against learning by heart: nothing in evaluation.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void dropout(OpPrinter& p) { p.sameAs("input"); }

Refusal refuseDropout(const Program&, const Op& op) { return refuseNoise(op, "p"); }

}  // namespace

Rows regularization() {
  return {{"alpha_dropout", {dropout, refuseDropout}},
          {"dropout", {dropout, refuseDropout}},
          {"feature_alpha_dropout", {dropout, refuseDropout}},
          {"feature_dropout", {dropout, refuseDropout}}};
}

}  // namespace netwright::convert::onnx::rows
