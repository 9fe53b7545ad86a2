// SPDX-License-Identifier: Apache-2.0
// Several tensors made into one.
#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {
namespace {

void cat(OpPrinter& p) {
  const program::Shape& out = p.resultShape();
  const size_t dim = place(p.integer("dim"), out.size());
  const std::vector<program::ValueId> all = p.list("tensors");
  const std::string y = p.result();
  program::Dim start = 0;
  const program::Dim inner = program::product(out, dim + 1);
  for (size_t i = 0; i < all.size(); ++i) {
    const program::Dim length = p.shape("tensors", i)[dim] * inner;
    p.call("arrange", "place", {p.tensor(all[i]), y, count(out, 0, dim), text(length), count(out, dim), text(start)});
    start = start + length;
  }
}

}  // namespace

Rows combine() { return {{"cat", {cat}}}; }

}  // namespace netwright::convert::cpp::rows
