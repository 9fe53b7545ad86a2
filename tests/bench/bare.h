// SPDX-License-Identifier: Apache-2.0
// The networks of two speed bars as bare ATen calls, with the same fused optimiser: what the executor's own work is
// measured against. Milliseconds of a training step, the best of five rounds.
#pragma once

namespace netwright::bench {

double bareMlp();       // of p1
double bareResNet18();  // of p4

}  // namespace netwright::bench
