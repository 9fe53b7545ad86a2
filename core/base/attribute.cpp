// SPDX-License-Identifier: Apache-2.0
#include "core/base/attribute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

}  // namespace

Json toJson(const Attribute& value) {
  return std::visit(Overload{[](None) { return Json(nullptr); }, [](Auto) { return Json("auto"); },
                             [](const auto& v) { return Json(v); }},
                    value);
}

Attribute attributeFromJson(const Json& json, const std::string& what) {
  switch (json.type()) {
    case Json::value_t::null:
      return None{};
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return json.get<int64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      if (json.get_ref<const std::string&>() == "auto") return Auto{};
      return json.get<std::string>();
    case Json::value_t::array: {
      std::vector<int64_t> list;
      for (const Json& item : json) {
        if (!item.is_number_integer()) break;
        list.push_back(item.get<int64_t>());
      }
      if (list.size() == json.size()) return list;
      break;
    }
    default:
      break;
  }
  failInput(fmt::format("{} holds {}, which is not a parameter value.", what, json.dump().substr(0, 60)), "",
            "Use null, \"auto\", true, false, a number, a text or a list of whole numbers.");
}

std::string toText(const Attribute& value) {
  return std::visit(
      Overload{[](None) { return std::string("none"); }, [](Auto) { return std::string("auto"); },
               [](bool v) { return std::string(v ? "true" : "false"); }, [](const std::string& v) { return v; },
               [](const std::vector<int64_t>& v) { return fmt::format("({})", fmt::join(v, ", ")); },
               [](auto v) { return fmt::format("{}", v); }},
      value);
}

}  // namespace netwright
