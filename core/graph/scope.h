// SPDX-License-Identifier: Apache-2.0
// Names and what they are worth. Used by core/graph only.
#pragma once

#include <utility>
#include <vector>

#include "core/graph/document.h"

namespace netwright::graph {

// A variable and what is wrong with it.
using Mistakes = std::vector<std::pair<std::string, std::string>>;

// Adds variables over names that are known already; those that cannot be computed are left out and told.
Mistakes resolve(const std::vector<Variable>& variables, Attributes& names);

}  // namespace netwright::graph
