// SPDX-License-Identifier: Apache-2.0
#include "core/base/param_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/error.h"

namespace netwright {
namespace {

ParamSpec make(std::string name, ParamKind kind, Attribute fallback) {
  ParamSpec spec;
  spec.name = std::move(name);
  spec.kind = kind;
  spec.fallback = std::move(fallback);
  return spec;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\n()[]");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\n()[]") - first + 1);
}

std::optional<int64_t> wholeNumber(const std::string& text) {
  int64_t v = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return v;
}

std::optional<double> number(const std::string& text) {
  double v = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return v;
}

// Items between any of `separators`; nullopt if one is no number.
template <class T>
std::optional<std::vector<T>> listOf(const std::string& text, const char* separators,
                                     std::optional<T> (*read)(const std::string&)) {
  std::vector<T> list;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find_first_of(separators, start), text.size());
    const std::string item = trimmed(text.substr(start, end - start));
    start = end + 1;
    if (item.empty() && std::string_view(separators).find(' ') != std::string_view::npos) continue;
    const auto v = read(item);
    if (!v) return std::nullopt;
    list.push_back(*v);
  }
  return list;
}

std::optional<std::string> rangeProblem(const ParamSpec& spec, double v) {
  if (!std::isfinite(v)) return fmt::format("must be a finite number but is {}", v);
  if (spec.minimum && (spec.minimumExclusive ? v <= *spec.minimum : v < *spec.minimum))
    return fmt::format("must be {} {} but is {}", spec.minimumExclusive ? "above" : "at least", *spec.minimum, v);
  if (spec.maximum && v > *spec.maximum) return fmt::format("must be at most {} but is {}", *spec.maximum, v);
  return std::nullopt;
}

