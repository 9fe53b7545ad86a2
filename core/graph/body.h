// SPDX-License-Identifier: Apache-2.0
// What edits of blocks share. Used by core/graph only.
#pragma once

#include "core/base/error.h"
#include "core/graph/document.h"

namespace netwright::graph {

inline bool isPort(const Node& node) { return node.kind == kBlockInput || node.kind == kBlockOutput; }

// The network itself or a block's body. Throws Error{Input} where the block is gone.
inline const Document& bodyOf(const Document& document, BlockId id) {
  const Document* body = document.body(id);
  if (!body) failInput("The block is not there any more.", "", "");
  return *body;
}

}  // namespace netwright::graph
