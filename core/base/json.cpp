// SPDX-License-Identifier: Apache-2.0
#include "core/base/json.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright {
namespace {

template <class T>
constexpr const char* kTypeName = "a value";
template <>
constexpr const char* kTypeName<int64_t> = "a whole number";
template <>
constexpr const char* kTypeName<uint64_t> = "a whole number of 0 or more";
template <>
constexpr const char* kTypeName<double> = "a number";
template <>
constexpr const char* kTypeName<bool> = "true or false";
template <>
constexpr const char* kTypeName<std::string> = "a text";

template <class T>
bool fits(const Json& value) {
  if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
  if constexpr (std::is_same_v<T, std::string>) return value.is_string();
  if constexpr (std::is_same_v<T, double>) return value.is_number();
  if constexpr (std::is_same_v<T, uint64_t>) return value.is_number_unsigned();
  if constexpr (std::is_same_v<T, int64_t>) return value.is_number_integer();
  return true;
}

}  // namespace

Json parseJson(const std::string& text, const std::string& sourceName) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const size_t at = std::min(e.byte == 0 ? 0 : e.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
    const size_t start = text.rfind('\n', at == 0 ? 0 : at - 1);
    const size_t column = start == std::string::npos ? at + 1 : at - start;
    failInput(fmt::format("{} is not valid JSON: error at line {}, column {}.", sourceName, line, column),
              at >= text.size() ? "The file ends too early; it looks cut off." : "",
              "Restore it from a backup or version control, or mend that line.");
  }
}

Json readJsonFile(const std::filesystem::path& path) { return parseJson(readFile(path), path.string()); }

template <class T>
T jsonGet(const Json& object, const char* key, const T& fallback, const std::string& sourceName) {
  if (!object.is_object()) failInput(fmt::format("{}: expected an object around '{}'.", sourceName, key), "", "");
  const auto it = object.find(key);
  if (it == object.end()) return fallback;
  if (!fits<T>(*it))
    failInput(fmt::format("{}: '{}' should be {} but is {}.", sourceName, key, kTypeName<T>, it->dump().substr(0, 60)),
              "", "Correct that value.");
  return it->get<T>();
}

template int64_t jsonGet(const Json&, const char*, const int64_t&, const std::string&);
template uint64_t jsonGet(const Json&, const char*, const uint64_t&, const std::string&);
template double jsonGet(const Json&, const char*, const double&, const std::string&);
template bool jsonGet(const Json&, const char*, const bool&, const std::string&);
template std::string jsonGet(const Json&, const char*, const std::string&, const std::string&);

}  // namespace netwright
