// SPDX-License-Identifier: Apache-2.0
// The run database (P13, E1, E3): prints "what size value unit". Usage: nw_bench_store [RUNS POINTS_PER_RUN] ; 10000
// 10000 makes the database of 1e8 points (2.5 GB in the temporary folder, removed at the end).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/store/database.h"
#include "core/store/recorder.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace netwright;
using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void report(const char* what, int64_t size, double value, const char* unit) {
  std::printf("%s %lld %.3f %s\n", what, static_cast<long long>(size), value, unit);
  std::fflush(stdout);
}

template <class Work>
double best(const Work& work) {
  double ms = 1e12;
  for (int round = 0; round < 3; ++round) {
    const auto start = Clock::now();
    work();
    ms = std::min(ms, msSince(start));
  }
  return ms;
}

void durable() {
  const test::TempFolder folder;
  store::Recorder recorder(folder / "runs.sqlite");
  const store::RunId run = recorder.beginRun({});
  constexpr int64_t kPoints = 1'000'000;
  std::vector<double> calls(kPoints);
  const auto start = Clock::now();
  for (int64_t i = 0; i < kPoints; ++i) {
    const auto before = Clock::now();
    recorder.metric(run, i % 2 == 0 ? "loss" : "accuracy", "train", i, 0, 1);
    calls[static_cast<size_t>(i)] = std::chrono::duration<double, std::micro>(Clock::now() - before).count();
  }
  recorder.flush();
  report("points accepted durably", kPoints, kPoints / msSince(start) * 1000, "points/s");
  std::nth_element(calls.begin(), calls.begin() + kPoints * 99 / 100, calls.end());
  report("enqueue p99", kPoints, calls[kPoints * 99 / 100], "us");
}

// One run with a million points in one curve: what opening it in a chart reads.
void openRun() {
  const test::TempFolder folder;
  store::RunId run;
  {
    store::Recorder recorder(folder / "runs.sqlite");
    run = recorder.beginRun({});
    for (int64_t i = 0; i < 1'000'000; ++i) recorder.metric(run, "loss", "train", i, 0, 1);
  }
  report("open run", 1'000'000, best([&] {
           store::Database database(folder / "runs.sqlite");
           if (database.series(run, "loss", "train").size() != 1'000'000) std::abort();
         }),
         "ms");
}

void manyRuns(int64_t runs, int64_t points) {
  const test::TempFolder folder;
  const auto file = folder / "runs.sqlite";
  store::Recorder recorder(file);
  store::RunId last;
  for (int64_t made = 0, mark = std::max<int64_t>(1, runs / 10); made < runs;) {
    const auto start = Clock::now();
    for (const int64_t end = std::min(runs, mark); made < end; ++made) {
      last = recorder.beginRun({});
      for (int64_t i = 0; i < points / 2; ++i) {
        recorder.metric(last, "loss", "train", i, 0, 1);
        recorder.metric(last, "accuracy", "val", i, 0, 0.5);
      }
      recorder.setStatus(last, made % 3 == 0 ? store::RunStatus::Failed : store::RunStatus::Finished);
      if (made % 16 == 0) recorder.flush();  // the queue is not to hold the database
    }
    recorder.flush();
    const int64_t total = made * points;
    report("write (last tenth)", total, static_cast<double>(runs / 10 * points) / msSince(start) * 1000, "points/s");
    report("list and filter", made, best([&] {
             store::Database database(file);
             auto all = database.runs();
             std::erase_if(all, [](const auto& r) { return r.status != store::RunStatus::Finished; });
             std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
               return a.metric("accuracy", "val")->best()->value > b.metric("accuracy", "val")->best()->value;
             });
           }),
           "ms");
    report("open newest run", total, best([&] { store::Database(file).series(last, "loss", "train"); }), "ms");
    report("file", total, static_cast<double>(std::filesystem::file_size(file)) / 1e6, "MB");
    mark += std::max<int64_t>(1, runs / 10);
  }
}

}  // namespace

int main(int argc, char** argv) {
  durable();
  openRun();
  manyRuns(argc > 2 ? std::atoll(argv[1]) : 10'000, argc > 2 ? std::atoll(argv[2]) : 100);
}
