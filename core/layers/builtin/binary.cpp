// SPDX-License-Identifier: Apache-2.0
// Arithmetic and comparison of two tensors with broadcasting, or of a tensor and the number `other` where b has no
// wire: subtract, divide, power, maximum, less and so on. a any shape, b broadcastable -> y of the common shape;
// comparisons give bool. PyTorch: torch.sub, torch.lt and so on.
#include "core/layers/lowering.h"
#include "core/layers/op_name.h"

namespace netwright::layers {
namespace {

// The number as it was written: 2 keeps whole numbers whole, 2.0 does not.
Argument numberOf(const Lowering& l, const char* param) {
  const Attribute& value = l.node().params.at(param);
  if (const auto* whole = std::get_if<int64_t>(&value)) return Dim(*whole);
  return std::get<double>(value);
}

// The other operand where a number takes its place: it has the type of a.
Value second(Lowering& l) {
  if (l.has("b")) return l.input("b");
  return l.op("full_like", {l.input("a").id, numberOf(l, "other")});
}

template <OpName tensors>
void withTensor(Lowering& l) {
  l.output("y", l.op(tensors.text, {l.input("a").id, second(l).id}));
}
template <OpName tensors, OpName number>
void withEither(Lowering& l) {
  if (l.has("b")) return l.output("y", l.op(tensors.text, {l.input("a").id, l.input("b").id}));
  l.output("y", l.op(number.text, {l.input("a").id, numberOf(l, "other")}));
}
template <OpName op>
void ofBoth(Lowering& l) {
  l.output("y", l.op(op.text, {l.input("a").id, l.input("b").id}));
}
void floorDivide(Lowering& l) {
  l.output("y", l.op("div.Tensor_mode", {l.input("a").id, second(l).id, std::string("floor")}));
}

LayerSpec layer(Category category, const char* id, const char* title, const char* torch, const char* sentence,
                const char* formula, std::vector<std::string> aliases) {
  return LayerSpec{id, title, category}
      .describe(sentence, formula)
      .torch(std::string("torch.") + torch)
      .named(id)
      .alias(std::move(aliases));
}
// b by wire or by number.
LayerSpec open(LayerSpec layer, double other, void (*lowering)(Lowering&)) {
  return layer.param(floatParam("other", other).withDoc("The number that counts where b has no wire.").asMain())
      .input("a", "any")
      .optionalInput("b", "as a, or broadcastable")
      .output("y", layer.category == Category::Comparison ? "bool, broadcast of a and b" : "broadcast of a and b")
      .lowering(lowering);
}
LayerSpec closed(LayerSpec layer, void (*lowering)(Lowering&)) {
  return layer.input("a", "any")
      .input("b", "as a, or broadcastable")
      .output("y", "broadcast of a and b")
      .lowering(lowering);
}
template <OpName op>
LayerSpec ofOne(const char* title, const char* sentence, const char* formula) {
  return layer(Category::Comparison, op.text, title, op.text, sentence, formula, {"condition"})
      .input("x", "any")
      .output("y", "bool, as x")
      .lowering([](Lowering& l) { l.output("y", l.op(op.text, {l.input("x").id})); });
}

}  // namespace

std::vector<LayerSpec> binary() {
  constexpr Category kMath = Category::Arithmetic, kYesNo = Category::Comparison;
  return {
      open(layer(kMath, "subtract", "Subtract", "sub", "Takes one tensor, or a number, from another.", "y = a - b",
                 {"minus", "difference", "sub"}),
           1, withEither<"sub.Tensor", "sub.Scalar">),
      open(layer(kMath, "divide", "Divide", "div", "Divides by a tensor or a number.", "y = a / b",
                 {"quotient", "ratio", "div"}),
           2, withEither<"div.Tensor", "div.Scalar">),
      open(layer(kMath, "power", "Power", "pow", "Raises to the power of a tensor or a number.", "y = aᵇ",
                 {"exponent", "pow", "square"}),
           2, withEither<"pow.Tensor_Tensor", "pow.Tensor_Scalar">),
      open(layer(kMath, "add_number", "Add number", "add", "Adds a number, or a tensor.", "y = a + b",
                 {"plus", "offset", "shift"}),
           1, withEither<"add.Tensor", "add.Scalar">),
      open(layer(kMath, "scale", "Scale", "mul", "Multiplies by a number, or a tensor.", "y = a · b",
                 {"times", "factor", "rescale", "gain"}),
           2, withEither<"mul.Tensor", "mul.Scalar">),
      open(layer(kMath, "maximum", "Maximum", "maximum", "The larger of two values.", "y = max(a, b)", {"larger"}), 0,
           withTensor<"maximum">),
      open(layer(kMath, "minimum", "Minimum", "minimum", "The smaller of two values.", "y = min(a, b)", {"smaller"}), 0,
           withTensor<"minimum">),
      open(layer(kMath, "remainder", "Remainder", "remainder",
                 "What is left of a division, with the sign of the divisor.", "y = a - b ⌊a / b⌋", {"modulo", "mod"}),
           1, withTensor<"remainder.Tensor">),
      open(layer(kMath, "fmod", "Fmod", "fmod", "What is left of a division, with the sign of a.",
                 "y = a - b trunc(a / b)", {"modulo"}),
           1, withTensor<"fmod.Tensor">),
      open(layer(kMath, "floor_divide", "Floor divide", "floor_divide",
                 "How many times b fits into a: a whole number. Has no gradient.", "y = ⌊a / b⌋", {"integer division"}),
           2, floorDivide),
      closed(layer(kMath, "atan2", "Atan2", "atan2", "The angle of the point (b, a), in all four quadrants.",
                   "y = atan2(a, b)", {"angle", "direction"}),
             ofBoth<"atan2">),
      closed(layer(kMath, "hypot", "Hypot", "hypot", "The length of the vector (a, b).", "y = √(a² + b²)",
                   {"length", "euclidean"}),
             ofBoth<"hypot">),
      closed(layer(kMath, "logaddexp", "Logaddexp", "logaddexp",
                   "The logarithm of the sum of two exponentials, without overflow.", "y = log(eᵃ + eᵇ)", {"log sum"}),
             ofBoth<"logaddexp">),
      closed(layer(kMath, "xlogy", "Xlogy", "xlogy", "a times the logarithm of b, and 0 where a is 0.", "y = a · log b",
                   {"entropy"}),
             ofBoth<"xlogy.Tensor">),
      open(layer(kYesNo, "equal", "Equal", "eq", "True where two values are equal.", "y = (a = b)", {"same", "eq"}), 0,
           withEither<"eq.Tensor", "eq.Scalar">),
      open(layer(kYesNo, "not_equal", "Not equal", "ne", "True where two values differ.", "y = (a ≠ b)",
                 {"different", "ne"}),
           0, withEither<"ne.Tensor", "ne.Scalar">),
      open(layer(kYesNo, "less", "Less", "lt", "True where a is less than b.", "y = (a < b)", {"smaller", "lt"}), 0,
           withEither<"lt.Tensor", "lt.Scalar">),
      open(layer(kYesNo, "less_equal", "Less or equal", "le", "True where a is at most b.", "y = (a ≤ b)",
                 {"at most", "le"}),
           0, withEither<"le.Tensor", "le.Scalar">),
      open(layer(kYesNo, "greater", "Greater", "gt", "True where a is more than b.", "y = (a > b)",
                 {"larger", "gt", "threshold"}),
           0, withEither<"gt.Tensor", "gt.Scalar">),
      open(layer(kYesNo, "greater_equal", "Greater or equal", "ge", "True where a is at least b.", "y = (a ≥ b)",
                 {"at least", "ge"}),
           0, withEither<"ge.Tensor", "ge.Scalar">),
      closed(layer(kYesNo, "logical_and", "And", "logical_and", "True where both are true, or not zero.", "y = a ∧ b",
                   {"condition"}),
             ofBoth<"logical_and">),
      closed(layer(kYesNo, "logical_or", "Or", "logical_or", "True where at least one is true, or not zero.",
                   "y = a ∨ b", {"condition"}),
             ofBoth<"logical_or">),
      closed(layer(kYesNo, "logical_xor", "Xor", "logical_xor", "True where exactly one is true, or not zero.",
                   "y = a ⊻ b", {"condition"}),
             ofBoth<"logical_xor">),
      ofOne<"logical_not">("Not", "True where a value is false, or zero.", "y = ¬x"),
      ofOne<"isnan">("Is nan", "True where a value is not a number.", "y = (x is nan)"),
      ofOne<"isinf">("Is infinite", "True where a value is infinite.", "y = (|x| = ∞)"),
      ofOne<"isfinite">("Is finite", "True where a value is neither infinite nor nan.", "y = (|x| < ∞)")};
}

}  // namespace netwright::layers
