// SPDX-License-Identifier: Apache-2.0
// Names in the text of formulas.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace netwright::graph {

// Puts other text in the place of names; nullopt leaves a name as it is. Texts in quotes, attributes (a.b) and names of
// keyword arguments stay.
std::string replacedNames(const std::string& formula,
                          const std::function<std::optional<std::string>(const std::string&)>& replacement);

}  // namespace netwright::graph
