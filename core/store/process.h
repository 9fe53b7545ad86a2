// SPDX-License-Identifier: Apache-2.0
// Identity of a process: its number alone is reused, number and start time are not.
#pragma once

#include <cstdint>
#include <string>

namespace netwright::store {

struct ProcessId {
  int64_t pid = 0;
  int64_t start = 0;  // clock ticks since boot, /proc/PID/stat field 22; 0 if there is no such process
  bool operator==(const ProcessId&) const = default;
};

ProcessId processWithPid(int64_t pid);
ProcessId thisProcess();
// False for a zombie too.
bool isAlive(const ProcessId& process);
struct ProcessLoad {
  double cpuSeconds = 0;  // user and system, all threads
  int64_t residentBytes = 0;
};
ProcessLoad processLoad();           // of this one, from /proc; zeros where there is none
int64_t residentBytes(int64_t pid);  // 0 if there is no such process

// Processes are known on their own machine only.
std::string hostName();

}  // namespace netwright::store
