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

std::optional<StoredCheckpoint> newestCheckpoint(const std::filesystem::path& folder, const std::string& runName) {
  std::error_code ec;
  std::optional<std::filesystem::path> newest;
  int64_t steps = -1;
  for (const auto& entry : std::filesystem::directory_iterator(artifactFolder(folder, runName), ec)) {
    if (entry.path().extension() != ".safetensors") continue;
    const auto step = run::checkpointStep(entry.path());
    if (!step || *step <= steps) continue;
    newest = entry.path();
    steps = *step;
  }
  if (!newest) return std::nullopt;
  return StoredCheckpoint{run::readCheckpoint(*newest),
                          fmt::format("artifacts/{}/{}", runName, newest->filename().string())};
}

StoredRun openRun(const std::filesystem::path& folder, const std::string& reference) {
  store::RunSummary summary = findRun(folder, reference);
  auto newest = newestCheckpoint(folder, summary.name);
  if (!newest)
    failInput(fmt::format("The run '{}' has no checkpoint.", summary.name), "It ended before its first epoch did.",
              "Choose another run, or train again.");
  store::Database database(databaseFile(folder));
  Project project = fromText(database.graphJson(summary.id), fmt::format("The record of run '{}'", summary.name));
  return {std::move(summary), std::move(project), std::move(newest->checkpoint)};
}

}  // namespace netwright::project
