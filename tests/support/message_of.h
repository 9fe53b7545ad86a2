// SPDX-License-Identifier: Apache-2.0
// The text of the Error that something throws.
#pragma once

#include <functional>
#include <string>

#include "core/base/error.h"

namespace netwright::test {

inline std::string messageOf(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace netwright::test
