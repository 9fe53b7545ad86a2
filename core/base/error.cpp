// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

namespace netwright {
namespace {

std::string sentence(const std::string& what, const std::string& why, const std::string& next) {
  std::string text = what;
  if (!why.empty()) text += " " + why;
  if (!next.empty()) text += " " + next;
  return text;
}

}  // namespace

Error::Error(ErrorKind kind, std::string what, std::string why, std::string next)
    : std::runtime_error(sentence(what, why, next)),
      kind(kind),
      title(std::move(what)),
      why(std::move(why)),
      next(std::move(next)) {}

void failInput(std::string what, std::string why, std::string next) {
  throw Error(ErrorKind::Input, std::move(what), std::move(why), std::move(next));
}

void failEnvironment(std::string what, std::string why, std::string next) {
  throw Error(ErrorKind::Environment, std::move(what), std::move(why), std::move(next));
}

}  // namespace netwright
