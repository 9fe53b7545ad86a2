// SPDX-License-Identifier: Apache-2.0
// Functions of single values that serve as activations, softmax and gates.
#include <cmath>
#include <numbers>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

float real(OpPrinter& p, const char* name) { return static_cast<float>(p.scalar(name)); }

void leakyRelu(OpPrinter& p) { p.result("LeakyRelu", {p.tensor("self")}, {{"alpha", real(p, "negative_slope")}}); }

void silu(OpPrinter& p) {
  const std::string x = p.tensor("self");
  p.result("Mul", {x, p.node("Sigmoid", {x}, "sigmoid")});
}

// x (1 + f) / 2 with f = erf(x / √2), or its approximation tanh(√(2 / π) (x + 0.044715 x³)), written out before opset
// 20 brought Gelu itself.
void gelu(OpPrinter& p) {
  const std::string x = p.tensor("self");
  const bool approximate = p.text("approximate") == "tanh";
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

void elu(OpPrinter& p) { p.result("Elu", {p.tensor("self")}, {{"alpha", real(p, "alpha")}}); }

Refusal refuseElu(const Program&, const Op& op) {
  for (const char* name : {"scale", "input_scale"}) {
    const program::Argument& given = argument(op, name);
    if (given != program::Argument(program::Dim(1)) && given != program::Argument(1.0))
      return std::string("its ") + name + " has no counterpart";
  }
  return std::nullopt;
}

// α elu(x / α): ONNX's own Celu knows float32 only.
void celu(OpPrinter& p) {
  const std::string x = p.tensor("self");
  if (real(p, "alpha") == 1) return p.result("Elu", {x});
  const std::string alpha = p.number("alpha", real(p, "alpha"));
  p.result("Mul", {p.node("Elu", {p.node("Div", {x, alpha}, "scaled")}, "elu"), alpha});
}

void hardsigmoid(OpPrinter& p) { p.result("HardSigmoid", {p.tensor("self")}, {{"alpha", 1.0F / 6}, {"beta", 0.5F}}); }

void hardtanh(OpPrinter& p) {
  p.result("Clip", {p.tensor("self"), p.number("min", real(p, "min_val")), p.number("max", real(p, "max_val"))});
}

void relu6(OpPrinter& p) { p.result("Clip", {p.tensor("self"), p.number("min", 0), p.number("max", 6)}); }

// log(1 + exp(β x)) / β; above the threshold the line that it comes near to.
void softplus(OpPrinter& p) {
  constexpr double kSameAsTheLine = 18;  // there float32 sees no difference
  const double beta = p.scalar("beta"), threshold = p.scalar("threshold");
  const std::string x = p.tensor("self");
  if (beta == 1 && threshold >= kSameAsTheLine) return p.result("Softplus", {x});
  const std::string slope = p.number("beta", static_cast<float>(beta));
  const std::string scaled = p.node("Mul", {x, slope}, "scaled"), soft = p.node("Softplus", {scaled}, "softplus");
  if (threshold >= kSameAsTheLine) return p.result("Div", {soft, slope});
  const std::string above = p.node("Greater", {scaled, p.number("threshold", real(p, "threshold"))}, "above");
  p.result("Where", {above, x, p.node("Div", {soft, slope}, "divided")});
}

void mish(OpPrinter& p) {
  const std::string x = p.tensor("self");
  if (p.opset() >= 18) return p.result("Mish", {x});
  p.result("Mul", {x, p.node("Tanh", {p.node("Softplus", {x}, "softplus")}, "tanh")});
}

void logSigmoid(OpPrinter& p) {
  p.result("Neg", {p.node("Softplus", {p.node("Neg", {p.tensor("self")}, "negative")}, "softplus")});
}

void hardshrink(OpPrinter& p) { p.result("Shrink", {p.tensor("self")}, {{"bias", 0.0F}, {"lambd", real(p, "lambd")}}); }

void softshrink(OpPrinter& p) {
  p.result("Shrink", {p.tensor("self")}, {{"bias", real(p, "lambd")}, {"lambd", real(p, "lambd")}});
}

void threshold(OpPrinter& p) {
  const std::string x = p.tensor("self");
  const std::string above = p.node("Greater", {x, p.number("threshold", real(p, "threshold"))}, "above");
  p.result("Where", {above, x, p.number("value", real(p, "value"))});
}

// One slope for each channel lies along dimension 1.
void prelu(OpPrinter& p) {
  std::string slope = p.tensor("weight");
  const size_t rank = p.shape("self").size();
  if (rank > 2 && p.sizes("weight") != Ints{1}) {
    Ints shape(rank - 1, 1);
    shape[0] = -1;
    slope = p.node("Reshape", {slope, p.integers("slopes_shape", shape)}, "slopes");
  }
  p.result("PRelu", {p.tensor("self"), slope});
}

// In evaluation the mean slope.
void rrelu(OpPrinter& p) {
  p.result("LeakyRelu", {p.tensor("self")}, {{"alpha", (real(p, "lower") + real(p, "upper")) / 2}});
}

Refusal refuseRrelu(const Program&, const Op& op) {
  const program::Argument& training = argument(op, "training");
  if (isTraining(training) ? op.mode != Mode::Train : !std::get<bool>(training)) return std::nullopt;
  return "it is fixed to training and draws at random, and the file holds the network in evaluation";
}

// The first half times the sigmoid of the second.
void glu(OpPrinter& p) {
  const int64_t dim = p.integer("dim");
  const program::Shape& in = p.shape("self");
  const int64_t size = *in[static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(in.size()) : dim)].constant();
  const std::string axis = p.integers("axis", {dim});
  const auto part = [&](int64_t from, int64_t to, const std::string& suffix) {
    return p.node("Slice",
                  {p.tensor("self"), p.integers(suffix + "_from", {from}), p.integers(suffix + "_to", {to}), axis},
                  suffix);
  };
  const std::string values = part(0, size / 2, "values"), gate = part(size / 2, size, "gate");
  p.result("Mul", {values, p.node("Sigmoid", {gate}, "open")});
}

