// SPDX-License-Identifier: Apache-2.0
// Expression nodes as a whole: lowering, and what an editor shows of their code: the shape that each line gives,
// mistakes with their places, proposals, and the parameters of the function at the cursor. Torch-free and without a
// window; every function takes any text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/language/source.h"
#include "core/layers/layer_spec.h"
#include "core/program/type.h"

namespace netwright::layers::expressions {

inline constexpr const char* kKind = "expression";
inline constexpr const char* kCode = "code";  // its parameter

Ports portsOf(const std::string& code, const Attributes& names);

// The node's parameter `code` as ops. Mistakes are diagnostics NW-F003 with `line`, `column`, `begin` and `end`
// (bytes).
void lower(Lowering& lowering);

struct Described {
  Ports ports;
  std::map<int, std::string> lines;  // by line, from 1: "h (N, 128)"
  std::vector<language::Mistake> mistakes;
};
// `inputs`: types by port; a port that is missing or unknown leaves the lines that need it without a shape.
Described describe(const std::string& code, const std::map<std::string, program::ValueType>& inputs,
                   const Attributes& names);

// The code as lines of a forward() in PyTorch, without indent: as it was written, with modules before bare names,
// weights taken from self and the names of the project as numbers before it. The code has no mistakes with these
// inputs.
std::vector<std::string> pythonLines(const std::string& code, const std::map<std::string, program::ValueType>& inputs,
                                     const Attributes& names);

}  // namespace netwright::layers::expressions
