// SPDX-License-Identifier: Apache-2.0
// What an editor of code proposes at the cursor, and which argument is being typed. Works on words, so that half a line
// is enough.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/attribute.h"
#include "core/language/source.h"

namespace netwright::layers::expressions {

struct Proposal {
  std::string text;       // what is put in place of the word: "softmax"
  std::string signature;  // "softmax(self, dim, dtype=None)"; of a name what it is: "input", "variable"
  std::string doc;        // one sentence; may be empty
};
struct Proposals {
  language::Span word;  // what has been typed of it
  std::vector<Proposal> all;
};
// At most 200, those that begin with the word first. After "x." methods, after "torch." and "F." what is there. None
// inside texts and comments, nor for an empty word that no dot precedes.
Proposals proposals(std::string_view code, size_t cursor, const Attributes& names);

struct Hint {
  std::string signature;
  language::Span argument;  // of the signature: the one at the cursor; empty if it has no more
};
// Of the innermost call around the cursor; nullopt: none, or an unknown function.
std::optional<Hint> hintAt(std::string_view code, size_t cursor);

}  // namespace netwright::layers::expressions
