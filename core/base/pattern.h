// SPDX-License-Identifier: Apache-2.0
// Names chosen by patterns as a shell has them: * any text, ? any character, [ab] one of these. Used for parameters:
// "*.bias", "head.*".
#pragma once

#include <string>
#include <vector>

namespace netwright {

bool matchesPattern(const std::string& name, const std::string& pattern);
// Index of the first pattern that `name` matches; patterns.size() where none does.
size_t firstMatch(const std::string& name, const std::vector<std::string>& patterns);

}  // namespace netwright
