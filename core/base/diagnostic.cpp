// SPDX-License-Identifier: Apache-2.0
#include "core/base/diagnostic.h"

#include <algorithm>

#include "core/base/messages.h"

namespace netwright {

std::string Diagnostic::text() const { return messageText(code, args); }

bool hasErrors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

}  // namespace netwright
