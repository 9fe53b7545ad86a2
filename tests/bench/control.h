// SPDX-License-Identifier: Apache-2.0
// What control flow costs: nw_bench control.
#pragma once

namespace netwright::bench {

// A Loop of 1,000 steps, and one with an If in each, against the same ops drawn one behind the other, without and with
// gradients. Returns the largest cost of a step beyond its ops in milliseconds.
double control();

}  // namespace netwright::bench
