// SPDX-License-Identifier: Apache-2.0
// A run of the past made usable again: its project as it was trained, and the weights of its newest checkpoint.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/project/project.h"
#include "core/run/checkpoint.h"
#include "core/store/database.h"

namespace netwright::project {

struct StoredRun {
  store::RunSummary summary;
  Project project;
  run::Checkpoint checkpoint;
};

// A checkpoint of a run as its folder holds it: a crash may have come between the file and its row in the database.
struct StoredCheckpoint {
  run::Checkpoint checkpoint;
  std::string path;  // relative to the project folder
};
// The one with the most steps whose record is complete; nullopt if there is none. Throws Error{Input} naming the tensor
// if it is damaged.
std::optional<StoredCheckpoint> newestCheckpoint(const std::filesystem::path& folder, const std::string& runName);

// reference: id, name or "latest". Both throw Error{Input}: no such run (the nearest names), or no checkpoint yet.
store::RunSummary findRun(const std::filesystem::path& folder, const std::string& reference);
StoredRun openRun(const std::filesystem::path& folder, const std::string& reference);

}  // namespace netwright::project
