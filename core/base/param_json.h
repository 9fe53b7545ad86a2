// SPDX-License-Identifier: Apache-2.0
// Parameters that people define themselves (of blocks) in files.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/param_spec.h"

namespace netwright {

// {"name", "kind": "int" | "float" | "bool" | "choice" | "text" | "ints" | "floats" | "inferred", "default", "min"?,
// "max"?, "choices"?, "doc"?}; what is as usual is left out.
nlohmann::ordered_json toJson(const ParamSpec& spec);
// Throws Error{Input} naming `source` and the member at fault.
ParamSpec paramSpecFromJson(const nlohmann::ordered_json& json, const std::string& source);

}  // namespace netwright