std::optional<std::string> listProblem(const ParamSpec& spec, const Attribute& value) {
  if (const auto* one = std::get_if<int64_t>(&value)) return rangeProblem(spec, static_cast<double>(*one));
  const auto* list = std::get_if<std::vector<int64_t>>(&value);
  if (!list) return fmt::format("must be whole numbers but is {}", toText(value));
  if (spec.length && list->size() != spec.length)
    return fmt::format("must be one number or {} numbers but has {}", spec.length, list->size());
  for (const int64_t v : *list)
    if (auto p = rangeProblem(spec, static_cast<double>(v))) return p;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ParamSpec::problem(const Attribute& value) const {
  if (std::holds_alternative<Formula>(value)) return std::nullopt;
  if (std::holds_alternative<None>(value) && nullable) return std::nullopt;
  if (kind != ParamKind::Choice && !choices.empty()) {
    const auto* word = std::get_if<std::string>(&value);
    if (word && std::find(choices.begin(), choices.end(), *word) != choices.end()) return std::nullopt;
    if (word) return fmt::format("must be a number or one of {} but is {}", fmt::join(choices, ", "), *word);
  }
  switch (kind) {
    case ParamKind::Inferred:
      if (std::holds_alternative<Auto>(value)) return std::nullopt;
      if (const auto* v = std::get_if<int64_t>(&value))
        return *v >= 1 ? std::nullopt : rangeProblem(intParam(name, 1).min(1), static_cast<double>(*v));
      return fmt::format("must be auto or a whole number but is {}", toText(value));
    case ParamKind::Int:
      if (const auto* v = std::get_if<int64_t>(&value)) return rangeProblem(*this, static_cast<double>(*v));
      return fmt::format("must be a whole number but is {}", toText(value));
    case ParamKind::Float:
      if (const auto* v = std::get_if<double>(&value)) return rangeProblem(*this, *v);
      if (const auto* v = std::get_if<int64_t>(&value)) return rangeProblem(*this, static_cast<double>(*v));
      return fmt::format("must be a number but is {}", toText(value));
    case ParamKind::Bool:
      return std::holds_alternative<bool>(value)
                 ? std::nullopt
                 : std::optional(fmt::format("must be true or false but is {}", toText(value)));
    case ParamKind::Choice: {
      const auto* v = std::get_if<std::string>(&value);
      if (v && std::find(choices.begin(), choices.end(), *v) != choices.end()) return std::nullopt;
      return fmt::format("must be one of {} but is {}", fmt::join(choices, ", "), toText(value));
    }
    case ParamKind::Text:
      return std::holds_alternative<std::string>(value)
                 ? std::nullopt
                 : std::optional(fmt::format("must be a text but is {}", toText(value)));
    case ParamKind::IntList:
      return listProblem(*this, value);
    case ParamKind::FloatList: {
      const auto list = numbers(value);
      if (!list) return fmt::format("must be numbers but is {}", toText(value));
      if (length && list->size() != length) return fmt::format("must be {} numbers but has {}", length, list->size());
      for (const double v : *list)
        if (auto p = rangeProblem(*this, v)) return p;
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Attribute ParamSpec::parse(const std::string& raw) const {
  if (const auto first = raw.find_first_not_of(' '); first != std::string::npos && raw[first] == '=')
    return Formula{raw.substr(raw.find_first_not_of(' ', first + 1) == std::string::npos
                                  ? raw.size()
                                  : raw.find_first_not_of(' ', first + 1))};
  const std::string text = trimmed(raw);
  Attribute value = text;
  if (nullable && (text == "none" || text == "None" || text.empty())) return None{};
  if (kind == ParamKind::Text || kind == ParamKind::Choice)
    value = kind == ParamKind::Text ? raw : text;
  else if (kind == ParamKind::Inferred && (text == "auto" || text.empty()))
    return Auto{};
  else if (kind == ParamKind::Bool) {
    if (text == "true" || text == "yes" || text == "1" || text == "on") value = true;
    if (text == "false" || text == "no" || text == "0" || text == "off") value = false;
  } else if (kind == ParamKind::Float) {
    if (const auto v = number(text)) value = *v;
  } else if (kind == ParamKind::FloatList) {
    if (const auto list = listOf(text, ", ;", number)) value = *list;
  } else if (const auto v = wholeNumber(text)) {
    value = *v;
  } else if (kind == ParamKind::IntList) {
    if (const auto list = listOf(text, ",x", wholeNumber)) value = *list;
  }
  if (const auto p = problem(value)) failInput(fmt::format("{} {}.", name, *p), "", "");
  return value;
}

Attributes defaults(const std::vector<ParamSpec>& specs) {
  Attributes values;
  for (const ParamSpec& p : specs) values[p.name] = p.fallback;
  return values;
}

ParamSpec intParam(std::string name, int64_t fallback) { return make(std::move(name), ParamKind::Int, fallback); }
ParamSpec floatParam(std::string name, double fallback) { return make(std::move(name), ParamKind::Float, fallback); }
ParamSpec boolParam(std::string name, bool fallback) { return make(std::move(name), ParamKind::Bool, fallback); }
ParamSpec textParam(std::string name, std::string fallback) {
  return make(std::move(name), ParamKind::Text, std::move(fallback));
}
ParamSpec choiceParam(std::string name, std::vector<std::string> choices) {
  ParamSpec spec = make(std::move(name), ParamKind::Choice, choices.front());
  spec.choices = std::move(choices);
  return spec;
}
ParamSpec intListParam(std::string name, std::vector<int64_t> fallback, size_t length) {
  ParamSpec spec = make(std::move(name), ParamKind::IntList, std::move(fallback));
  spec.length = length;
  return spec;
}
ParamSpec floatListParam(std::string name, std::vector<double> fallback) {
  return make(std::move(name), ParamKind::FloatList, std::move(fallback));
}
ParamSpec inferredParam(std::string name) { return make(std::move(name), ParamKind::Inferred, Auto{}); }

}  // namespace netwright
