// SPDX-License-Identifier: Apache-2.0
#include "core/base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <vector>

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
  if constexpr (std::is_same_v<T, int64_t>)
    return value.is_number_integer() && !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
  return true;
}

// Counts what the parser has read, so that a complaint can name the line.
struct Reading {
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  const char* at;
  size_t* count;
  reference operator*() const { return *at; }
  Reading& operator++() {
    ++at;
    ++*count;
    return *this;
  }
  bool operator==(const Reading& other) const { return at == other.at; }
  bool operator!=(const Reading& other) const { return at != other.at; }
};

struct Place {
  long line;
  size_t column;
};

Place placeOf(const std::string& text, size_t at) {
  const size_t start = text.rfind('\n', at == 0 ? 0 : at - 1);
  return {1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'),
          start == std::string::npos || at == 0 ? at + 1 : at - start};
}

// Called by the parser for each bracket and key.
class Nesting {
 public:
  struct Refused {
    std::string reason;
  };
  bool operator()(int, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) keys_.emplace_back();
    if (event == Event::object_end || event == Event::array_end) keys_.pop_back();
    if (keys_.size() > kJsonDepth) throw Refused{fmt::format("More than {} brackets within brackets.", kJsonDepth)};
    if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second)
      throw Refused{fmt::format("The key \"{}\" is there twice.", parsed.get<std::string>().substr(0, 60))};
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

constexpr const char* kMend = "Restore it from a backup or version control, or mend that line.";

}  // namespace

Json parseJson(const std::string& text, const std::string& sourceName) {
  size_t read = 0;
  const auto fail = [&](size_t at, const std::string& why) {
    const Place place = placeOf(text, std::min(at, text.size()));
    failInput(fmt::format("{} is not valid JSON: error at line {}, column {}.", sourceName, place.line, place.column),
              why, kMend);
  };
  if (const size_t nul = text.find('\0'); nul != std::string::npos)  // the parser would take it for the end
    fail(nul, "There is a byte 0.");
  try {
    Nesting nesting;
    const char* begin = text.data();
    return Json::parse(Reading{begin, &read}, Reading{begin + text.size(), &read}, std::ref(nesting));
  } catch (const Json::parse_error& e) {
    const size_t at = e.byte == 0 ? 0 : e.byte - 1;
    fail(at, at >= text.size() ? "The file ends too early; it looks cut off." : "");
  } catch (const Nesting::Refused& refused) {
    fail(read == 0 ? 0 : read - 1, refused.reason);
  } catch (const Json::out_of_range&) {
    fail(read < 2 ? 0 : read - 2, "The number is too large.");
  }
  return {};  // not reached: fail() throws
}

Json readJsonFile(const std::filesystem::path& path) { return parseJson(readFile(path), path.string()); }

template <class T>
T jsonGet(const Json& object, const char* key, const T& fallback, const std::string& sourceName) {
  if (!object.is_object())
    failInput(fmt::format("{}: expected an object around '{}'.", sourceName, key), "",
              "Correct that place, or restore the file from version control or a backup.");
  const auto it = object.find(key);
  if (it == object.end()) return fallback;
  if (!fits<T>(*it))
    failInput(fmt::format("{}: '{}' should be {} but is {}.", sourceName, key, kTypeName<T>, it->dump().substr(0, 60)),
              "", "Correct that value.");
  return it->get<T>();
}

std::string unknownMembers(const Json& object, std::initializer_list<const char*> known) {
  Json unknown = Json::object();
  for (const auto& [key, value] : object.items())
    if (std::none_of(known.begin(), known.end(), [&](const char* k) { return key == k; })) unknown[key] = value;
  return unknown.empty() ? "" : unknown.dump();
}

void addUnknown(Json& object, const std::string& unknown) {
  if (!unknown.empty()) object.update(Json::parse(unknown));
}

template int64_t jsonGet(const Json&, const char*, const int64_t&, const std::string&);
template uint64_t jsonGet(const Json&, const char*, const uint64_t&, const std::string&);
template double jsonGet(const Json&, const char*, const double&, const std::string&);
template bool jsonGet(const Json&, const char*, const bool&, const std::string&);
template std::string jsonGet(const Json&, const char*, const std::string&, const std::string&);

}  // namespace netwright
