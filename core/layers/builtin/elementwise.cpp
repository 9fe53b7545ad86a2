// SPDX-License-Identifier: Apache-2.0
// Mathematical functions of single values: abs, exp, sqrt, sin and so on. Any shape. PyTorch: torch.abs and so on.
#include "core/layers/lowering.h"
#include "core/layers/op_name.h"

namespace netwright::layers {
namespace {

struct Row {
  const char *title, *sentence, *formula;
  std::vector<std::string> aliases;
  void (*lower)(Lowering&);
};

template <OpName op>
void lower(Lowering& l) {
  l.output("y", l.op(op.text, {l.input("x").id}));
}
template <OpName op>
Row row(const char* title, const char* sentence, const char* formula, std::vector<std::string> aliases = {}) {
  return {title, sentence, formula, std::move(aliases), lower<op>};
}

}  // namespace

std::vector<LayerSpec> elementwise() {
  const std::vector<std::pair<const char*, Row>> rows{
      {"abs", row<"abs">("Abs", "The size of each value without its sign.", "y = |x|", {"absolute", "magnitude"})},
      {"acos",
       row<"acos">("Acos", "The angle whose cosine is x, for x from -1 to 1.", "y = arccos x", {"inverse cosine"})},
      {"acosh", row<"acosh">("Acosh", "The inverse of cosh, for x of at least 1.", "y = arcosh x")},
      {"asin", row<"asin">("Asin", "The angle whose sine is x, for x from -1 to 1.", "y = arcsin x", {"inverse sine"})},
      {"asinh", row<"asinh">("Asinh", "The inverse of sinh.", "y = arsinh x")},
      {"atan", row<"atan">("Atan", "The angle whose tangent is x.", "y = arctan x", {"inverse tangent"})},
      {"atanh", row<"atanh">("Atanh", "The inverse of tanh, for x between -1 and 1.", "y = artanh x")},
      {"ceil", row<"ceil">("Ceil", "The next whole number above. Has no gradient.", "y = ⌈x⌉", {"round up"})},
      {"cos", row<"cos">("Cos", "The cosine of an angle in radians.", "y = cos x", {"trigonometry", "wave"})},
      {"cosh", row<"cosh">("Cosh", "The hyperbolic cosine.", "y = (exp x + exp(-x)) / 2")},
      {"detach",
       row<"detach">("Detach", "Passes values on and stops gradients: what lies before is not trained through here.",
                     "y = x, dy/dx = 0", {"stop gradient", "freeze", "constant"})},
      {"digamma",
       row<"digamma">("Digamma", "The derivative of the logarithm of the gamma function.", "y = d/dx log Γ(x)")},
      {"erf", row<"erf">("Erf", "The error function.", "y = 2/√π ∫₀ˣ exp(-t²) dt", {"error function"})},
      {"erfc", row<"erfc">("Erfc", "One minus the error function, exact for large x.", "y = 1 - erf x")},
      {"erfinv", row<"erfinv">("Erfinv", "The inverse of the error function, for x between -1 and 1.", "y = erf⁻¹ x")},
      {"exp", row<"exp">("Exp", "The exponential function.", "y = eˣ", {"exponential"})},
      {"exp2", row<"exp2">("Exp2", "Two to the power of x.", "y = 2ˣ")},
      {"expm1", row<"expm1">("Expm1", "The exponential minus one, exact near zero.", "y = eˣ - 1")},
      {"floor", row<"floor">("Floor", "The next whole number below. Has no gradient.", "y = ⌊x⌋", {"round down"})},
      {"frac", row<"frac">("Frac", "What is behind the point.", "y = x - trunc x", {"fraction"})},
      {"lgamma", row<"lgamma">("Lgamma", "The logarithm of the gamma function.", "y = log |Γ(x)|")},
      {"log", row<"log">("Log", "The natural logarithm, for positive x.", "y = ln x", {"logarithm", "ln"})},
      {"log10", row<"log10">("Log10", "The logarithm to the base 10, for positive x.", "y = log₁₀ x", {"decibel"})},
      {"log1p",
       row<"log1p">("Log1p", "The logarithm of 1 + x, exact near zero.", "y = ln(1 + x)", {"log compression"})},
      {"log2", row<"log2">("Log2", "The logarithm to the base 2, for positive x.", "y = log₂ x", {"octave"})},
      {"neg", row<"neg">("Negative", "Changes the sign.", "y = -x", {"minus", "negate", "opposite"})},
      {"reciprocal", row<"reciprocal">("Reciprocal", "One divided by x.", "y = 1 / x", {"inverse"})},
      {"round",
       row<"round">("Round", "The nearest whole number, the even one of two. Has no gradient.", "y = round x")},
      {"rsqrt", row<"rsqrt">("Rsqrt", "One divided by the square root, for positive x.", "y = 1 / √x")},
      {"sign", row<"sign">("Sign", "-1, 0 or 1. Has no gradient.", "y = sgn x", {"signum"})},
      {"sin", row<"sin">("Sin", "The sine of an angle in radians.", "y = sin x", {"trigonometry", "wave"})},
      {"sinc", row<"sinc">("Sinc", "sin(πx) / πx, which is 1 at zero.", "y = sin(πx) / (πx)")},
      {"sinh", row<"sinh">("Sinh", "The hyperbolic sine.", "y = (exp x - exp(-x)) / 2")},
      {"sqrt",
       row<"sqrt">("Sqrt", "The square root, for x of at least 0; its gradient at 0 is infinite.", "y = √x", {"root"})},
      {"square", row<"square">("Square", "x times x.", "y = x²", {"power"})},
      {"tan", row<"tan">("Tan", "The tangent of an angle in radians.", "y = tan x", {"trigonometry"})},
      {"trunc",
       row<"trunc">("Trunc", "Cuts off what is behind the point. Has no gradient.", "y = trunc x", {"integer part"})}};
  std::vector<LayerSpec> list;
  for (const auto& [op, r] : rows)
    list.push_back(LayerSpec{op, r.title, Category::Function}
                       .describe(r.sentence, r.formula)
                       .torch(std::string("torch.") + op)
                       .named(op)
                       .alias(r.aliases)
                       .input("x", "any")
                       .output("y", "as x")
                       .lowering(r.lower));
  return list;
}

}  // namespace netwright::layers
