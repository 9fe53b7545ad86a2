// SPDX-License-Identifier: Apache-2.0
// Texts of formulas and of variables' values, as people write them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/base/attribute.h"

namespace netwright::graph {

// Puts other text in the place of names; nullopt leaves a name as it is. Texts in quotes, attributes (a.b) and names of
// keyword arguments stay.
std::string replacedNames(const std::string& formula,
                          const std::function<std::optional<std::string>(const std::string&)>& replacement);

// Whether code of the tensor language gives the name a value of its own: x = ..., a, x = ..., for x in ...
bool assigns(const std::string& code, const std::string& name);

// Python's text for a value: 3, "gelu", True, (3, 3), None; a formula's own.
std::string sourceText(const Attribute& value);
// The value that a person typed for a variable: 256, "gelu" or gelu, (3, 3), true; anything with a name in `names`, and
// what cannot be computed by itself, is a formula (with or without = before it).
Attribute valueFromSource(const std::string& text, const Attributes& names);

}  // namespace netwright::graph
