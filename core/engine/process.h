// SPDX-License-Identifier: Apache-2.0
// Settings of a process that computes: memory, determinism, threads, devices. Used by the engine program, tests and
// benchmarks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace netwright::engine {

// First thing in main: keeps freed memory in the process (the largest lever on CPU speed), makes LibTorch
// deterministic, routes its warnings to stderr as single lines.
void prepareProcess();

struct DeviceInfo {
  std::string id, name;  // "cpu", "cuda:0"; what it is
  int64_t memory = 0;    // bytes; 0 if not told
};
std::vector<DeviceInfo> devices();
std::string libtorchVersion();
// "auto" is the first graphics card, else "cpu". Throws Error{Environment} for a device that is not there.
std::string resolveDevice(const std::string& wanted);
// 0: as many as pay: all cores, or one where a step of `macs` multiply-accumulates is over before a second one has
// woken up. Returns the number in use.
int64_t setThreads(int64_t threads, int64_t macs = INT64_MAX);

}  // namespace netwright::engine
