// SPDX-License-Identifier: Apache-2.0
// Starts a run in an engine of its own and follows it to its end: a live line on a terminal, a line an epoch elsewhere.
#pragma once

#include <string>

#include "core/run/message.h"

namespace netwright::cli {

struct FollowOptions {
  std::string folder;  // as the user gave it
  bool json = false;
};

// `command`: Train or ResumeRun. Ctrl+C stops the run after saving a checkpoint. Throws Error if the run fails.
void follow(run::CommandBody command, const FollowOptions& options);

}  // namespace netwright::cli
