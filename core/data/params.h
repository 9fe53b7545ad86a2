// SPDX-License-Identifier: Apache-2.0
// Settings of sources and transforms: completed with their defaults, checked, and read by name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/base/param_spec.h"

namespace netwright::data {

// All of `specs`, with the given values where there are any. owner is the subject of messages: "Transform 'normalize'".
// Throws Error{Input}: an unknown name (naming the nearest), or an illegal value.
Attributes completeParams(const std::string& owner, const std::vector<ParamSpec>& specs, const Attributes& given);

// Of complete params. A Float may be stored as a whole number.
double number(const Attributes& params, const std::string& name);
int64_t whole(const Attributes& params, const std::string& name);
bool flag(const Attributes& params, const std::string& name);
const std::string& text(const Attributes& params, const std::string& name);
// A Text param that lists names: "a, b, \"c, d\"".
std::vector<std::string> nameList(const Attributes& params, const std::string& name);

}  // namespace netwright::data
