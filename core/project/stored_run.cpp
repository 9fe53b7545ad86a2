// SPDX-License-Identifier: Apache-2.0
#include "core/project/stored_run.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::project {

store::RunSummary findRun(const std::filesystem::path& folder, const std::string& reference) {
  store::Database database(databaseFile(folder));
  if (auto found = database.findRun(reference)) return std::move(*found);
  std::vector<std::string> names;
  for (const store::RunSummary& r : database.runs()) names.push_back(r.name);
  if (names.empty())
    failInput(fmt::format("The project {} has no runs yet.", folder.string()), "",
              fmt::format("Train it first: netwright-cli train {}", folder.string()));
  failInput(fmt::format("There is no run '{}' in {}. Did you mean '{}'?", reference, folder.string(),
                        nearest(reference, names)),
            "", "A run is named by its id, its name, or 'latest'.");
}

StoredRun openRun(const std::filesystem::path& folder, const std::string& reference) {
  store::RunSummary summary = findRun(folder, reference);
  store::Database database(databaseFile(folder));
  const auto checkpoints = database.checkpoints(summary.id);
  if (checkpoints.empty())
    failInput(fmt::format("The run '{}' has no checkpoint.", summary.name), "It ended before its first epoch did.",
              "Choose another run, or train again.");
  Project project = fromText(database.graphJson(summary.id), fmt::format("The record of run '{}'", summary.name));
  run::Checkpoint checkpoint = run::readCheckpoint(folder / checkpoints.back().path);
  return {std::move(summary), std::move(project), std::move(checkpoint)};
}

}  // namespace netwright::project
