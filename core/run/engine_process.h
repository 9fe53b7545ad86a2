// SPDX-License-Identifier: Apache-2.0
// Starts netwright-engine as a child with pipes. Private to the engine client.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

namespace netwright::run {

struct EngineProcess {
  pid_t pid = -1;
  int commands = -1, events = -1, errors = -1;  // ends of pipes, owned by the caller
};

// Throws Error{Environment}. Also takes note of the ends of engines that were let go.
EngineProcess startEngine();
// The child will not be waited for; its end is noted when the next one is started.
void letGo(pid_t pid);
// Waits for its end and says how it came; kills it if it has not come after `patience`.
std::string endOf(pid_t pid, std::chrono::milliseconds patience);

}  // namespace netwright::run
