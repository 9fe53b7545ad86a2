// SPDX-License-Identifier: Apache-2.0
// The engine: a hub of clients (core/run/hub.h) and what their commands do. One run.
#pragma once

namespace netwright::train {

// Serves the client on these pipes, and others by a socket in the user's runtime folder, and returns the process's exit
// code. When its starter has left, a run that is not to be kept is stopped with a checkpoint; a paused one is when
// nobody at all is left. Returns once the starter has left and no run is going.
int serve(int input, int output);
// Stops the run with a checkpoint and lets serve() return. May be called from a signal handler.
void terminate();

}  // namespace netwright::train
