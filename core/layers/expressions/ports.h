// SPDX-License-Identifier: Apache-2.0
// The ports of an expression node, named by use: what its code reads and never sets is an input, what it sets and does
// not read afterwards, or returns, is an output. Nothing is computed for this.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/language/syntax.h"

namespace netwright::layers::expressions {

struct Use {
  std::vector<std::string> inputs;   // in the order of their first use
  std::vector<std::string> outputs;  // in the order in which they are set
  std::set<std::string> outer;       // of `names`, those that the code reads
  // What the code gives where it is no name: the last line, if it is an expression, or what `return` lists; by output.
  std::vector<language::NodeIndex> results;  // kNoNode: the name itself
};
// `tree` has no mistakes. `names`: variables and parameters, which are no inputs.
Use useOf(const language::Tree& tree, const Attributes& names);

// The same for a text with mistakes in some lines, by its words alone: wires stay where they are while one types.
Use useOfWords(std::string_view code, const Attributes& names);

}  // namespace netwright::layers::expressions
