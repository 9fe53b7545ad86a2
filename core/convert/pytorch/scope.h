// SPDX-License-Identifier: Apache-2.0
// The local variables of a function that is being written: which name holds which value, and until when. Used by
// model_source.cpp.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/program/program.h"

namespace netwright::convert::pytorch {

class Scope {
 public:
  // reads[i]: the values that the i-th statement reads. What `results` lists is read at the end.
  Scope(const std::vector<std::vector<program::ValueId>>& reads, const std::vector<program::ValueId>& results);

  void take(program::ValueId value, const std::string& expression) { expressions_[value] = expression; }
  // A parameter of the function.
  std::string parameter(program::ValueId value, const std::string& wanted);
  // A result of the statement: called x where nothing that is still read is, else y if it is the only one and for the
  // next statement alone, else as wanted; "_" if nothing reads it.
  std::string result(program::ValueId value, const std::string& wanted, size_t statement, bool only = true);
  // A name that nothing holds which this or a later statement reads, and that is not among `taken`.
  std::string unused(const std::string& wanted, size_t statement, const std::set<std::string>& taken) const;
  // The variable is that value from now on.
  void bind(program::ValueId value, const std::string& variable);
  // The value is in a variable and this statement is the last to read it.
  bool isLeft(program::ValueId value, size_t statement) const;
  const std::string& at(program::ValueId value) const { return expressions_.at(value); }
  bool isRead(program::ValueId value) const { return lastRead_.contains(value); }

 private:
  std::string free(const std::string& wanted, size_t statement);
  std::map<program::ValueId, size_t> lastRead_;  // number of the statement
  std::map<program::ValueId, std::string> expressions_;
  std::map<std::string, program::ValueId> holders_;  // the newest value of each variable
};

}  // namespace netwright::convert::pytorch
