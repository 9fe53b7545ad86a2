// SPDX-License-Identifier: Apache-2.0
// Reshape: reads the numbers of each sample in another shape; the batch stays. x (N, *) -> y (N, *shape). PyTorch:
// torch.reshape(x, (N, *shape)).
#include <algorithm>

#include "core/base/text.h"
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

std::string sizesText(const std::vector<int64_t>& sizes) { return toText(Attribute(sizes)); }

// A legal shape for samples of `count` numbers that keeps as much of `sizes` as possible.
std::vector<int64_t> nearest(std::vector<int64_t> sizes, int64_t count) {
  for (int64_t& s : sizes) s = std::max<int64_t>(s, 1);
  for (; !sizes.empty(); sizes.pop_back()) {
    int64_t before = 1;
    for (size_t i = 0; i + 1 < sizes.size(); ++i) before *= sizes[i];
    sizes.back() = -1;
    if (count % before == 0) return sizes;
  }
  return {-1};
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 1, 8, "N, *")) return;
  std::vector<int64_t> sizes;
  for (const Dim& d : l.ints("shape")) sizes.push_back(d.constant().value());
  const Dim perSample = program::product(x.type().shape, 1);
  const auto count = perSample.constant();
  if (!l.check(count.has_value(), "NW-P001", "shape",
               {{"param", "shape"},
                {"problem", "needs samples of a fixed size, but the wire brings " + program::text(x.type().shape)}}))
    return;
  const auto fix = [&] {
    const std::vector<int64_t> legal = nearest(sizes, *count);
    return std::vector<Fix>{{"Set shape to " + sizesText(legal), {SetParamStep{l.node().id, "shape", legal}}}};
  };
  const auto open = std::count(sizes.begin(), sizes.end(), -1), none = std::count(sizes.begin(), sizes.end(), 0);
  if (!l.check(open <= 1 && none == 0, "NW-P001", "shape",
               {{"param", "shape"},
                {"problem", "must hold sizes of at least 1 and at most one -1 but is " + sizesText(sizes)}},
               fix()))
    return;
  int64_t known = 1;
  for (const int64_t s : sizes)
    if (s != -1) known *= s;
  const bool fits = open == 1 ? *count % known == 0 : *count == known;
  const Shape sample(x.type().shape.begin() + 1, x.type().shape.end());
  if (!l.check(fits, "NW-S023", "shape",
               {{"from", program::text(sample)},
                {"to", sizesText(sizes)},
                {"count", grouped(*count)},
                {"places", (open == 1 ? "a multiple of " : "") + grouped(known)}},
               fix()))
    return;
  Shape shape{Dim(-1)};  // the batch
  for (const int64_t s : sizes) shape.emplace_back(s == -1 ? *count / known : s);
  l.output("y", l.op("reshape", {x.id, shape}));
}

}  // namespace

LayerSpec reshape() {
  return LayerSpec{"reshape", "Reshape", Category::Shape}
      .describe("Reads the numbers of each sample in another shape; the batch stays as it is.",
                "y = x, read row by row")
      .named("reshape")
      .alias({"view", "unflatten", "resize", "torch.reshape"})
      .param(intListParam("shape", {-1})
                 .min(-1)
                 .withDoc("Size of one sample, without the batch. One size may be -1: it takes what is left.")
                 .asMain())
      .input("x", "(N, *)")
      .output("y", "(N, *shape)")
      .lowering(lower);
}

}  // namespace netwright::layers
