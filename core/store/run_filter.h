// SPDX-License-Identifier: Apache-2.0
// Which runs to show, as people type it: "val/accuracy > 0.9 and tag.team = x". Used by the run
// table and `runs list`.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/store/database.h"

namespace netwright::store {

// A run with the words around it. Refers to nothing.
struct RunFacts {
  RunSummary summary;
  std::vector<std::pair<std::string, std::string>> tags, params;
  std::string notes;  // all of them
  int64_t bytes = 0;  // on the disk
};

// Terms joined by "and", "or", "not" and brackets; terms side by side mean "and". A term is
//   a word or "several words": in the name, the status, a tag or a note, letter case aside;
//   FIELD OP VALUE with = != > >= < <= and ~ (contains).
// Fields: name, status, device, note, seed, id, epochs, steps, duration (seconds), size (bytes), tag.KEY, param.KEY,
// and metrics: val/accuracy is its best value, val/accuracy.last, .min and .max the others; accuracy alone means that
// of the validation samples. Any other name is looked for among metrics, parameters and tags. A run without the field
// does not fit. "97 %" is 0.97.
class RunFilter {
 public:
  RunFilter();  // fits every run
  // Throws Error{Input} that says at which character it went wrong.
  static RunFilter parse(const std::string& text);
  bool matches(const RunFacts& run) const;
  bool empty() const { return !root_; }

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace netwright::store