Refusal refuseGlu(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  const int64_t dim = std::get<program::Dim>(argument(op, "dim")).constant().value();
  if (in[static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(in.size()) : dim)].constant()) return std::nullopt;
  return "the size that it halves is only known at run time";
}

void softmax(OpPrinter& p) { p.result("Softmax", {p.tensor("self")}, {{"axis", p.integer("dim")}}); }

void logSoftmax(OpPrinter& p) { p.result("LogSoftmax", {p.tensor("self")}, {{"axis", p.integer("dim")}}); }

Refusal refuseSoftmax(const Program&, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dtype"))) return std::nullopt;
  return "it changes the type of the numbers on the way";
}

}  // namespace

Rows activation() {
  return {{"celu", {celu}},
          {"elu", {elu, refuseElu}},
          {"gelu", {gelu}},
          {"glu", {glu, refuseGlu}},
          {"hardshrink", {hardshrink}},
          {"hardsigmoid", {hardsigmoid}},
          {"hardswish", {[](OpPrinter& p) { p.result("HardSwish", {p.tensor("self")}); }}},
          {"hardtanh", {hardtanh}},
          {"leaky_relu", {leakyRelu}},
          {"log_sigmoid", {logSigmoid}},
          {"log_softmax.int", {logSoftmax, refuseSoftmax}},
          {"mish", {mish}},
          {"prelu", {prelu}},
          {"relu", {[](OpPrinter& p) { p.result("Relu", {p.tensor("self")}); }}},
          {"relu6", {relu6}},
          {"rrelu", {rrelu, refuseRrelu}},
          {"selu", {[](OpPrinter& p) { p.result("Selu", {p.tensor("self")}); }}},
          {"sigmoid", {[](OpPrinter& p) { p.result("Sigmoid", {p.tensor("self")}); }}},
          {"silu", {silu}},
          {"softmax.int", {softmax, refuseSoftmax}},
          {"softplus", {softplus}},
          {"softshrink", {softshrink}},
          {"tanh", {[](OpPrinter& p) { p.result("Tanh", {p.tensor("self")}); }}},
          {"threshold", {threshold}}};
}

}  // namespace netwright::convert::onnx::rows
