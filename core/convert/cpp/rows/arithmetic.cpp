// SPDX-License-Identifier: Apache-2.0
// Arithmetic of tensors, with NumPy's broadcasting.
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/words.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Dim;
using program::Shape;

// Neighbouring dimensions in which both sides go on, or the same one stands still, as one.
struct Loop {
  Dim size;
  bool a, b;  // whether the side has numbers of its own along it
};

std::vector<Loop> loops(const Shape& out, const Shape& a, const Shape& b) {
  std::vector<Loop> all;
  for (size_t i = 0; i < out.size(); ++i) {
    const auto own = [&](const Shape& side) {
      const size_t missing = out.size() - side.size();
      return i >= missing && (side[i - missing] != Dim(1) || out[i] == Dim(1));
    };
    if (out[i] == Dim(1)) continue;
    const Loop next{out[i], own(a), own(b)};
    if (!all.empty() && all.back().a == next.a && all.back().b == next.b)
      all.back().size = all.back().size * next.size;
    else
      all.push_back(next);
  }
  if (all.empty()) all.push_back({1, true, true});
  return all;
}

// Steps of one side: how many of its numbers lie between neighbours along each loop; 0 where it stands still.
std::string steps(const std::vector<Loop>& all, bool Loop::* own) {
  std::vector<std::string> words;
  for (size_t i = 0; i < all.size(); ++i) {
    Dim step = 1;
    for (size_t k = i + 1; k < all.size(); ++k)
      if (all[k].*own) step = step * all[k].size;
    words.push_back(all[i].*own ? text(step) : "0");
  }
  return joined(words, ", ");
}

// `formula` of the numbers a and b.
void combine(OpPrinter& p, const std::string& formula) {
  const std::vector<Loop> all = loops(p.resultShape(), p.shape("self"), p.shape("other"));
  const std::string a = p.tensor("self"), b = p.tensor("other");
  const std::string y = p.shape("self") == p.resultShape() ? p.resultOver("self") : p.resultOver("other");
  std::vector<std::string> sizes;
  for (const Loop& l : all) sizes.push_back(text(l.size));
  const std::string type = elementType(p.resultDtype());
  p.call("elementwise", fmt::format("combine<{}, {}>", type, sizes.size()),
         {a, b, y, fmt::format("[]({0} a, {0} b) {{ return {1}; }}", type, formula),
          fmt::format("{{{}}}", joined(sizes, ", ")), fmt::format("{{{}}}", steps(all, &Loop::a)),
          fmt::format("{{{}}}", steps(all, &Loop::b))});
}

void add(OpPrinter& p) {
  const double alpha = p.scalar("alpha");
  const bool whole = p.resultDtype() == DType::Int64;
  if (alpha == 1) return combine(p, "a + b");
  combine(p, fmt::format("a + {} * b", whole ? std::to_string(p.integer("alpha")) : realF(alpha)));
}

void multiply(OpPrinter& p) { combine(p, "a * b"); }

}  // namespace

Rows arithmetic() { return {{"add.Tensor", {add}}, {"mul.Tensor", {multiply}}}; }

}  // namespace netwright::convert::cpp::rows
