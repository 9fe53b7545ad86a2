// SPDX-License-Identifier: Apache-2.0
#include "core/data/params.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

const ParamSpec& find(const std::string& owner, const std::vector<ParamSpec>& specs, const std::string& name) {
  std::vector<std::string> names;
  for (const ParamSpec& spec : specs) {
    if (spec.name == name) return spec;
    names.push_back(spec.name);
  }
  failInput(fmt::format("{} has no setting '{}'.", owner, name),
            names.empty() ? "It has none." : fmt::format("It has {}.", joined(names, ", ")),
            names.empty() ? "" : fmt::format("Did you mean '{}'?", nearest(name, names)));
}

std::string trimmed(const std::string& word) {
  const size_t first = word.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return word.substr(first, word.find_last_not_of(" \t") - first + 1);
}

// A column may be called "auto" or "none", which files read as values of their own.
Attribute asText(const ParamSpec& spec, const Attribute& value) {
  const bool word = std::holds_alternative<Auto>(value) || std::holds_alternative<None>(value) ||
                    std::holds_alternative<int64_t>(value);
  return spec.kind == ParamKind::Text && word ? Attribute(toText(value)) : value;
}

}  // namespace

Attributes completeParams(const std::string& owner, const std::vector<ParamSpec>& specs, const Attributes& given) {
  Attributes params;
  for (const ParamSpec& spec : specs) params[spec.name] = spec.fallback;
  for (const auto& [name, raw] : given) {
    const ParamSpec& spec = find(owner, specs, name);
    const Attribute value = asText(spec, raw);
    if (std::holds_alternative<Formula>(value))
      failInput(fmt::format("{}: {} is the formula '{}', which nothing computed.", owner, name, toText(value)), "",
                "Write a value.");
    if (const auto problem = spec.problem(value))
      failInput(fmt::format("{}: {} {}.", owner, name, *problem), "", "Correct that value.");
    params[name] = value;
  }
  return params;
}

double number(const Attributes& params, const std::string& name) {
  const Attribute& value = params.at(name);
  if (const auto* v = std::get_if<int64_t>(&value)) return static_cast<double>(*v);
  return std::get<double>(value);
}

int64_t whole(const Attributes& params, const std::string& name) { return std::get<int64_t>(params.at(name)); }
bool flag(const Attributes& params, const std::string& name) { return std::get<bool>(params.at(name)); }
const std::string& text(const Attributes& params, const std::string& name) {
  return std::get<std::string>(params.at(name));
}

std::vector<std::string> nameList(const Attributes& params, const std::string& name) {
  std::vector<std::string> names;
  std::string word;
  bool quoted = false;
  const auto add = [&] {
    if (std::string item = trimmed(word); !item.empty()) names.push_back(std::move(item));
    word.clear();
  };
  for (const char c : text(params, name)) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      add();
    else
      word += c;
  }
  add();
  return names;
}

}  // namespace netwright::data
