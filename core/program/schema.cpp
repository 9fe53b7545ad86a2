// SPDX-License-Identifier: Apache-2.0
#include "core/program/schema.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace netwright::program {
namespace {

std::string trim(const std::string& s) {
  const auto first = s.find_first_not_of(' ');
  return first == std::string::npos ? "" : s.substr(first, s.find_last_not_of(' ') - first + 1);
}

// Splits at commas outside of brackets.
std::vector<std::string> splitList(const std::string& s) {
  std::vector<std::string> items;
  int depth = 0;
  std::string item;
  for (const char c : s) {
    depth += (c == '(' || c == '[') - (c == ')' || c == ']');
    if (c == ',' && depth == 0) {
      items.push_back(trim(item));
      item.clear();
    } else {
      item += c;
    }
  }
  if (!trim(item).empty()) items.push_back(trim(item));
  return items;
}

// "Tensor(a!)[]" -> "Tensor[]"
std::string withoutAlias(std::string type) {
  for (size_t open = type.find('('); open != std::string::npos; open = type.find('('))
    type.erase(open, type.find(')') - open + 1);
  return type;
}

Argument parseFallback(const std::string& type, const std::string& text) {
  if (text == "None") return None{};
  if (text == "True" || text == "False") return text == "True";
  if (text.front() == '"') return text.substr(1, text.size() - 2);
  if (text.front() == '[') {
    Shape list;
    for (const std::string& item : splitList(text.substr(1, text.size() - 2)))
      list.emplace_back(std::atoll(item.c_str()));
    return list;
  }
  if (type == "float" || text.find('.') != std::string::npos) return std::atof(text.c_str());
  if (type.find('[') != std::string::npos) {  // int[2] stride=1 means [1, 1]
    const int64_t length = std::max<int64_t>(1, std::atoll(type.substr(type.find('[') + 1).c_str()));
    return Shape(static_cast<size_t>(length), Dim(std::atoll(text.c_str())));
  }
  return Dim(std::atoll(text.c_str()));
}

}  // namespace

size_t Schema::index(const std::string& argument) const {
  const auto it =
      std::find_if(arguments.begin(), arguments.end(), [&](const SchemaArgument& a) { return a.name == argument; });
  assert(it != arguments.end() && "the schema has no such argument");
  return static_cast<size_t>(it - arguments.begin());
}

Schema parseSchema(const std::string& text) {
  const size_t open = text.find('('), arrow = text.rfind("->"), close = text.rfind(')', arrow);
  const size_t space = text.find("::");
  assert(space < open && open != std::string::npos && arrow != std::string::npos);
  Schema schema;
  const std::string qualified = text.substr(space + 2, open - space - 2);
  const size_t dot = qualified.find('.');
  schema.name = qualified.substr(0, dot);
  if (dot != std::string::npos) schema.overload = qualified.substr(dot + 1);
  for (const std::string& item : splitList(text.substr(open + 1, close - open - 1))) {
    if (item == "*") continue;
    const size_t equals = item.find('=');
    const std::string declaration = trim(item.substr(0, equals));
    const size_t blank = declaration.rfind(' ');
    SchemaArgument argument{withoutAlias(declaration.substr(0, blank)), declaration.substr(blank + 1), {}};
    if (equals != std::string::npos) argument.fallback = parseFallback(argument.type, trim(item.substr(equals + 1)));
    schema.arguments.push_back(std::move(argument));
  }
  std::string returns = trim(text.substr(arrow + 2));
  if (returns.front() == '(') returns = returns.substr(1, returns.size() - 2);
  for (const std::string& r : splitList(returns))
    schema.returns.push_back(withoutAlias(r).substr(0, withoutAlias(r).find(' ')));
  return schema;
}

}  // namespace netwright::program
