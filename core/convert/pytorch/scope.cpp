// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/scope.h"

#include "core/convert/python/identifier.h"

namespace netwright::convert::pytorch {

Scope::Scope(const std::vector<std::vector<program::ValueId>>& reads, const std::vector<program::ValueId>& results) {
  for (size_t i = 0; i < reads.size(); ++i)
    for (const program::ValueId v : reads[i]) lastRead_[v] = i;
  for (const program::ValueId v : results) lastRead_[v] = reads.size();
}

std::string Scope::free(const std::string& wanted, size_t statement) {
  const std::string stem = python::identifier(wanted);
  std::string name = stem;
  for (int i = 1;; ++i) {
    const auto holder = holders_.find(name);
    if (holder == holders_.end()) return name;
    const auto last = lastRead_.find(holder->second);
    if (last == lastRead_.end() || last->second <= statement) return name;
    name = stem + "_" + std::to_string(i);
  }
}

std::string Scope::unused(const std::string& wanted, size_t statement, const std::set<std::string>& taken) const {
  const std::string stem = python::identifier(wanted);
  const auto isHeld = [&](const std::string& name) {
    const auto holder = holders_.find(name);
    const auto last = holder == holders_.end() ? lastRead_.end() : lastRead_.find(holder->second);
    return last != lastRead_.end() && last->second >= statement;
  };
  std::string name = stem;
  for (int i = 1; taken.contains(name) || isHeld(name); ++i) name = stem + "_" + std::to_string(i);
  return name;
}

void Scope::bind(program::ValueId value, const std::string& variable) {
  holders_[variable] = value;
  expressions_[value] = variable;
}

bool Scope::isLeft(program::ValueId value, size_t statement) const {
  const auto last = lastRead_.find(value);
  const auto holder = holders_.find(at(value));
  return last != lastRead_.end() && last->second == statement && holder != holders_.end() && holder->second == value;
}

std::string Scope::parameter(program::ValueId value, const std::string& wanted) {
  std::string name = python::identifier(wanted);
  for (int i = 1; holders_.contains(name); ++i) name = python::identifier(wanted) + "_" + std::to_string(i);
  holders_[name] = value;
  return expressions_[value] = name;
}

std::string Scope::result(program::ValueId value, const std::string& wanted, size_t statement, bool only) {
  if (!isRead(value)) return "_";
  std::string name = free("x", statement);
  if (name != "x" && only && lastRead_.at(value) == statement + 1) name = free("y", statement);
  if (name != "x" && name != "y") name = free(wanted, statement);
  holders_[name] = value;
  return expressions_[value] = name;
}

}  // namespace netwright::convert::pytorch
