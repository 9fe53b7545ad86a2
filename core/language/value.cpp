// SPDX-License-Identifier: Apache-2.0
#include "core/language/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace netwright::language {
namespace {

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max(), kSmallest = std::numeric_limits<int64_t>::min();

Outcome tooLarge(int64_t a, std::string_view op, int64_t b) {
  return problem(fmt::format("{} {} {} is beyond the whole numbers (at most {}); use a number with a point, as in {}.0",
                             a, op, b, kLargest, a));
}
Outcome byZero(std::string_view op) {
  return problem(fmt::format("the number right of '{}' is 0; nothing can be divided by it", op));
}

int64_t floorQuotient(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }
int64_t floorRemainder(int64_t a, int64_t b) { return a % b + ((a % b != 0) && ((a < 0) != (b < 0)) ? b : 0); }

Outcome wholePower(int64_t base, int64_t exponent) {
  int64_t result = 1;
  for (int64_t square = base, rest = exponent; rest > 0; rest /= 2) {
    if (rest % 2 == 1 && __builtin_mul_overflow(result, square, &result)) return tooLarge(base, "**", exponent);
    if (rest > 1 && __builtin_mul_overflow(square, square, &square)) return tooLarge(base, "**", exponent);
  }
  return {Value(result)};
}

Outcome realPower(double a, double b) {
  if (a == 0 && b < 0) return problem("0 cannot be raised to a negative power");
  if (a < 0 && std::isfinite(b) && std::isfinite(a) && b != std::floor(b))
    return problem(fmt::format("{} ** {} is a complex number, which nothing here computes with", a, b));
  const double result = std::pow(a, b);
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
    return problem(fmt::format("{} ** {} is beyond the numbers (at most 1.8e308)", a, b));
  return {Value(result)};
}

Outcome shifted(std::string_view op, int64_t a, int64_t b) {
  if (b < 0) return problem(fmt::format("a shift by {} is not possible; it must be 0 or more", b));
  if (op == ">>") return {Value(a >> std::min<int64_t>(b, 63))};
  int64_t result = a;
  if (a != 0 && (b > 62 || __builtin_mul_overflow(a, int64_t{1} << b, &result))) return tooLarge(a, op, b);
  return {Value(result)};
}

Outcome wholeBinary(std::string_view op, int64_t a, int64_t b) {
  int64_t result = 0;
  if (op == "+") return __builtin_add_overflow(a, b, &result) ? tooLarge(a, op, b) : Outcome{Value(result)};
  if (op == "-") return __builtin_sub_overflow(a, b, &result) ? tooLarge(a, op, b) : Outcome{Value(result)};
  if (op == "*") return __builtin_mul_overflow(a, b, &result) ? tooLarge(a, op, b) : Outcome{Value(result)};
  if (op == "**") return b >= 0 ? wholePower(a, b) : realPower(static_cast<double>(a), static_cast<double>(b));
  if (op == "/" || op == "//" || op == "%") {
    if (b == 0) return byZero(op);
    if (op == "/") return {Value(static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b)))};
    if (op == "%") return {Value(b == -1 ? int64_t{0} : floorRemainder(a, b))};
    return a == kSmallest && b == -1 ? tooLarge(a, op, b) : Outcome{Value(floorQuotient(a, b))};
  }
  if (op == "&") return {Value(a & b)};
  if (op == "|") return {Value(a | b)};
  if (op == "^") return {Value(a ^ b)};
  return shifted(op, a, b);
}

struct Division {
  double quotient, remainder;
};
Division floorDivision(double a, double b) {  // as Python's float_divmod, which rounds in this order
  double remainder = std::fmod(a, b), quotient = (a - remainder) / b;
  if (remainder == 0) {
    remainder = std::copysign(0.0, b);
  } else if ((remainder < 0) != (b < 0)) {
    remainder += b;
    quotient -= 1;
  }
  if (quotient == 0) return {std::copysign(0.0, a / b), remainder};
  const double down = std::floor(quotient);
  return {quotient - down > 0.5 ? down + 1 : down, remainder};
}

Outcome realBinary(std::string_view op, double a, double b) {
  if (op == "+") return {Value(a + b)};
  if (op == "-") return {Value(a - b)};
  if (op == "*") return {Value(a * b)};
  if (op == "**") return realPower(a, b);
  if (b == 0) return byZero(op);
  if (op == "/") return {Value(a / b)};
  const Division division = floorDivision(a, b);
  return {Value(op == "//" ? division.quotient : division.remainder)};
}

