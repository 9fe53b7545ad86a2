// SPDX-License-Identifier: Apache-2.0
#include "core/layers/normalized_shape.h"

#include <algorithm>

namespace netwright::layers {
namespace {

Shape wanted(Lowering& l, const Value& x) {
  const Shape given = l.isNone("normalized_shape") ? Shape{} : l.ints("normalized_shape");
  if (!given.empty()) return given;
  const auto last = x.dim(-1).constant();
  if (!l.check(last.has_value(), "NW-P001", "normalized_shape",
               {{"param", "normalized_shape"},
                {"problem", "must be fixed numbers, but the wire's size is " + x.dim(-1).text()}}))
    return {};
  l.inferredValues["normalized_shape"] = *last;
  return {Dim(*last)};
}

}  // namespace

ParamSpec normalizedShapeParam() {
  return intListParam("normalized_shape", {})
      .min(1)
      .noneByDefault()
      .withDoc("Sizes of the last dimensions that are normalised together; none: the last one, as the wire tells.");
}

Shape normalizedShape(Lowering& l, const Value& x) {
  const Shape over = wanted(l, x), &in = x.type().shape;
  if (over.empty()) return {};
  const size_t count = std::min(over.size(), in.size() - 1);  // the batch stays out
  const Shape end(in.end() - static_cast<std::ptrdiff_t>(count), in.end());
  bool same = count == over.size();
  for (size_t i = 0; same && i < count; ++i) same = over[i].equals(end[i]) != program::Answer::No;
  const bool fits = l.check(same, "NW-S022", "normalized_shape",
                            {{"expected", program::text(over)}, {"received", program::text(end)}},
                            {{"Let " + l.node().name + " take the last dimension, " + end.back().text(),
                              {SetParamStep{l.node().id, "normalized_shape", None{}}}}});
  return fits ? over : Shape{};
}

}  // namespace netwright::layers
