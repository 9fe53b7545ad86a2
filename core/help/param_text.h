// SPDX-License-Identifier: Apache-2.0
// Parameters as help and the command line describe them.
#pragma once

#include <string>

#include "core/base/param_spec.h"

namespace netwright::help {

// What it may be: "whole number, at least 1", "2 whole numbers, at least 0; or same, valid", "mean, sum or none",
// "yes or no", "told by the wire".
std::string rangeText(const ParamSpec& param);
std::string defaultText(const ParamSpec& param);  // "(3, 3)", "none", "empty"

}  // namespace netwright::help
