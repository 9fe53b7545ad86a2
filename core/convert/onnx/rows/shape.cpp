// SPDX-License-Identifier: Apache-2.0
// Other views of the same values.
#include <fmt/format.h>

#include <utility>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// The sizes for Reshape: numbers, 0 for a leading size that is taken over, -1 for the one that is worked out; nullopt
// if more than that is unknown.
std::optional<Ints> flattenedSizes(const program::Shape& in, const program::Shape& out) {
  Ints sizes;
  bool open = false, aligned = true;
  for (size_t i = 0; i < out.size(); ++i) {
    aligned = aligned && i < in.size() && in[i] == out[i];
    if (const auto known = out[i].constant())
      sizes.push_back(*known);
    else if (aligned)
      sizes.push_back(0);
    else if (!std::exchange(open, true))
      sizes.push_back(-1);
    else
      return std::nullopt;
  }
  return sizes;
}

void flatten(OpPrinter& p) {
  const int64_t rank = static_cast<int64_t>(p.shape("self").size()), end = p.integer("end_dim");
  if (rank >= 2 && p.integer("start_dim") == 1 && (end == -1 || end == rank - 1))
    return p.result("Flatten", {p.tensor("self")}, {{"axis", int64_t{1}}});
  p.result("Reshape", {p.tensor("self"), p.integers("shape", *flattenedSizes(p.shape("self"), p.resultShape()))});
}

Refusal refuseFlatten(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (flattenedSizes(in, program.tensorType(op.results[0]).shape)) return std::nullopt;
  return fmt::format("more than one size of {} is only known at run time", program::text(in));
}

void reshape(OpPrinter& p) { p.result("Reshape", {p.tensor("self"), p.integers("shape", p.ints("shape"))}); }

}  // namespace

Rows shape() { return {{"flatten.using_ints", {flatten, refuseFlatten}}, {"reshape", {reshape}}}; }

}  // namespace netwright::convert::onnx::rows
