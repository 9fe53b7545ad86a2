// SPDX-License-Identifier: Apache-2.0
#include "core/store/process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace netwright::store {

ProcessId processWithPid(int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const size_t end = text.rfind(')');  // the name in brackets may hold anything
  if (end == std::string::npos) return {pid, 0};
  std::istringstream fields(text.substr(end + 1));
  std::string state, skipped;
  fields >> state;
  if (state == "Z" || state == "X") return {pid, 0};
  for (int field = 4; field < 22; ++field) fields >> skipped;
  ProcessId process{pid, 0};
  fields >> process.start;
  return process;
}

ProcessId thisProcess() { return processWithPid(::getpid()); }

bool isAlive(const ProcessId& process) {
  const ProcessId now = processWithPid(process.pid);
  return now.start != 0 && now == process;
}

ProcessLoad processLoad() {
  ProcessLoad load;
  std::ifstream file("/proc/self/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return load;
  std::istringstream fields(text.substr(end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  load.cpuSeconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  load.residentBytes = residentBytes(::getpid());
  return load;
}

int64_t residentBytes(int64_t pid) {
  int64_t pages = 0, resident = 0;
  std::ifstream(fmt::format("/proc/{}/statm", pid)) >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

std::string hostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace netwright::store
