// SPDX-License-Identifier: Apache-2.0
// The records of a run's checkpoints, and which of them stay as keep_best and keep_last say.
#include <cmath>

#include "core/base/input_file.h"
#include "core/store/database.h"
#include "core/train/loop.h"

namespace netwright::train {

void Loop::record(const std::string& path, std::optional<double> value, bool best) {
  const std::filesystem::path file = session_.options_.folder / path;
  store::CheckpointRecord record;
  record.step = position_.step;
  record.epoch = position_.epoch;
  record.path = path;
  record.size = static_cast<int64_t>(std::filesystem::file_size(file));
  record.sha256 = sha256OfFile(file);
  record.isBest = best;
  record.value = value ? std::optional(*value * decidingSign()) : std::nullopt;
  record.metric = decidingMetric();
  log_.checkpoint(record);
}

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

// Those of earlier sittings count too. A kill may have come between a file and its row, or between a file and the
// removal of the one that it replaces.
void Loop::recallCheckpoints(const std::string& resumed) {
  store::Database database(project::databaseFile(session_.options_.folder));
  bool recorded = resumed.empty();
  for (const auto& c : database.checkpoints(log_.run())) {
    recorded = recorded || c.path == resumed;
    if (std::filesystem::path(c.path).filename().string().starts_with("epoch-"))
      kept_.push_back({c.path, c.value ? std::optional(*c.value * decidingSign()) : std::nullopt});
    else if (c.path != resumed)
      removeCheckpoint(c.path);
  }
  if (recorded) return;
  std::optional<double> value;
  if (position_.epochDone) {
    const auto [key, context] = decidingMetric();
    if (const store::Series points = database.series(log_.run(), key, context);
        points.size() > 0 && points.steps.back() == position_.step && !std::isnan(points.values.back()))
      value = points.values.back() * decidingSign();
    kept_.push_back({resumed, value});
  }
  record(resumed, value, value && value == position_.best);
}

}  // namespace netwright::train