Outcome repeated(const Value& object, int64_t times) {
  const auto* text = object.as<std::string>();
  const size_t count = times < 0 ? 0 : static_cast<size_t>(times), length = text ? text->size() : object.list()->size();
  if (length != 0 && count > kMaxItems / length)
    return problem(
        fmt::format("{} items, {} times, are more than the {} that one value may have", length, times, kMaxItems));
  if (text) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += *text;
    return {Value(std::move(all))};
  }
  std::vector<Value> all;
  for (size_t i = 0; i < (length == 0 ? 0 : count); ++i)
    all.insert(all.end(), object.list()->begin(), object.list()->end());
  return listOf(std::move(all));
}

// Order of a whole number and a real one, exactly: neither is rounded to the other.
int order(int64_t a, double b) {
  if (b >= 9223372036854775808.0) return -1;
  if (b < -9223372036854775808.0) return 1;
  const auto whole = static_cast<int64_t>(std::floor(b));
  if (a != whole) return a < whole ? -1 : 1;
  return b > std::floor(b) ? -1 : 0;
}

// -1, 0, 1; 2: neither (NaN); nullopt: have no order.
std::optional<int> order(const Value& a, const Value& b) {
  if (const auto i = wholeOf(a), j = wholeOf(b); i && j) return *i < *j ? -1 : *i > *j;
  const auto x = realOf(a), y = realOf(b);
  if (x && y) {
    if (std::isnan(*x) || std::isnan(*y)) return 2;
    if (const auto i = wholeOf(a)) return order(*i, *y);
    if (const auto j = wholeOf(b)) return -order(*j, *x);
    return *x < *y ? -1 : *x > *y;
  }
  if (const auto *s = a.as<std::string>(), *t = b.as<std::string>(); s && t) return *s < *t ? -1 : *s > *t;
  if (const auto *s = a.list(), *t = b.list(); s && t) {
    for (size_t i = 0; i < std::min(s->size(), t->size()); ++i)
      if (!equal((*s)[i], (*t)[i])) return order((*s)[i], (*t)[i]);
    return s->size() < t->size() ? -1 : s->size() > t->size();
  }
  return std::nullopt;
}

Outcome contained(const Value& item, const Value& object) {
  if (const auto* list = object.list())
    return {Value(std::any_of(list->begin(), list->end(), [&](const Value& v) { return equal(v, item); }))};
  const auto *text = object.as<std::string>(), *part = item.as<std::string>();
  if (text && part) return {Value(text->find(*part) != text->npos)};
  return problem(fmt::format("'in' looks into lists and texts, not into {}", typeName(object)));
}

}  // namespace

Outcome problem(std::string why) { return {std::nullopt, std::move(why)}; }

Outcome listOf(std::vector<Value> values) {
  auto items = std::make_shared<Items>();
  for (const Value& v : values)
    if (const auto* inner = v.as<std::shared_ptr<const Items>>()) {
      items->size += (*inner)->size;
      items->depth = std::max(items->depth, (*inner)->depth + 1);
    } else {
      items->size += 1;
    }
  if (items->size > kMaxItems + 1)
    return problem(fmt::format("a list of {} items is more than the {} that one may have", items->size - 1, kMaxItems));
  if (items->depth > 64) return problem("lists are more than 64 levels deep; use fewer");
  items->values = std::move(values);
  return {Value(std::shared_ptr<const Items>(std::move(items)))};
}

Value valueOf(const Attribute& attribute) {
  if (const auto* v = std::get_if<bool>(&attribute)) return *v;
  if (const auto* v = std::get_if<int64_t>(&attribute)) return *v;
  if (const auto* v = std::get_if<double>(&attribute)) return *v;
  if (const auto* v = std::get_if<std::string>(&attribute)) return *v;
  if (std::holds_alternative<Auto>(attribute)) return std::string("auto");
  const auto list = [](const auto& numbers) {
    auto items = std::make_shared<Items>();
    items->values.assign(numbers.begin(), numbers.end());
    items->size += numbers.size();
    return Value(std::shared_ptr<const Items>(std::move(items)));
  };
  if (const auto* v = std::get_if<std::vector<int64_t>>(&attribute)) return list(*v);
  if (const auto* v = std::get_if<std::vector<double>>(&attribute)) return list(*v);
  return netwright::None{};
}

