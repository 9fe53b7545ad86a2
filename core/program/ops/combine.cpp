// SPDX-License-Identifier: Apache-2.0
// Several tensors made into one.
#include <algorithm>

#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

// The first and the one at fault, which is counted from 1.
std::map<std::string, std::string> both(std::string expected, std::string received, size_t input) {
  return {{"expected", std::move(expected)}, {"received", std::move(received)}, {"input", std::to_string(input + 1)}};
}

// Shapes but for the dimension that grows; false after a complaint.
bool requireSame(OpCall& call, const Shape& a, const Shape& b, size_t input, size_t dim) {
  auto args = both(text(a), text(b), input);
  args["dim"] = std::to_string(dim);
  if (a.size() != b.size()) {
    call.fail("NW-S031", args);
    return false;
  }
  for (size_t d = 0; d < a.size(); ++d)
    if (d != dim && !call.requireEqual(a[d], b[d], "NW-S031", args)) return false;
  return true;
}

void cat(OpCall& call) {
  const std::vector<TensorType>& all = call.list("tensors");
  if (!requireParam(call, !all.empty(), "tensors", "must be at least one")) return;
  const auto dim = requireDim(call, call.integer("dim"), all.front().shape);
  if (!dim) return;
  TensorType out = all.front();
  for (size_t i = 1; i < all.size(); ++i) {
    if (all[i].dtype != out.dtype) return call.fail("NW-S032", both(name(out.dtype), name(all[i].dtype), i));
    if (!requireSame(call, all.front().shape, all[i].shape, i, *dim)) return;
    out.shape[*dim] = out.shape[*dim] + all[i].shape[*dim];
  }
  call.result(std::move(out));
}

}  // namespace

std::vector<OpInfo> combine() { return {row("aten::cat(Tensor[] tensors, int dim=0) -> Tensor", cat)}; }

}  // namespace netwright::program::ops
