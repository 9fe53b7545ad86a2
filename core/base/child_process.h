// SPDX-License-Identifier: Apache-2.0
// Another program, run to its end: an export asks Python or a compiler whether its files are good. Used by exporters.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace netwright {

struct ChildResult {
  int status = -1;        // exit status; 128 + signal if it was killed
  bool timedOut = false;  // it was killed because it took too long
  bool stopped = false;   // it was killed because that was asked for
  std::string output;     // what it wrote to standard output and error together, its last 64 KiB
};

// arguments[0] is the program, looked for in PATH where it holds no slash. It runs in `folder`, reads nothing, and is
// killed with all that it started when `limit` is over or a stop is requested. Throws Error{Environment} if it cannot
// be started.
ChildResult runChild(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                     std::chrono::milliseconds limit, const std::stop_token& stop = {});

}  // namespace netwright