std::variant<Attribute, std::string> attributeOf(const Value& value) {
  if (const auto* v = value.as<bool>()) return Attribute(*v);
  if (const auto* v = value.as<int64_t>()) return Attribute(*v);
  if (const auto* v = value.as<double>()) return Attribute(*v);
  if (const auto* v = value.as<std::string>()) return *v == "auto" ? Attribute(Auto{}) : Attribute(*v);
  if (value.as<netwright::None>()) return Attribute(netwright::None{});
  const auto* list = value.list();
  if (!list) return fmt::format("{} cannot be a parameter's value", typeName(value));
  std::vector<int64_t> whole;
  std::vector<double> real;
  for (const Value& item : *list) {
    if (!item.as<int64_t>() && !item.as<double>())
      return fmt::format("a list holds numbers only, but one of its items is {}", typeName(item));
    if (const auto* i = item.as<int64_t>()) whole.push_back(*i);
    real.push_back(*realOf(item));
  }
  if (whole.size() == real.size()) return Attribute(std::move(whole));
  return Attribute(std::move(real));
}

bool truth(const Value& value) {
  if (const auto x = realOf(value)) return *x != 0;
  if (const auto* v = value.as<std::string>()) return !v->empty();
  if (const auto* v = value.list()) return !v->empty();
  return value.as<Thing>() != nullptr;
}

bool equal(const Value& a, const Value& b) {
  if (realOf(a) && realOf(b)) return *order(a, b) == 0;
  const auto *s = a.list(), *t = b.list();
  if (s && t) return std::equal(s->begin(), s->end(), t->begin(), t->end(), equal);
  if (a.index() != b.index()) return false;
  if (const auto* v = a.as<std::string>()) return *v == *b.as<std::string>();
  if (const auto* v = a.as<Thing>()) return *v == *b.as<Thing>();
  return true;  // None
}

size_t sizeOf(const Value& value) {
  if (const auto* items = value.as<std::shared_ptr<const Items>>()) return (*items)->size;
  const auto* text = value.as<std::string>();
  return text ? text->size() / 16 + 1 : 1;
}

std::string typeName(const Value& value) {
  if (value.as<bool>()) return "True or False";
  if (value.as<int64_t>()) return "a whole number";
  if (value.as<double>()) return "a number with a point";
  if (value.as<std::string>()) return "a text";
  if (value.list()) return "a list";
  return value.as<Thing>() ? "a tensor" : "None";
}

std::string shown(const Value& value) {
  if (const auto* v = value.as<bool>()) return *v ? "True" : "False";
  if (const auto* v = value.as<int64_t>()) return std::to_string(*v);
  if (const auto* v = value.as<double>())
    return *v == std::floor(*v) && std::abs(*v) < 1e16 ? fmt::format("{:.1f}", *v) : fmt::format("{}", *v);
  if (const auto* v = value.as<std::string>())
    return v->size() > 40 ? fmt::format("\"{}…\"", v->substr(0, 40)) : fmt::format("\"{}\"", *v);
  const auto* list = value.list();
  if (!list) return value.as<Thing>() ? "a tensor" : "None";
  std::string text = "(";
  for (size_t i = 0; i < list->size(); ++i) {
    if (text.size() > 60) return text + ", …)";
    text += (i == 0 ? "" : ", ") + shown((*list)[i]);
  }
  return text + (list->size() == 1 ? ",)" : ")");
}

std::optional<int64_t> wholeOf(const Value& value) {
  if (const auto* v = value.as<bool>()) return *v ? 1 : 0;
  if (const auto* v = value.as<int64_t>()) return *v;
  return std::nullopt;
}

std::optional<double> realOf(const Value& value) {
  if (const auto v = wholeOf(value)) return static_cast<double>(*v);
  if (const auto* v = value.as<double>()) return *v;
  return std::nullopt;
}

Outcome unary(std::string_view op, const Value& operand) {
  if (op == "not") return {Value(!truth(operand))};
  if (const auto whole = wholeOf(operand)) {
    if (op == "+") return {Value(*whole)};
    if (op == "~") return {Value(~*whole)};
    return *whole == kSmallest ? tooLarge(0, "-", *whole) : Outcome{Value(-*whole)};
  }
  if (const auto* real = operand.as<double>(); real && op != "~") return {Value(op == "-" ? -*real : *real)};
  return problem(fmt::format("'{}' does not go with {}", op, typeName(operand)));
}

