// SPDX-License-Identifier: Apache-2.0
// Which checkpoints of a run stay: the part of the loop that obeys keep_best and keep_last.
#include "core/store/database.h"
#include "core/train/loop.h"

namespace netwright::train {

void Loop::removeCheckpoint(const std::filesystem::path& path) {
  log_.removeCheckpoint(path.string());
  const std::filesystem::path file = session_.options_.folder / path;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  std::filesystem::remove(std::filesystem::path(file).replace_extension(".json"), ignored);
}

void Loop::dropSuperfluous() {
  for (const std::string& path : run::superfluous(kept_, config_.keepBest, config_.keepLast)) {
    removeCheckpoint(path);
    std::erase_if(kept_, [&](const run::KeptCheckpoint& c) { return c.path == path; });
  }
}

// Those of earlier sittings count too.
void Loop::recallCheckpoints() {
  for (const auto& c : store::Database(project::databaseFile(session_.options_.folder)).checkpoints(log_.run()))
    if (std::filesystem::path(c.path).filename().string().starts_with("epoch-"))
      kept_.push_back({c.path, c.value ? std::optional(*c.value * decidingSign()) : std::nullopt});
}

}  // namespace netwright::train
