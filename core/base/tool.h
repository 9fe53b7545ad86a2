// SPDX-License-Identifier: Apache-2.0
// Runs other people's programs (a compiler, for one) and keeps what they say. Used by exporters that prove what they
// wrote.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace netwright {

struct ToolRun {
  int status = -1;        // exit status; 128 + signal if it was killed
  bool timedOut = false;  // it and its children were killed when the limit was over
  std::string out, err;
};

// Runs a program in a folder, without a shell and with nothing to read. Blocks until it has ended or the limit is over.
// Throws Error{Environment} if it cannot be started. Any thread.
ToolRun runTool(const std::vector<std::string>& command, const std::filesystem::path& folder,
                std::chrono::milliseconds limit);

// A program by its path or by its name in PATH; nullopt if there is none.
std::optional<std::filesystem::path> findTool(const std::string& name);

}  // namespace netwright
