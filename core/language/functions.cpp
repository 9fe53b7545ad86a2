// SPDX-License-Identifier: Apache-2.0
#include "core/language/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace netwright::language {
namespace {

using Arguments = std::vector<Value>;

Outcome wants(std::string_view what, const Value& value) {
  return problem(fmt::format("{} is needed here, not {}", what, typeName(value)));
}

Outcome wholeFrom(double value) {
  if (std::isnan(value)) return problem("nan is no whole number");
  if (value >= 9223372036854775808.0 || value < -9223372036854775808.0)
    return problem(fmt::format("{} is beyond the whole numbers (at most 9223372036854775807)", value));
  return {Value(static_cast<int64_t>(value))};
}

template <double (*round)(double)>
Outcome rounded(const Arguments& a) {
  if (const auto whole = wholeOf(a[0])) return {Value(*whole)};
  const auto* value = a[0].as<double>();
  return value ? wholeFrom(round(*value)) : wants("a number", a[0]);
}
double down(double x) { return std::floor(x); }
double up(double x) { return std::ceil(x); }
double cut(double x) { return std::trunc(x); }

Outcome toInt(const Arguments& a) {
  const auto* text = a[0].as<std::string>();
  if (!text) return rounded<cut>(a);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size())
    return problem(fmt::format("{} is no whole number", shown(a[0])));
  return {Value(value)};
}

Outcome toFloat(const Arguments& a) {
  if (const auto value = realOf(a[0])) return {Value(*value)};
  const auto* text = a[0].as<std::string>();
  if (!text) return wants("a number or a text", a[0]);
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size())
    return problem(fmt::format("{} is no number", shown(a[0])));
  return {Value(value)};
}

Outcome toBool(const Arguments& a) { return {Value(truth(a[0]))}; }

Outcome absolute(const Arguments& a) {
  if (const auto whole = wholeOf(a[0])) return *whole < 0 ? unary("-", a[0]) : Outcome{Value(*whole)};
  const auto* value = a[0].as<double>();
  return value ? Outcome{Value(std::abs(*value))} : wants("a number", a[0]);
}

// Half to even, as Python; digits below 0 round before the point.
Outcome roundWhole(int64_t value, int64_t digits) {
  if (digits >= 0) return {Value(value)};
  const auto beyond = [&] { return problem(fmt::format("{}, rounded, is beyond the whole numbers", value)); };
  constexpr int64_t kHalf = 5'000'000'000'000'000'000;
  if (digits < -18) return digits == -19 && (value > kHalf || value < -kHalf) ? beyond() : Outcome{Value(int64_t{0})};
  int64_t unit = 1;
  for (; digits < 0; ++digits) unit *= 10;
  int64_t rest = value % unit;
  if (rest < 0) rest += unit;
  const bool isOdd = (value / unit - (value % unit < 0)) % 2 != 0;
  const bool rises = rest > unit - rest || (rest == unit - rest && isOdd);
  int64_t result = 0;
  if (__builtin_sub_overflow(value, rest, &result) || (rises && __builtin_add_overflow(result, unit, &result)))
    return beyond();
  return {Value(result)};
}

Outcome round(const Arguments& a) {
  const bool plain = a.size() == 1 || a[1].as<netwright::None>();
  const auto digits = plain ? std::optional<int64_t>(0) : wholeOf(a[1]);
  if (!digits) return wants("a whole number of digits", a[1]);
  if (const auto whole = wholeOf(a[0])) return roundWhole(*whole, *digits);
  const auto* value = a[0].as<double>();
  if (!value) return wants("a number", a[0]);
  if (plain) return wholeFrom(std::nearbyint(*value));
  if (!std::isfinite(*value) || *digits > 308 + 15) return {Value(*value)};
  if (*digits < -308) return {Value(std::copysign(0.0, *value))};
  if (*digits >= 0)  // printf rounds the exact value half to even, and the text is read back exactly
    return {Value(std::strtod(fmt::format("{:.{}f}", *value, *digits).c_str(), nullptr))};
  const double unit = std::pow(10.0, static_cast<double>(-*digits));
  return {Value(std::nearbyint(*value / unit) * unit)};
}

