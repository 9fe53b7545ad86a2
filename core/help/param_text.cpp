// SPDX-License-Identifier: Apache-2.0
#include "core/help/param_text.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace netwright::help {
namespace {

std::string bounds(const ParamSpec& p) {
  std::vector<std::string> parts;
  if (p.minimum) parts.push_back(fmt::format("{} {}", p.minimumExclusive ? "above" : "at least", *p.minimum));
  if (p.maximum) parts.push_back(fmt::format("at most {}", *p.maximum));
  return joined(parts, ", ");
}

std::string numbersText(const ParamSpec& p, const char* one, const char* several) {
  const bool list = p.kind == ParamKind::IntList || p.kind == ParamKind::FloatList;
  std::string text = !list ? one : p.length > 1 ? fmt::format("{} {}", p.length, several) : several;
  if (list && p.length == 1) text = one;
  if (const std::string limits = bounds(p); !limits.empty()) text += ", " + limits;
  return text;
}

// "a, b or c"
std::string anyOf(std::vector<std::string> items) {
  if (items.size() < 2) return joined(items, "");
  const std::string last = items.back();
  items.pop_back();
  return joined(items, ", ") + " or " + last;
}

}  // namespace

std::string rangeText(const ParamSpec& p) {
  std::string text;
  switch (p.kind) {
    case ParamKind::Bool:
      return "yes or no";
    case ParamKind::Choice:
      text = anyOf(p.choices);
      break;
    case ParamKind::Text:
      text = "text";
      break;
    case ParamKind::Inferred:
      text = "told by the wire, or a whole number";
      break;
    case ParamKind::Int:
    case ParamKind::IntList:
      text = numbersText(p, "whole number", "whole numbers");
      break;
    case ParamKind::Float:
    case ParamKind::FloatList:
      text = numbersText(p, "number", "numbers");
      break;
  }
  if (p.kind != ParamKind::Choice && !p.choices.empty()) text += "; or " + anyOf(p.choices);
  if (p.nullable) text += "; or none";
  if (!p.unit.empty()) text += " (" + p.unit + ")";
  return text;
}

std::string defaultText(const ParamSpec& p) {
  const std::string text = toText(p.fallback);
  return text.empty() || text == "()" ? "empty" : text;
}

}  // namespace netwright::help
