// SPDX-License-Identifier: Apache-2.0
// Ports of a block, drawn in its body: what comes in and what goes out. y = x, any shape. The node's name is the
// port's.
#include <algorithm>
#include <utility>

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

// With each_step the steps of a sequence become samples of the batch, (N, T, *) -> (N T, *), and samples steps again.
void lowerInput(Lowering& l) {
  Value x = l.input("x");
  if (l.get<bool>("each_step")) {
    if (!l.requireRank(x, 2, 64, "(N, T, *)")) return;
    x = l.op("flatten.using_ints", {x.id, Dim(0), Dim(1)});
  }
  checkForm(l, x);
  l.output("y", x);
}

void lowerOutput(Lowering& l) {
  const Value x = l.input("x");
  checkForm(l, x);
  if (!l.get<bool>("each_step")) return l.output("y", x);
  const Value like = l.input("like");
  if (!l.requireRank(like, 2, 64, "(N, T, *)")) return;
  l.output("y", l.op("unflatten.int", {x.id, Dim(0), Shape{like.dim(0), like.dim(1)}}));
}

ParamSpec eachStepParam(const char* words) { return boolParam("each_step", false).withDoc(words); }

PortSpec likePort() { return {"like", "(N, T, *)", false, "each_step"}; }

ParamSpec formParam() {
  return textParam("form", "")
      .withDoc("Shape in words, (N, C, H, W): shown at the port; a value of another rank is refused. Empty: any.");
}

}  // namespace

std::vector<LayerSpec> blockPort() {
  LayerSpec output =
      LayerSpec{graph::kBlockOutput, "Block output", Category::InputOutput}
          .describe("A port where a value leaves a block; its name is the port's.", "y = x")
          .named("y")
          .alias({"port", "return"})
          .param(formParam())
          .param(eachStepParam("Takes the steps of `like` out of the batch again: (N T, *) leaves as (N, T, *)."))
          .input("x", "any")
          .output("y", "as x")
          .lowering(lowerOutput);
  output.inputs.push_back(likePort());
  return {LayerSpec{graph::kBlockInput, "Block input", Category::InputOutput}
              .describe("A port where a value enters a block; its name is the port's.", "y = x")
              .named("x")
              .alias({"port", "argument"})
              .param(formParam())
              .param(boolParam("optional", false).withDoc("The port may stay without a wire."))
              .param(eachStepParam("The block runs at every step of a sequence: (N, T, *) enters as (N T, *)."))
              .input("x", "any")
              .output("y", "as x")
              .lowering(lowerInput),
          std::move(output)};
}

}  // namespace netwright::layers
