// SPDX-License-Identifier: Apache-2.0
// Processor time of pieces of work, as the benchmarks of the window print it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace netwright::bench {

inline double cpuMs() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

// Prints the median and the 95th percentile of `rounds` calls, in milliseconds.
inline void measure(const std::string& name, int rounds, const std::function<void(int)>& run) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const double start = cpuMs();
    run(i);
    times.push_back(cpuMs() - start);
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:58} {:9.2f} {:9.2f}\n", name, times[times.size() / 2], times[(times.size() - 1) * 95 / 100]);
  std::fflush(stdout);
}

}  // namespace netwright::bench