template <bool largest>
Outcome extreme(const Arguments& a) {
  const Arguments& items = a.size() == 1 && a[0].list() ? *a[0].list() : a;
  if (a.size() == 1 && !a[0].list()) return wants("a list or several numbers", a[0]);
  if (items.empty()) return problem("the list is empty, so nothing is the largest or smallest");
  const Value* best = &items[0];
  for (const Value& item : items) {
    const Outcome better = compare(largest ? ">" : "<", item, *best);
    if (!better.value) return better;
    if (truth(*better.value)) best = &item;
  }
  return {*best};
}

Outcome sum(const Arguments& a) {
  if (!a[0].list()) return wants("a list", a[0]);
  Outcome total{a.size() > 1 ? a[1] : Value(int64_t{0})};
  for (const Value& item : *a[0].list()) {
    if (!realOf(item)) return wants("a list of numbers", item);
    total = binary("+", *total.value, item);
    if (!total.value) return total;
  }
  return total;
}

Outcome length(const Arguments& a) {
  if (const auto* text = a[0].as<std::string>()) return {Value(static_cast<int64_t>(text->size()))};
  return a[0].list() ? Outcome{Value(static_cast<int64_t>(a[0].list()->size()))} : wants("a list or a text", a[0]);
}

Outcome range(const Arguments& a) {
  for (const Value& v : a)
    if (!wholeOf(v)) return wants("a whole number", v);
  const int64_t start = a.size() > 1 ? *wholeOf(a[0]) : 0, stop = *wholeOf(a[a.size() > 1]);
  const int64_t step = a.size() > 2 ? *wholeOf(a[2]) : 1;
  if (step == 0) return problem("the step of a range cannot be 0");
  std::vector<Value> items;
  for (int64_t i = start; step > 0 ? i < stop : i > stop;) {
    if (items.size() == kMaxItems) return problem(fmt::format("a range may have {} items", kMaxItems));
    items.emplace_back(i);
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return listOf(std::move(items));
}

Outcome asList(const Arguments& a) {
  return a.empty() ? listOf({}) : a[0].list() ? Outcome{a[0]} : wants("a list", a[0]);
}

Outcome enumerate(const Arguments& a) {
  if (!a[0].list()) return wants("a list", a[0]);
  std::vector<Value> pairs;
  for (const Value& item : *a[0].list()) {
    Outcome pair = listOf({Value(static_cast<int64_t>(pairs.size())), item});
    if (!pair.value) return pair;
    pairs.push_back(std::move(*pair.value));
  }
  return listOf(std::move(pairs));
}

Outcome zip(const Arguments& a) {
  size_t count = kMaxItems;
  for (const Value& v : a) {
    if (!v.list()) return wants("a list", v);
    count = std::min(count, v.list()->size());
  }
  std::vector<Value> rows;
  for (size_t i = 0; i < count; ++i) {
    std::vector<Value> row;
    for (const Value& v : a) row.push_back((*v.list())[i]);
    Outcome made = listOf(std::move(row));
    if (!made.value) return made;
    rows.push_back(std::move(*made.value));
  }
  return listOf(std::move(rows));
}

Outcome reversed(const Arguments& a) {
  if (!a[0].list()) return wants("a list", a[0]);
  return listOf({a[0].list()->rbegin(), a[0].list()->rend()});
}

// Functions of real numbers that are defined above `least` (with it, if `closed`).
Outcome real(const Value& value, double least, bool closed, double (*function)(double)) {
  const auto x = realOf(value);
  if (!x) return wants("a number", value);
  if (*x < least || (!closed && *x == least))
    return problem(
        fmt::format("{} is too small: this is defined {} {}", shown(value), closed ? "from" : "above", least));
  const double result = function(*x);
  if (std::isinf(result) && std::isfinite(*x))
    return problem(fmt::format("of {} this is beyond the numbers (at most 1.8e308)", shown(value)));
  return {Value(result)};
}
Outcome squareRoot(const Arguments& a) {
  return real(a[0], 0, true, [](double x) { return std::sqrt(x); });
}
Outcome exponential(const Arguments& a) {
  return real(a[0], -HUGE_VAL, true, [](double x) { return std::exp(x); });
}
Outcome log2(const Arguments& a) {
  return real(a[0], 0, false, [](double x) { return std::log2(x); });
}
Outcome log10(const Arguments& a) {
  return real(a[0], 0, false, [](double x) { return std::log10(x); });
}
Outcome log(const Arguments& a) {
  const auto natural = [](const Value& v) { return real(v, 0, false, [](double x) { return std::log(x); }); };
  const Outcome value = natural(a[0]);
  if (!value.value || a.size() == 1) return value;
  const Outcome base = natural(a[1]);
  return base.value ? binary("/", *value.value, *base.value) : base;
}

}  // namespace

