// SPDX-License-Identifier: Apache-2.0
// The one exception of Netwright: a failed environment (file, database, device, process) or an unreadable file of the
// user.
#pragma once

#include <stdexcept>
#include <string>

namespace netwright {

enum class ErrorKind { Input, Environment };  // Input: the user's file or model is wrong (exit 1); Environment: exit 3

// what: what failed, with names and numbers. why: the cause, may be empty. next: what the user can do.
// User mistakes inside a graph are values (Diagnostic), never exceptions; programmer mistakes assert.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string what, std::string why, std::string next);
  const ErrorKind kind;
  const std::string title;
  const std::string why;
  const std::string next;
};

[[noreturn]] void failInput(std::string what, std::string why, std::string next);
[[noreturn]] void failEnvironment(std::string what, std::string why, std::string next);

}  // namespace netwright
