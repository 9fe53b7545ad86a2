// SPDX-License-Identifier: Apache-2.0
// A Python program put together from parts: their imports are united, settings stand before them. Used by the writer of
// train.py.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/attribute.h"

namespace netwright::project {

class PythonParts {
 public:
  void import(const std::string& line) { imports_.insert(line); }
  void setting(const std::string& name, const std::string& value, const std::string& comment = "");
  // A file of resources/train, once. Throws Error{Environment} if it is missing.
  void part(const std::string& file);
  void code(std::string text) { code_.push_back(std::move(text)); }
  std::string text(const std::string& docstring) const;

 private:
  std::set<std::string> imports_, parts_;
  std::vector<std::string> settings_, code_;
};

std::string pythonText(const Attribute& value);  // a literal
// ["a", "b"]; over several lines if it is long, which begin `indent` deeper than four spaces.
std::string pythonList(const std::vector<std::string>& texts, size_t indent = 0);
std::string pythonNumbers(const std::vector<double>& numbers, size_t indent = 0);

}  // namespace netwright::project
