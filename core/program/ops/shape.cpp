// SPDX-License-Identifier: Apache-2.0
// Other views of the same values.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

void flatten(OpCall& call) {
  const Shape& x = call.shape("self");
  const auto start = requireDim(call, call.integer("start_dim"), x);
  if (!start) return;
  const auto end = requireDim(call, call.integer("end_dim"), x);
  if (!end) return;
  if (*start > *end)
    return call.fail("NW-S010", {{"start", std::to_string(*start)}, {"end", std::to_string(*end)}, {"shape", text(x)}});
  Shape out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(*start));
  out.push_back(product(x, *start, *end + 1));
  out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(*end) + 1, x.end());
  call.result({call.tensor("self").dtype, out});
}

// One size may be -1: what the others leave.
void reshape(OpCall& call) {
  const Shape& x = call.shape("self");
  Shape out = call.ints("shape");
  Dim known = 1;
  Dim* open = nullptr;
  for (Dim& d : out)
    if (d == Dim(-1))
      open = &d;
    else
      known = known * d;
  const Dim all = product(x);
  if (open) *open = floorDiv(all, known);
  const std::map<std::string, std::string> sizes{
      {"from", text(x)}, {"to", text(call.ints("shape"))}, {"count", all.text()}, {"places", product(out).text()}};
  if (call.requireEqual(product(out), all, "NW-S023", sizes)) call.result({call.tensor("self").dtype, out});
}

}  // namespace

std::vector<OpInfo> shape() {
  return {row("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)", flatten),
          row("aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)", reshape)};
}

}  // namespace netwright::program::ops
