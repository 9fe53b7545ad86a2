// SPDX-License-Identifier: Apache-2.0
// Values while a text is evaluated, and Python's operators on them. Nothing here throws, overflows or grows without
// bound: what cannot be computed is a problem that says why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/attribute.h"

namespace netwright::language {

class Value;
struct Items {  // of a tuple or list, which are the same here; made by listOf
  std::vector<Value> values;
  size_t size = 1;  // of it and all inside
  int depth = 1;
};
struct Thing {  // what only the interpreter's host knows: a tensor, a symbolic size
  uint32_t id = 0;
  bool operator==(const Thing&) const = default;
};

class Value
    : public std::variant<netwright::None, bool, int64_t, double, std::string, std::shared_ptr<const Items>, Thing> {
 public:
  using variant::variant;
  template <class T>
  const T* as() const {
    return std::get_if<T>(this);
  }
  const std::vector<Value>* list() const {
    const auto* items = as<std::shared_ptr<const Items>>();
    return items ? &(*items)->values : nullptr;
  }
};

inline constexpr size_t kMaxItems = 100000;  // in one list with all inside it; bytes of one text

struct Outcome {
  std::optional<Value> value;
  std::string problem;  // why there is none, as a Mistake says it
};
Outcome problem(std::string why);

Outcome listOf(std::vector<Value> values);
Value valueOf(const Attribute& attribute);  // Auto is the text "auto", as in JSON
// Problem: lists of anything but numbers, things.
std::variant<Attribute, std::string> attributeOf(const Value& value);

bool truth(const Value& value);
bool equal(const Value& a, const Value& b);
size_t sizeOf(const Value& value);         // about how much work it is to look at all of it
std::string typeName(const Value& value);  // "a whole number", "a text", "a list"
std::string shown(const Value& value);     // as Python writes it, shortened

// bool counts as 0 or 1. nullopt for what is no number.
std::optional<int64_t> wholeOf(const Value& value);
std::optional<double> realOf(const Value& value);

Outcome unary(std::string_view op, const Value& operand);                     // - + ~ not
Outcome binary(std::string_view op, const Value& left, const Value& right);   // + - * / // % ** & | ^ << >>
Outcome compare(std::string_view op, const Value& left, const Value& right);  // < <= > >= == != in "not in" is "is not"
Outcome itemAt(const Value& object, int64_t index);  // of a list or text; negative from the end
struct Range {
  std::optional<int64_t> start, stop, step;
};
Outcome slice(const Value& object, const Range& range);

}  // namespace netwright::language
