// SPDX-License-Identifier: Apache-2.0
// nw_bench blocks: lowering of networks made of blocks.
#pragma once

namespace netwright::bench {

// Prints 100 instances of a block of ten layers against the same nodes flat, in turn, and an edit inside a block of ten
// layers that is used 200 times: medians of 21, in milliseconds. Returns the last.
double blocks();

}  // namespace netwright::bench
