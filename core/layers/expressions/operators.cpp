// SPDX-License-Identifier: Apache-2.0
// Signs between tensors, numbers and sizes; indices.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/layers/expressions/compiler.h"

namespace netwright::layers::expressions {

using language::kNoNode;
using language::NodeIndex;
using language::NodeKind;
using program::Answer;

namespace {

struct Sign {
  const char* function;  // of two tensors, or of a tensor and a number
  const char* flipped;   // the same with a number on the left: "" if it must become a tensor first
};
const std::map<std::string, Sign>& signs() {
  static const std::map<std::string, Sign> kSigns{
      {"+", {"add", "add"}},     {"-", {"sub", "rsub.Scalar"}}, {"*", {"mul", "mul"}},      {"/", {"div", ""}},
      {"//", {"div", ""}},       {"%", {"remainder", ""}},      {"**", {"pow", ""}},        {"@", {"matmul", ""}},
      {"<", {"lt", "gt"}},       {"<=", {"le", "ge"}},          {">", {"gt", "lt"}},        {">=", {"ge", "le"}},
      {"==", {"eq", "eq"}},      {"!=", {"ne", "ne"}},          {"&", {"logical_and", ""}}, {"|", {"logical_or", ""}},
      {"^", {"logical_xor", ""}}};
  return kSigns;
}

}  // namespace

std::optional<language::Value> Compiler::operate(const std::string& op, const std::vector<Item>& operands,
                                                 NodeIndex at) {
  if (op == "is" || op == "is not") return Item(op == "is not");  // a Thing is never None
  const auto isSize = [&](const Item& item) {
    const Entity* entity = entityOf(item);
    return entity ? std::holds_alternative<Dim>(*entity) : item.as<int64_t>() != nullptr;
  };
  if (std::all_of(operands.begin(), operands.end(), isSize)) return sizes(op, operands, at);
  for (const Item& item : operands) {
    if (tensorOf(item) || (!entityOf(item) && language::realOf(item))) continue;
    if (const Entity* entity = entityOf(item); entity && std::holds_alternative<Dim>(*entity))
      return fail(
          at,
          fmt::format("{} is only known for each batch and cannot be a number in a computation; use mean or sum, or a "
                      "fixed size",
                      describe(item)));
    if (const Entity* entity = entityOf(item); entity && std::holds_alternative<Weight>(*entity))
      return fail(at, "a weight needs a name: set it in a line of its own, w = param(...)");
    if (op == "==" || op == "!=")
      return fail(at, fmt::format("'{}' does not compare {} and {}", op, describe(operands[0]), describe(operands[1])));
    return fail(at, operands.size() == 1 ? fmt::format("'{}' does not go with {}", op, describe(item))
                                         : fmt::format("'{}' does not go with {} and {}", op, describe(operands[0]),
                                                       describe(operands[1])));
  }
  if (operands.size() == 1) {
    if (op == "+") return operands[0];
    const bool isBool = tensorOf(operands[0])->type().dtype == DType::Bool;
    if (op == "~" && !isBool) return fail(at, "'~' is for tensors of True and False; this one holds numbers");
    return run(op == "~" ? "logical_not" : "neg", {tensorOf(operands[0])->id}, at);
  }
  const auto sign = signs().find(op);
  if (sign == signs().end()) return fail(at, fmt::format("'{}' is not known between tensors", op));
  if (op == "&" || op == "|" || op == "^")
    for (const Item& item : operands)
      if (tensorOf(item) && tensorOf(item)->type().dtype != DType::Bool)
        return fail(at,
                    fmt::format("'{}' is for tensors of True and False, such as x > 0; this one holds numbers", op));
  for (const Item& item : operands)
    if ((op == "-" || op == "**") && item.as<bool>())
      return fail(at, fmt::format("'{}' does not go with True or False and a tensor; write 1 or 0", op));
  std::vector<language::Argument> arguments{{"", operands[0], at}, {"", operands[1], at}};
  if (op == "//") arguments.push_back({"rounding_mode", Item(std::string("floor")), at});
  if (tensorOf(operands[0])) return apply(*findFunction(sign->second.function), std::move(arguments), false, at);
  const Item& number = operands[0];
  if (op == "-") {
    const Argument left =
        number.as<double>() ? Argument(*number.as<double>()) : Argument(Dim(*language::wholeOf(number)));
    return run("rsub.Scalar", {tensorOf(operands[1])->id, left}, at);
  }
  const std::string flipped = sign->second.flipped;
  if (!flipped.empty()) {
    std::swap(arguments[0].value, arguments[1].value);
    return apply(*findFunction(flipped), std::move(arguments), false, at);
  }
  if (op == "@") return fail(at, "'@' multiplies two tensors; use * for a number");
  const Value left = numberTensor(number, at);
  if (!left) return std::nullopt;
  arguments[0].value = thing(left);
  return apply(*findFunction(sign->second.function), std::move(arguments), false, at);
}

Value Compiler::numberTensor(const Item& number, NodeIndex at) {
  const bool whole = language::wholeOf(number).has_value();
  const DType dtype = number.as<bool>() ? DType::Bool : whole ? DType::Int64 : DType::DefaultFloat;
  const Argument value = whole ? Argument(Dim(*language::wholeOf(number))) : Argument(*language::realOf(number));
  const auto made = run("full", {Shape{}, value, dtype}, at);
  return made ? *tensorOf(*made) : Value{};
}

std::optional<language::Value> Compiler::sizes(const std::string& op, const std::vector<Item>& operands, NodeIndex at) {
  const auto size = [&](const Item& item) {
    return entityOf(item) ? std::get<Dim>(*entityOf(item)) : Dim(*item.as<int64_t>());
  };
  for (const Item& item : operands)
    if (const auto* number = item.as<int64_t>(); number && (*number > kMaxElements || *number < -kMaxElements))
      return fail(at, fmt::format("{} is too large for a size", *number));
  const Dim a = size(operands[0]);
  if (operands.size() == 1) {
    if (op == "+") return operands[0];
    if (op == "-") return sizeItem(Dim(0) - a);
    return fail(at, fmt::format("'{}' does not go with the size {}", op, a.text()));
  }
  const Dim b = size(operands[1]);
  if (op == "+" || op == "-" || op == "*" || op == "//" || op == "%") {
    if ((op == "//" || op == "%") && b == Dim(0))
      return fail(at, fmt::format("the number right of '{}' is 0; nothing can be divided by it", op));
    if (!charge(a.text().size() + b.text().size(), at)) return std::nullopt;
    const Dim result = op == "+"    ? a + b
                       : op == "-"  ? a - b
                       : op == "*"  ? a * b
                       : op == "//" ? floorDiv(a, b)
                                    : mod(a, b);
    if (result.text().size() > 200) return fail(at, "the formula of this size is too long; use fewer steps");
    return sizeItem(result);
  }
  if (op == "/")
    return fail(at, fmt::format("a size is only known for each batch and stays whole; divide it with //, not /"));
  const auto answer = [&](Answer yes, bool negate) -> std::optional<Item> {
    if (yes != Answer::Unknown) return Item((yes == Answer::Yes) != negate);
    return fail(at, fmt::format("whether {} {} {} is only known for each batch", a.text(), op, b.text()));
  };
  if (op == "==" || op == "!=") return answer(a.equals(b), op == "!=");
  if (op == ">=" || op == "<") return answer(a.atLeast(b), op == "<");
  if (op == "<=" || op == ">") return answer(b.atLeast(a), op == ">");
  return fail(at, fmt::format("'{}' does not go with the size {}", op, a.text()));
}

// --- indices
std::optional<language::Value> Compiler::subscript(const Item& object, NodeIndex at) {
  const Value* tensor = tensorOf(object);
  if (!tensor) return fail(at, fmt::format("{} has no items", describe(object)));
  const NodeIndex index = node(at).children[1];
  const bool several = node(index).kind == NodeKind::Tuple;
  const std::vector<NodeIndex> parts = several ? node(index).children : std::vector<NodeIndex>{index};
  size_t taken = 0;  // dimensions that the index speaks of
  size_t dots = 0;
  for (const NodeIndex p : parts) {
    dots += node(p).kind == NodeKind::Ellipsis;
    taken += node(p).kind != NodeKind::Ellipsis && node(p).kind != NodeKind::None;
  }
  const std::string shape = program::text(tensor->type().shape);
  if (dots > 1) return fail(index, "'...' may be once in an index");
  if (taken > tensor->rank())
    return fail(index, fmt::format("the index speaks of {} dimensions, but {} has {}", taken, shape, tensor->rank()));
  Value current = *tensor;
  size_t dim = 0;
  for (const NodeIndex p : parts) {
    if (node(p).kind == NodeKind::Ellipsis) {
      dim += tensor->rank() - taken;
      continue;
    }
    const auto result = part(current, dim, p, at);
    if (!result) return std::nullopt;
    current = *tensorOf(*result);
  }
  return thing(current);
}

// One part of an index, which speaks of dimension `dim`; moves it to the next.
std::optional<language::Value> Compiler::part(const Value& tensor, size_t& dim, NodeIndex index, NodeIndex at) {
  const Dim where(static_cast<int64_t>(dim));
  if (node(index).kind == NodeKind::None) {
    ++dim;
    return run("unsqueeze", {tensor.id, where}, at);
  }
  if (node(index).kind == NodeKind::Slice) {
    Argument bounds[3]{None{}, None{}, Dim(1)};
    bool whole = true;
    for (size_t i = 0; i < 3; ++i) {
      const NodeIndex child = node(index).children[i];
      if (child == kNoNode) continue;
      const auto value = evaluate(child);
      if (!value) return std::nullopt;
      if (value->as<None>()) continue;
      if (entityOf(*value))
        return fail(child, fmt::format("a bound of a slice is a fixed whole number, not {}", describe(*value)));
      const auto* number = value->as<int64_t>();
      if (!number)
        return fail(child, fmt::format("a bound of a slice is a whole number, not {}", language::typeName(*value)));
      if (i == 2 && *number < 1)
        return fail(child,
                    fmt::format("the step of a slice is at least 1, but {} is given; flip() turns around", *number));
      whole = false;
      bounds[i] = Dim(std::clamp<int64_t>(*number, -(int64_t{1} << 40), int64_t{1} << 40));
    }
    ++dim;
    if (whole) return thing(tensor);  // [:]
    return run("slice.Tensor", {tensor.id, where, bounds[0], bounds[1], bounds[2]}, at);
  }
  const auto value = evaluate(index);
  if (!value) return std::nullopt;
  if (const Value* picks = tensorOf(*value)) {
    if (picks->type().dtype == DType::Bool)
      return fail(index,
                  "a mask as index gives as many values as it happens to mark; use where(mask, x, 0) or masked_fill");
    if (picks->rank() != 1 || isFloating(picks->type().dtype))
      return fail(index, "as an index a tensor must hold whole numbers in one dimension; use gather or index_select");
    return run("index_select", {tensor.id, Dim(static_cast<int64_t>(dim++)), picks->id}, at);
  }
  const auto* number = value->as<int64_t>();
  if (!number)
    return fail(index, fmt::format("an index is a whole number, a slice, None or ..., not {}", describe(*value)));
  if (*number > (int64_t{1} << 40) || *number < -(int64_t{1} << 40))
    return fail(index, fmt::format("the index {} is too large", *number));
  return run("select.int", {tensor.id, where, Dim(*number)}, at);
}

}  // namespace netwright::layers::expressions
