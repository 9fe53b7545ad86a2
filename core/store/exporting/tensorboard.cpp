// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/exporting/event_record.h"
#include "core/store/exporting/run_export.h"
#include "core/store/process.h"
#include "core/store/recorder.h"

namespace netwright::store {
namespace {

// A name of a run may hold what a folder's may not.
std::string folderName(const std::string& name) {
  std::string safe = name;
  for (char& c : safe)
    if (c == '/' || c == '\0') c = '_';
  return safe == "." || safe == ".." || safe.empty() ? "run" + safe : safe;
}

}  // namespace

std::filesystem::path writeTensorBoard(Database& database, const RunSummary& run, const std::filesystem::path& folder) {
  const double start = static_cast<double>(run.startMs) / 1000;
  std::string events = eventRecord(versionEvent(start));
  for (const auto& [key, context] : database.metricKeys(run.id)) {
    const Series series = database.series(run.id, key, context);
    const std::string tag = context + "/" + key;
    for (size_t i = 0; i < series.size(); ++i)
      events += eventRecord(
          scalarEvent(start + series.seconds[i], series.steps[i], tag, static_cast<float>(series.values[i])));
  }
  for (const std::string& key : database.histogramKeys(run.id))
    for (const HistogramRow& h : database.histograms(run.id, key))
      events += eventRecord(histogramEvent(start + h.seconds, h.step, "weights/" + key, h.edges, h.counts));
  const std::filesystem::path target = folder / folderName(run.name);
  std::error_code ec;
  std::filesystem::create_directories(target, ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", target.string()), ec.message() + ".",
                    "Choose a folder that you may write to.");
  // The run's number stands where a process has its own: the same run gives the same file.
  const std::filesystem::path file =
      target / fmt::format("events.out.tfevents.{:010}.{}.{}.0", run.startMs / 1000, hostName(), run.id.value);
  writeFileAtomic(file, events);
  return file;
}

}  // namespace netwright::store
