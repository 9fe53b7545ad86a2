// SPDX-License-Identifier: Apache-2.0
// Initialisers and regularisers as text.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/run/config.h"
#include "core/run/initialiser.h"
#include "core/run/setting_check.h"

namespace netwright::run {
namespace {

constexpr const char* kWeights = "*.weight";

std::string trimmed(const std::string& text) {
  const size_t from = text.find_first_not_of(' ');
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

// At a sign, but not within parentheses or brackets.
std::vector<std::string> split(const std::string& text, char sign) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c == sign && depth == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& p : parts) p = trimmed(p);
  std::erase(parts, "");
  return parts;
}

template <class Spec>
const Spec& known(const std::vector<Spec>& specs, const char* what, const std::string& id) {
  for (const Spec& s : specs)
    if (s.id == id) return s;
  failInput(unknownName(what, id, idsOf(specs)).text(), "", "");
}

Initialiser initialiserFrom(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.empty() || parts.size() > 2)
    failInput(fmt::format("'{}' is no initialiser.", text), "", "Write kind:pattern, such as orthogonal:conv*.weight.");
  const size_t open = parts[0].find('(');
  Initialiser one{parts.size() > 1 ? parts[1] : kWeights, trimmed(parts[0].substr(0, open)), {}, ""};
  const InitialiserSpec& spec = known(initialisers(), "The initialiser", one.kind);
  if (open == std::string::npos) return one;
  if (parts[0].back() != ')') failInput(fmt::format("'{}' lacks a closing parenthesis.", parts[0]), "", "");
  for (const std::string& given : split(parts[0].substr(open + 1, parts[0].size() - open - 2), ',')) {
    const size_t equals = given.find('=');
    const std::string name = trimmed(given.substr(0, equals));
    const auto p = std::find_if(spec.params.begin(), spec.params.end(), [&](const auto& s) { return s.name == name; });
    if (p == spec.params.end() || equals == std::string::npos)
      failInput(fmt::format("{} has no parameter '{}'.", spec.title, name), "", "");
    one.params[name] = p->parse(trimmed(given.substr(equals + 1)));
  }
  return one;
}

Regulariser regulariserFrom(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3)
    failInput(fmt::format("'{}' is no regulariser with a weight.", text), "",
              "Write kind:weight or kind:pattern:weight, such as l2:1e-4.");
  known(regularisers(), "The regulariser", parts[0]);
  const ParamSpec& spec = regulariserWeightParam();
  Regulariser one{parts.size() > 2 ? parts[1] : kWeights, parts[0]};
  setSetting(one.weight, one.formulas, spec, spec.parse(parts.back()));
  return one;
}

}  // namespace

std::string initialisersText(const std::vector<Initialiser>& all) {
  std::vector<std::string> texts;
  for (const Initialiser& i : all) {
    std::vector<std::string> settings;
    for (const auto& [name, value] : i.params) settings.push_back(fmt::format("{}={}", name, toText(value)));
    texts.push_back(fmt::format("{}{}{}", i.kind, settings.empty() ? "" : "(" + joined(settings, ", ") + ")",
                                i.parameters == kWeights ? "" : ":" + i.parameters));
  }
  return joined(texts, ", ");
}

std::vector<Initialiser> initialisersFromText(const std::string& text) {
  std::vector<Initialiser> all;
  for (const std::string& part : split(text, ',')) all.push_back(initialiserFrom(part));
  return all;
}

std::string regularisersText(const std::vector<Regulariser>& all) {
  std::vector<std::string> texts;
  for (const Regulariser& r : all) {
    const std::string weight = toText(settingOf(r.weight, r.formulas, regulariserWeightParam()));
    texts.push_back(r.parameters == kWeights ? fmt::format("{}:{}", r.kind, weight)
                                             : fmt::format("{}:{}:{}", r.kind, r.parameters, weight));
  }
  return joined(texts, ", ");
}

std::vector<Regulariser> regularisersFromText(const std::string& text) {
  std::vector<Regulariser> all;
  for (const std::string& part : split(text, ',')) all.push_back(regulariserFrom(part));
  return all;
}

}  // namespace netwright::run
