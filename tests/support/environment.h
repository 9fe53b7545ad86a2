// SPDX-License-Identifier: Apache-2.0
// A variable of the environment, set for one test.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace netwright::test {

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {  // null: not set
    if (const char* before = std::getenv(name)) before_ = before;
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  Environment(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace netwright::test
