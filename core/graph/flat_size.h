// SPDX-License-Identifier: Apache-2.0
// How large a graph becomes when its blocks are dissolved. Used by expand() only.
#pragma once

#include "core/graph/document.h"

namespace netwright::graph {

inline constexpr int64_t kMostCopies = 10'000;  // of a repeated instance

// About so many nodes: repetitions by a formula count as one. At most kMostNodes, whatever the document says.
int64_t flatSize(const Document& document);

}  // namespace netwright::graph
