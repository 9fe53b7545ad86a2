// SPDX-License-Identifier: Apache-2.0
// Runs that are no longer wanted: into the trash, back, and out of it for good with their files. Used by
// netwright-cli runs delete|restore|gc.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/store/run_id.h"

namespace netwright::store {

// Hidden from lists, untouched otherwise. Throws Error{Input} for a run that is running or paused; then none is moved.
void moveToTrash(const std::filesystem::path& database, const std::vector<RunId>& runs);
void restoreFromTrash(const std::filesystem::path& database, const std::vector<RunId>& runs);

struct Collected {
  int64_t runs = 0;                          // taken out of the trash for good
  std::vector<std::filesystem::path> files;  // relative to the project folder
  int64_t fileBytes = 0, databaseBytes = 0;  // freed on the disk; of a dry run: the points of the trashed runs
  std::string kept;                          // why the database did not shrink, empty if it did
};

// Deletes what is in the trash, graphs and data sets that no run uses any more, and those files under artifacts/ that
// Netwright made (epoch-N, step-N) and no run refers to: a run that goes on or may be resumed keeps all of its own.
// dryRun: only tells what it would do. A crash in between leaves files that the next call removes.
Collected collectGarbage(const std::filesystem::path& projectFolder, const std::filesystem::path& database,
                         bool dryRun);

}  // namespace netwright::store