Outcome binary(std::string_view op, const Value& left, const Value& right) {
  const auto a = wholeOf(left), b = wholeOf(right);
  if (a && b) {
    if (left.as<bool>() && right.as<bool>() && (op == "&" || op == "|" || op == "^"))
      return {Value(wholeOf(*wholeBinary(op, *a, *b).value) == 1)};
    return wholeBinary(op, *a, *b);
  }
  const bool bits = op == "&" || op == "|" || op == "^" || op == "<<" || op == ">>" || op == "@";
  if (const auto x = realOf(left), y = realOf(right); x && y && !bits) return realBinary(op, *x, *y);
  const auto *s = left.as<std::string>(), *t = right.as<std::string>();
  if (op == "+" && s && t) {
    if (s->size() + t->size() > kMaxItems) return problem(fmt::format("a text may have {} bytes", kMaxItems));
    return {Value(*s + *t)};
  }
  if (op == "+" && left.list() && right.list()) {
    std::vector<Value> all = *left.list();
    all.insert(all.end(), right.list()->begin(), right.list()->end());
    return listOf(std::move(all));
  }
  if (op == "*" && (s || left.list()) && b) return repeated(left, *b);
  if (op == "*" && (t || right.list()) && a) return repeated(right, *a);
  return problem(fmt::format("'{}' does not go with {} and {}", op, typeName(left), typeName(right)));
}

Outcome compare(std::string_view op, const Value& left, const Value& right) {
  if (op == "==") return {Value(equal(left, right))};
  if (op == "!=") return {Value(!equal(left, right))};
  if (op == "is" || op == "is not") {
    const bool same = left.index() == right.index() && equal(left, right);
    if (!left.as<netwright::None>() && !right.as<netwright::None>() && !left.as<bool>() && !right.as<bool>())
      return problem(fmt::format("'{}' is for None, True and False; compare with {}", op, op == "is" ? "==" : "!="));
    return {Value(same == (op == "is"))};
  }
  if (op == "in" || op == "not in") {
    Outcome inside = contained(left, right);
    if (inside.value && op == "not in") return {Value(!truth(*inside.value))};
    return inside;
  }
  const std::optional<int> sign = order(left, right);
  if (!sign)
    return problem(fmt::format("{} and {} have no order; '{}' compares numbers, texts or lists", typeName(left),
                               typeName(right), op));
  if (*sign == 2) return {Value(false)};
  if (op == "<") return {Value(*sign < 0)};
  if (op == "<=") return {Value(*sign <= 0)};
  return {Value(op == ">" ? *sign > 0 : *sign >= 0)};
}

Outcome itemAt(const Value& object, int64_t index) {
  const auto* text = object.as<std::string>();
  if (!text && !object.list())
    return problem(fmt::format("{} has no items; only lists and texts do", typeName(object)));
  const auto count = static_cast<int64_t>(text ? text->size() : object.list()->size());
  if (index >= count || index < -count)
    return problem(count == 0 ? fmt::format("there is no item {}, the list is empty", index)
                              : fmt::format("there is no item {}; it may be 0 to {}, or -1 to {} from the end", index,
                                            count - 1, -count));
  const auto at = static_cast<size_t>(index < 0 ? index + count : index);
  if (text) return {Value(std::string(1, (*text)[at]))};
  return {(*object.list())[at]};
}

Outcome slice(const Value& object, const Range& range) {
  const auto* text = object.as<std::string>();
  if (!text && !object.list())
    return problem(fmt::format("{} has no items; only lists and texts do", typeName(object)));
  const auto count = static_cast<int64_t>(text ? text->size() : object.list()->size());
  const int64_t step = std::clamp<int64_t>(range.step.value_or(1), -count - 1, count + 1);
  if (step == 0) return problem("the step of a slice cannot be 0");
  const auto bounded = [&](std::optional<int64_t> at, int64_t otherwise) {
    if (!at) return otherwise;
    const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? count : count - 1;
    return std::clamp(*at < 0 ? std::max(*at, -count - 1) + count : *at, low, high);
  };
  const int64_t start = bounded(range.start, step > 0 ? 0 : count - 1),
                stop = bounded(range.stop, step > 0 ? count : -1);
  std::string letters;
  std::vector<Value> items;
  for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
    text ? void(letters += (*text)[static_cast<size_t>(i)]) : items.push_back((*object.list())[static_cast<size_t>(i)]);
  return text ? Outcome{Value(std::move(letters))} : listOf(std::move(items));
}

}  // namespace netwright::language
