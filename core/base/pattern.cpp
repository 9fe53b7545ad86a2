// SPDX-License-Identifier: Apache-2.0
#include "core/base/pattern.h"

#include <fnmatch.h>

#include <algorithm>

namespace netwright {

bool matchesPattern(const std::string& name, const std::string& pattern) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

size_t firstMatch(const std::string& name, const std::vector<std::string>& patterns) {
  const auto it = std::find_if(patterns.begin(), patterns.end(),
                               [&](const std::string& pattern) { return matchesPattern(name, pattern); });
  return static_cast<size_t>(it - patterns.begin());
}

}  // namespace netwright
