// SPDX-License-Identifier: Apache-2.0
#include "core/project/going_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/base/error.h"
#include "core/run/engine_client.h"
#include "core/store/process.h"

namespace netwright::project {
namespace {

constexpr std::chrono::seconds kRecordPatience{10};
constexpr std::chrono::milliseconds kRecordPause{20};

bool isGoing(const run::EngineAddress& a) { return store::isAlive({a.pid, a.start}); }

bool isOpen(const store::RunSummary& run) {
  return run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
}

std::optional<run::EngineAddress> engineWithPid(int64_t pid) {
  for (run::EngineAddress& a : run::listedEngines())
    if (a.pid == pid && isGoing(a)) return std::move(a);
  return std::nullopt;
}

std::optional<run::Snapshot> snapshotOf(const run::EngineAddress& address, std::chrono::milliseconds patience) {
  try {
    std::optional<run::Snapshot> snapshot;  // comes before the reply
    run::EngineClient client(address.socket,
                             [&](const run::Event& e) {
                               if (const auto* s = std::get_if<run::Snapshot>(&e.body)) snapshot = *s;
                             },
                             {"observe", patience});
    client.request(run::Attach{false});
    return snapshot;
  } catch (const Error&) {  // it ends or hangs
    return std::nullopt;
  }
}

}  // namespace

void removeStaleSockets() {
  for (const run::EngineAddress& a : run::listedEngines()) {
    std::error_code ignored;
    if (!isGoing(a)) std::filesystem::remove(a.socket, ignored);
  }
}

std::vector<GoingEngine> goingEngines(std::chrono::milliseconds patience) {
  removeStaleSockets();
  std::vector<GoingEngine> engines;
  for (run::EngineAddress& a : run::listedEngines()) engines.push_back({std::move(a), {}});
  std::vector<std::jthread> asking;  // one that hangs does not hold up the others
  for (GoingEngine& e : engines) asking.emplace_back([&e, patience] { e.snapshot = snapshotOf(e.address, patience); });
  asking.clear();
  std::erase_if(engines, [](const GoingEngine& e) { return !e.snapshot && !isGoing(e.address); });
  return engines;
}

std::optional<GoingRun> newestGoingRun(const std::filesystem::path& folder) {
  std::vector<store::RunSummary> runs = store::Database(databaseFile(folder)).runs();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run)
    if (isOpen(*run))
      if (auto address = engineWithPid(run->pid)) return GoingRun{folder, std::move(*run), std::move(*address)};
  return std::nullopt;
}

GoingRun goingRun(const std::filesystem::path& folder, const std::string& reference) {
  store::Database database(databaseFile(folder));
  if (reference == "latest")
    if (auto newest = newestGoingRun(folder)) return std::move(*newest);
  database.markLostRuns();
  store::RunSummary run = findRun(folder, reference);
  if (!isOpen(run))
    failInput(reference == "latest" ? fmt::format("No run of {} is going.", folder.string())
                                    : fmt::format("The run '{}' is not going.", run.name),
              fmt::format("'{}' is {}.", run.name, store::name(run.status)),
              "'netwright-cli ps' lists the runs that are going, 'netwright-cli resume' lets one go on.");
  auto address = engineWithPid(run.pid);
  if (!address)
    failEnvironment(
        fmt::format("The engine of run '{}' cannot be reached.", run.name),
        fmt::format("Its process {} does not listen in the runtime folder of this user on this machine.", run.pid),
        "Use the machine and the user that started it.");
  return {folder, std::move(run), std::move(*address)};
}

std::vector<run::Point> historyOf(const run::Snapshot& snapshot) {
  store::Database database(databaseFile(snapshot.project));
  const auto deadline = std::chrono::steady_clock::now() + kRecordPatience;
  std::vector<run::Point> points;
  for (const run::SeriesCount& wanted : snapshot.points) {
    const auto count = static_cast<size_t>(std::max<int64_t>(0, wanted.count));
    store::Series series = database.series({snapshot.run.run}, wanted.key, wanted.context);
    while (series.size() < count) {  // the writer commits every 150 ms
      if (std::chrono::steady_clock::now() > deadline)
        failEnvironment(fmt::format("The record of run '{}' lacks {} of the {} points of {}.", snapshot.run.name,
                                    count - series.size(), count, wanted.key),
                        "The engine could not write them yet; its disk may be full.",
                        "Free some disk space, then attach again.");
      std::this_thread::sleep_for(kRecordPause);
      series = database.series({snapshot.run.run}, wanted.key, wanted.context);
    }
    for (size_t i = 0; i < count; ++i)
      points.push_back({wanted.key, wanted.context, series.steps[i], series.seconds[i], series.values[i]});
  }
  return points;
}

}  // namespace netwright::project
