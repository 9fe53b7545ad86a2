// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and softmax.
#include <cmath>
#include <numbers>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void leakyRelu(OpPrinter& p) {
  p.result("LeakyRelu", {p.tensor("self")}, {{"alpha", static_cast<float>(p.scalar("negative_slope"))}});
}

void silu(OpPrinter& p) {
  const std::string x = p.tensor("self");
  p.result("Mul", {x, p.node("Sigmoid", {x}, "sigmoid")});
}

// x (1 + f) / 2 with f = erf(x / √2), or its approximation tanh(√(2 / π) (x + 0.044715 x³)), written out before opset
// 20 brought Gelu itself.
void gelu(OpPrinter& p) {
  const std::string x = p.tensor("self");
  const bool approximate = std::get<std::string>(argument(p.op(), "approximate")) == "tanh";
  if (p.opset() >= 20) return p.result("Gelu", {x}, {{"approximate", std::string(approximate ? "tanh" : "none")}});
  std::string f;
  if (approximate) {
    const std::string cube = p.node("Mul", {p.node("Mul", {x, x}, "square"), x}, "cube");
    const std::string sum = p.node("Add", {x, p.node("Mul", {cube, p.number("share", 0.044715F)}, "bend")}, "bent");
    const double scale = std::sqrt(2 / std::numbers::pi);
    f = p.node("Tanh", {p.node("Mul", {sum, p.number("scale", static_cast<float>(scale))}, "scaled")}, "tanh");
  } else {
    const auto root = static_cast<float>(std::numbers::sqrt2);
    f = p.node("Erf", {p.node("Div", {x, p.number("root", root)}, "scaled")}, "erf");
  }
  const std::string gate = p.node("Add", {f, p.number("one", 1)}, "gate");
  p.result("Mul", {p.node("Mul", {x, gate}, "doubled"), p.number("half", 0.5F)});
}

void softmax(OpPrinter& p) { p.result("Softmax", {p.tensor("self")}, {{"axis", p.integer("dim")}}); }

Refusal refuseSoftmax(const Program&, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dtype"))) return std::nullopt;
  return "it changes the type of the numbers on the way";
}

}  // namespace

Rows activation() {
  return {{"gelu", {gelu}},
          {"leaky_relu", {leakyRelu}},
          {"relu", {[](OpPrinter& p) { p.result("Relu", {p.tensor("self")}); }}},
          {"sigmoid", {[](OpPrinter& p) { p.result("Sigmoid", {p.tensor("self")}); }}},
          {"silu", {silu}},
          {"softmax.int", {softmax, refuseSoftmax}},
          {"tanh", {[](OpPrinter& p) { p.result("Tanh", {p.tensor("self")}); }}}};
}

}  // namespace netwright::convert::onnx::rows
