// SPDX-License-Identifier: Apache-2.0
// The engine's end of the protocol: reads commands from one file descriptor, writes events to another. One client, one
// run.
#pragma once

namespace netwright::train {

// Serves until the input ends; then stops a running training with a checkpoint and returns the process's exit code.
int serve(int input, int output);

}  // namespace netwright::train