const std::vector<Function>& functions() {
  static const std::vector<Function> kFunctions{
      {"abs", "abs(number)", "Without its sign.", 1, 1, absolute},
      {"bool", "bool(value)", "False for 0, None and what is empty, else True.", 1, 1, toBool},
      {"ceil", "ceil(number)", "The next whole number above.", 1, 1, rounded<up>},
      {"enumerate", "enumerate(list)", "Pairs of index and item.", 1, 1, enumerate},
      {"exp", "exp(number)", "e to this power.", 1, 1, exponential},
      {"float", "float(value)", "As a number with a point.", 1, 1, toFloat},
      {"floor", "floor(number)", "The next whole number below.", 1, 1, rounded<down>},
      {"int", "int(value)", "As a whole number; what follows the point is dropped.", 1, 1, toInt},
      {"len", "len(list)", "The number of items.", 1, 1, length},
      {"list", "list(list)", "The same list.", 0, 1, asList},
      {"log", "log(number, base=e)", "The logarithm.", 1, 2, log},
      {"log10", "log10(number)", "The logarithm to base 10.", 1, 1, log10},
      {"log2", "log2(number)", "The logarithm to base 2.", 1, 1, log2},
      {"max", "max(a, b, ...)", "The largest, of several or of a list.", 1, 1000, extreme<true>},
      {"min", "min(a, b, ...)", "The smallest, of several or of a list.", 1, 1000, extreme<false>},
      {"range", "range(start, stop, step)", "Whole numbers from start (0) up to, without, stop.", 1, 3, range},
      {"reversed", "reversed(list)", "From the end to the start.", 1, 1, reversed},
      {"round", "round(number, digits)",
       "The nearest whole number, or with so many digits; a half goes to the even one.", 1, 2, round},
      {"sqrt", "sqrt(number)", "The square root.", 1, 1, squareRoot},
      {"sum", "sum(list, start=0)", "Of all items.", 1, 2, sum},
      {"tuple", "tuple(list)", "The same list.", 0, 1, asList},
      {"zip", "zip(a, b, ...)", "The first items of all, the second ones, ...", 1, 1000, zip}};
  return kFunctions;
}

const Function* findFunction(std::string_view name) {
  const bool prefixed = name.starts_with("math.");
  if (prefixed) name.remove_prefix(5);
  static constexpr std::string_view kMath[]{"ceil", "exp", "floor", "log", "log10", "log2", "sqrt"};
  if (prefixed && std::find(std::begin(kMath), std::end(kMath), name) == std::end(kMath)) return nullptr;
  for (const Function& f : functions())
    if (f.name == name) return &f;
  return nullptr;
}

std::optional<double> findConstant(std::string_view name) {
  if (name == "math.pi") return std::numbers::pi;
  if (name == "math.e") return std::numbers::e;
  if (name == "math.inf") return HUGE_VAL;
  if (name == "math.nan") return std::nan("");
  return std::nullopt;
}

}  // namespace netwright::language
