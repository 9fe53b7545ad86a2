// SPDX-License-Identifier: Apache-2.0
// Engines of this user that are going, what they train, and the way to them. Used by the command line and the window.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/project/stored_run.h"
#include "core/run/endpoint.h"
#include "core/run/message.h"

namespace netwright::project {

// Takes away the sockets of engines that are gone.
void removeStaleSockets();

struct GoingEngine {
  run::EngineAddress address;
  std::optional<run::Snapshot> snapshot;  // absent: it did not answer within the patience
};
std::vector<GoingEngine> goingEngines(std::chrono::milliseconds patience);

struct GoingRun {
  std::filesystem::path folder;  // of the project
  store::RunSummary summary;
  run::EngineAddress address;
};
// The engine of a run that is going. reference: id, name, or "latest", the newest of those that are going. Throws
// Error{Input} if it is not going (what became of it), Error{Environment} if its engine listens nowhere here.
GoingRun goingRun(const std::filesystem::path& folder, const std::string& reference);
// The newest run of the project that is going; nullopt if there is none.
std::optional<GoingRun> newestGoingRun(const std::filesystem::path& folder);

// The points of the run up to the snapshot, series by series, none missing and none that an event after it will tell.
// Waits for those that are still on their way into the record, ten seconds at most; throws Error{Environment} then.
std::vector<run::Point> historyOf(const run::Snapshot& snapshot);

}  // namespace netwright::project
