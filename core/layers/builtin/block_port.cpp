// SPDX-License-Identifier: Apache-2.0
// Ports of a block, drawn in its body: what comes in and what goes out. y = x, any shape. The node's name is the
// port's.
#include <algorithm>

#include "core/graph/document.h"
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

// "(N, C, H, W)" tells the rank; with "*" or nothing any will do.
void checkForm(Lowering& l, const Value& x) {
  const auto form = l.get<std::string>("form");
  if (form.empty() || form.front() != '(' || form.find('*') != std::string::npos) return;
  const size_t rank = form == "()" ? 0 : static_cast<size_t>(std::count(form.begin(), form.end(), ',')) + 1;
  l.requireRank(x, rank, rank, form.c_str());
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  checkForm(l, x);
  l.output("y", x);
}

ParamSpec formParam() {
  return textParam("form", "")
      .withDoc("Shape in words, (N, C, H, W): shown at the port; a value of another rank is refused. Empty: any.");
}

}  // namespace

std::vector<LayerSpec> blockPort() {
  return {LayerSpec{graph::kBlockInput, "Block input", Category::InputOutput}
              .describe("A port where a value enters a block; its name is the port's.", "y = x")
              .named("x")
              .alias({"port", "argument"})
              .param(formParam())
              .param(boolParam("optional", false).withDoc("The port may stay without a wire."))
              .input("x", "any")
              .output("y", "as x")
              .lowering(lower),
          LayerSpec{graph::kBlockOutput, "Block output", Category::InputOutput}
              .describe("A port where a value leaves a block; its name is the port's.", "y = x")
              .named("y")
              .alias({"port", "return"})
              .param(formParam())
              .input("x", "any")
              .output("y", "as x")
              .lowering(lower)};
}

}  // namespace netwright::layers
