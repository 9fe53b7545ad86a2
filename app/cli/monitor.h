// SPDX-License-Identifier: Apache-2.0
// Follows a run to its end: a live line on a terminal, a line an epoch elsewhere. Used by train, resume and attach.
#pragma once

#include <string>

#include "core/project/going_runs.h"
#include "core/run/message.h"

namespace netwright::cli {

struct FollowOptions {
  std::string folder;  // as the user gave it
  bool json = false;
};

// Starts a run in an engine of its own. `command`: Train or ResumeRun. The run belongs to this program: Ctrl+C, a
// closed terminal and SIGTERM stop it after saving a checkpoint. Throws Error if the run fails.
void follow(run::CommandBody command, const FollowOptions& options);

// A run that is going already. Ctrl+C leaves it; it goes on. Throws Error if the run fails.
void followGoing(const project::GoingRun& run, const FollowOptions& options);

}  // namespace netwright::cli
