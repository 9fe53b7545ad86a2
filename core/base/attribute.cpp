// SPDX-License-Identifier: Apache-2.0
#include "core/base/attribute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"

namespace netwright {
namespace {

template <class... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overload(Ts...) -> Overload<Ts...>;

constexpr const char* kFormula = "formula";

bool isFormula(const Json& json) {
  return json.is_object() && json.size() == 1 && json.contains(kFormula) && json[kFormula].is_string();
}

}  // namespace

Json toJson(const Attribute& value) {
  return std::visit(
      Overload{[](None) { return Json(nullptr); }, [](Auto) { return Json("auto"); },
               [](const Formula& v) { return Json{{kFormula, v.text}}; }, [](const auto& v) { return Json(v); }},
      value);
}

namespace {

bool isWhole(const Json& json) {
  return json.is_number_integer() && !(json.is_number_unsigned() && json.get<uint64_t>() > INT64_MAX);
}

}  // namespace

bool isAttribute(const Json& json) {
  if (json.is_array()) return std::all_of(json.begin(), json.end(), [](const Json& item) { return item.is_number(); });
  if (json.is_object()) return isFormula(json);
  return !json.is_number_integer() || isWhole(json);
}

Attribute attributeFromJson(const Json& json, const std::string& what) {
  switch (json.type()) {
    case Json::value_t::null:
      return None{};
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      if (!isWhole(json)) break;
      return json.get<int64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      if (json.get_ref<const std::string&>() == "auto") return Auto{};
      return json.get<std::string>();
    case Json::value_t::array: {
      const auto all = [&](auto is) { return std::all_of(json.begin(), json.end(), is); };
      if (all(isWhole)) return json.get<std::vector<int64_t>>();
      if (all([](const Json& item) { return item.is_number(); })) return json.get<std::vector<double>>();
      break;
    }
    case Json::value_t::object:
      if (isFormula(json)) return Formula{json[kFormula].get<std::string>()};
      break;
    default:
      break;
  }
  failInput(fmt::format("{} holds {}, which is not a parameter value.", what, json.dump().substr(0, 60)), "",
            "Use null, \"auto\", true, false, a number, a text or a list of numbers.");
}

std::string toText(const Attribute& value) {
  return std::visit(Overload{[](None) { return std::string("none"); }, [](Auto) { return std::string("auto"); },
                             [](bool v) { return std::string(v ? "true" : "false"); },
                             [](const std::string& v) { return v; }, [](const Formula& v) { return "=" + v.text; },
                             [](const std::vector<int64_t>& v) { return fmt::format("({})", fmt::join(v, ", ")); },
                             [](const std::vector<double>& v) { return fmt::format("({})", fmt::join(v, ", ")); },
                             [](const auto& v) { return fmt::format("{}", v); }},
                    value);
}

std::optional<std::vector<double>> numbers(const Attribute& value) {
  if (const auto* v = std::get_if<double>(&value)) return std::vector{*v};
  if (const auto* v = std::get_if<int64_t>(&value)) return std::vector{static_cast<double>(*v)};
  if (const auto* v = std::get_if<std::vector<double>>(&value)) return *v;
  if (const auto* v = std::get_if<std::vector<int64_t>>(&value)) return std::vector<double>(v->begin(), v->end());
  return std::nullopt;
}

}  // namespace netwright
