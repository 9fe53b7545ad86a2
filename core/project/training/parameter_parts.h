// SPDX-License-Identifier: Apache-2.0
// What train.py says of parameters beside their optimiser: how they begin, which are frozen, regularisers. Used by
// training_script.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/project/training/python_parts.h"
#include "core/run/config.h"

namespace netwright::project {

// A pattern of the C library as fnmatchcase of Python reads it, as a literal.
std::string pythonPattern(const std::string& pattern);
// Lines behind the making of the model, with what they need.
std::vector<std::string> beginnings(PythonParts& script, const run::RunConfig& config);
// The expression of the first objective's regulariser of that number among those that hold something.
std::string addRegulariser(PythonParts& script, const run::RunConfig& config, size_t index);

}  // namespace netwright::project
