// SPDX-License-Identifier: Apache-2.0
#include "core/convert/python/interpreter.h"

#include <cstdlib>

namespace netwright::convert::python {

std::string interpreter() {
  const char* given = std::getenv("NETWRIGHT_PYTHON");
  return given && *given ? given : "python3";
}

}  // namespace netwright::convert::python
