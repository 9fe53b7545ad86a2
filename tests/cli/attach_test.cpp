// SPDX-License-Identifier: Apache-2.0
// attach, ps and stop: several programs at one run. Runs the built programs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <thread>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/project/going_runs.h"
#include "core/run/engine_client.h"
#include "core/store/process.h"
#include "tests/support/digits.h"
#include "tests/support/heard.h"
#include "tests/support/message_of.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::Heard;
using test::Outcome;
using ::testing::HasSubstr;

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

class Attach : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("NETWRIGHT_ENGINE", NETWRIGHT_BIN_DIR "/netwright-engine", 1);
    ::setenv("XDG_RUNTIME_DIR", runtime.path().c_str(), 1);
    project = test::makeTinyProject(folder.path());
    project::setByName(project, "epochs", "100000");
    project::save(project, folder.path());
  }
  void TearDown() override {
    ::unsetenv("NETWRIGHT_ENGINE");
    ::unsetenv("XDG_RUNTIME_DIR");
  }
  Outcome cli(const std::string& arguments) const {
    return test::runShell(
        fmt::format("cd '{}' && '{}/netwright-cli' {}", folder.path().string(), NETWRIGHT_BIN_DIR, arguments));
  }
  // A run that has begun, in an engine of its own.
  std::unique_ptr<run::EngineClient> start(Heard& heard, bool keep = false) {
    auto engine = std::make_unique<run::EngineClient>(heard.listener());
    engine->request(run::Train{folder.path().string(), "", {}, keep});
    EXPECT_TRUE(heard.first<run::Progress>([](const auto& p) { return p.step > 20; }));
    return engine;
  }
  Json listed() const {
    for (const Json& e : Json::parse(cli("ps --json").out))
      if (e.at("project") == std::filesystem::canonical(folder.path()).string()) return e;
    return nullptr;
  }
  store::RunSummary latest() const { return project::findRun(folder.path(), "latest"); }

  test::TempFolder folder, runtime;
  project::Project project;
};

// The heart of attaching: history up to event k and live events from k + 1 are the record, point by point.
TEST_F(Attach, NoPointIsLostOrDoubled) {
  Heard own;
  auto engine = start(own);
  for (int round = 0; round < 3; ++round) {
    Heard heard;
    const project::GoingRun going = project::goingRun(folder.path(), "latest");
    run::EngineClient client(going.address.socket, heard.listener(), {"observe", {}});
    client.request(run::Attach{});
    const auto snapshot = heard.first<run::Snapshot>();
    ASSERT_TRUE(snapshot);
    std::map<std::pair<std::string, std::string>, std::vector<std::pair<int64_t, double>>> told;
    for (const run::Point& p : project::historyOf(*snapshot)) told[{p.key, p.context}].emplace_back(p.step, p.value);
    const int64_t steps = snapshot->progress.step;
    EXPECT_EQ(int64_t(told.at({"loss", "train"}).size()), steps);
    ASSERT_TRUE(heard.first<run::Progress>([&](const auto& p) { return p.step > steps + 50; }));
    if (round == 2) {
      engine->request(run::Stop{});
      ASSERT_TRUE(heard.first<run::Finished>());
    }
    for (const run::Event& e : heard.all())
      if (const auto* p = std::get_if<run::Progress>(&e.body)) {
        EXPECT_EQ(p->skipped, 0);
        for (const run::Point& q : p->points) told[{q.key, q.context}].emplace_back(q.step, q.value);
      }
    store::Database database(project::databaseFile(folder.path()));
    for (const auto& [name, points] : told) {
      const store::Series series = database.series(going.summary.id, name.first, name.second);
      if (round == 2) {
        EXPECT_EQ(series.size(), points.size()) << name.first;
      }
      for (size_t i = 0; i < std::min(points.size(), series.size()); ++i) {
        ASSERT_EQ(points[i].first, series.steps[i]) << name.first << " " << i;
        ASSERT_EQ(points[i].second, series.values[i]) << name.first << " " << i;
      }
    }
  }
}

// Points that a resumed run has from before count as history.
TEST_F(Attach, AResumedRunHasItsHistory) {
  {
    Heard heard;
    start(heard);  // and stops
  }
  const int64_t before = latest().steps;
  Heard own;
  run::EngineClient engine(own.listener());
  engine.request(run::ResumeRun{folder.path().string(), "latest", {}, false});
  ASSERT_TRUE(own.first<run::Progress>([&](const auto& p) { return p.step > before + 20; }));
  Heard heard;
  run::EngineClient client(project::goingRun(folder.path(), "latest").address.socket, heard.listener(),
                           {"observe", {}});
  client.request(run::Attach{});
  const auto snapshot = heard.first<run::Snapshot>();
  ASSERT_TRUE(snapshot);
  std::vector<int64_t> steps;
  for (const run::Point& p : project::historyOf(*snapshot))
    if (p.key == "loss" && p.context == "train") steps.push_back(p.step);
  ASSERT_EQ(int64_t(steps.size()), snapshot->progress.step);
  for (size_t i = 0; i < steps.size(); ++i) ASSERT_EQ(steps[i], int64_t(i) + 1);
}

TEST_F(Attach, PsListsAndStopStopsWithACheckpoint) {
  Heard own;
  auto engine = start(own);
  const Json e = listed();
  ASSERT_FALSE(e.is_null());
  EXPECT_EQ(e.at("run"), "run-1");
  EXPECT_EQ(e.at("state"), "running");
  EXPECT_EQ(e.at("pid"), engine->pid());
  EXPECT_GT(e.at("epoch"), 0);
  EXPECT_GT(e.at("samples_per_second"), 0);
  EXPECT_GT(e.at("memory"), 10'000'000);
  EXPECT_EQ(e.at("clients"), 1);
  EXPECT_THAT(cli("ps").out, HasSubstr("run-1        running"));

  const Outcome stopped = cli("stop . --json");
  ASSERT_EQ(stopped.status, 0) << stopped.err;
  EXPECT_EQ(Json::parse(stopped.out).at("run"), "run-1");
  ASSERT_TRUE(own.first<run::Finished>());
  EXPECT_EQ(latest().status, store::RunStatus::Killed);
  EXPECT_EQ(project::openRun(folder.path(), "latest").checkpoint.position.step, Json::parse(stopped.out).at("step"));
  const Outcome again = cli("stop .");
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.err, HasSubstr("is going.\n  'run-1' is KILLED.\n"));
  EXPECT_EQ(cli("attach .").status, 1);
}

TEST_F(Attach, StopNowEndsAnEngineThatHangs) {
  Heard own;
  auto engine = start(own);
  ::kill(static_cast<pid_t>(engine->pid()), SIGSTOP);
  EXPECT_EQ(Json::parse(cli("ps --json --timeout 0.3").out)[0].at("state"), "silent");
  const Outcome o = test::runShell(fmt::format("NETWRIGHT_ENGINE_TIMEOUT=0.3 '{}/netwright-cli' stop '{}'",
                                               NETWRIGHT_BIN_DIR, folder.path().string()));
  EXPECT_EQ(o.status, 3);
  EXPECT_THAT(o.err, HasSubstr("has not answered for 0.3 seconds."));
  const Outcome now = cli("stop . --now");
  EXPECT_EQ(now.status, 0) << now.err;
  EXPECT_THAT(now.out, HasSubstr("netwright-cli resume . run-1"));
  const auto lost = own.first<run::EngineLost>();
  ASSERT_TRUE(lost);
  EXPECT_THAT(lost->what, HasSubstr("signal 9"));
  EXPECT_EQ(latest().status, store::RunStatus::Lost);
  EXPECT_EQ(cli("ps").out, "No engine is going.\n");
}

// Shows what train shows; Ctrl+C leaves the run alone.
TEST_F(Attach, WatchesAndLetsGo) {
  Heard own;
  auto engine = start(own);
  const Outcome o = test::runShell(
      fmt::format("'{0}/netwright-cli' attach '{1}' > '{1}/log' & p=$!; until grep -q 'epoch .*/100000' '{1}/log'; do "
                  "kill -0 $p || exit 9; done; kill -INT $p; wait $p; s=$?; cat '{1}/log'; exit $s",
                  NETWRIGHT_BIN_DIR, folder.path().string()));
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_THAT(o.out, HasSubstr(" · run-1 · "));
  EXPECT_THAT(o.out, HasSubstr("! Detached; run-1 goes on."));
  EXPECT_EQ(latest().status, store::RunStatus::Running);
  std::jthread watcher;
  Outcome end;
  watcher = std::jthread([&] { end = cli("attach . run-1 --json"); });
  ASSERT_TRUE(eventually([&] { return listed().at("clients") == 2; }));
  engine->request(run::Stop{});
  watcher.join();
  EXPECT_EQ(end.status, 0) << end.err;
  EXPECT_EQ(Json::parse(end.out).at("stopped"), true);
}

// --- to whom a run belongs

TEST_F(Attach, AKeptRunOutlivesItsStarterAndItsEngineEndsWithIt) {
  Heard own;
  auto engine = start(own, true);
  const store::ProcessId process = store::processWithPid(engine->pid());
  engine->letGo();
  engine.reset();
  const int64_t step = latest().steps;
  ASSERT_TRUE(eventually([&] { return latest().steps > step; })) << "it goes on";
  EXPECT_EQ(listed().at("clients"), 0);
  EXPECT_EQ(listed().at("keep"), true);
  EXPECT_EQ(cli("stop .").status, 0);
  ASSERT_TRUE(eventually([&] { return !store::isAlive(process); }));
  EXPECT_FALSE(std::filesystem::exists(runtime / "netwright" / run::socketName(process.pid, process.start)));
}

// Nobody is left to let it go on.
TEST_F(Attach, AKeptRunThatPausesAloneIsStopped) {
  Heard own;
  auto engine = start(own, true);
  const store::ProcessId process = store::processWithPid(engine->pid());
  engine->request(run::Pause{});
  ASSERT_TRUE(own.reaches(run::RunState::Paused));
  engine->letGo();
  engine.reset();
  ASSERT_TRUE(eventually([&] { return !store::isAlive(process); }));
  EXPECT_EQ(latest().status, store::RunStatus::Killed);
}

TEST_F(Attach, AnEngineWithoutARunEndsWithItsStarter) {
  Heard own;
  auto engine = std::make_unique<run::EngineClient>(own.listener());
  engine->request(run::Describe{});
  const store::ProcessId process = store::processWithPid(engine->pid());
  engine->letGo();
  engine.reset();
  EXPECT_TRUE(eventually([&] { return !store::isAlive(process); }));
}

TEST_F(Attach, TerminatedEnginesSaveACheckpoint) {
  Heard own;
  auto engine = start(own, true);
  ::kill(static_cast<pid_t>(engine->pid()), SIGTERM);
  const auto finished = own.first<run::Finished>();
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->stopped);
  ASSERT_TRUE(own.first<run::EngineLost>());
  EXPECT_EQ(project::openRun(folder.path(), "latest").checkpoint.position.step, latest().steps);
}

// The command line's own runs end with it, whatever ends it.
TEST_F(Attach, ARunOfTheCommandLineEndsWithIt) {
  for (const auto& [signal, status] :
       std::vector<std::pair<std::string, int>>{{"INT", 130}, {"TERM", 130}, {"HUP", 130}, {"KILL", 137}}) {
    const Outcome o = test::runShell(fmt::format(
        "set -m; '{0}/netwright-cli' train '{1}' > '{1}/log' & p=$!; until grep -q 'epoch .*/100000' '{1}/log'; do "
        "kill -0 $p || exit 9; done; kill -{2} $p; wait $p",
        NETWRIGHT_BIN_DIR, folder.path().string(), signal));
    EXPECT_EQ(o.status, status) << signal << o.out << o.err;
    ASSERT_TRUE(eventually([&] { return listed().is_null(); })) << signal << ": the engine ends";
    EXPECT_EQ(latest().status, store::RunStatus::Killed) << signal;
    EXPECT_EQ(project::openRun(folder.path(), "latest").checkpoint.position.step, latest().steps) << signal;
    std::filesystem::remove(folder / "log");
  }
}

TEST_F(Attach, StaleSocketsAreTakenAway) {
  Heard own;
  auto engine = start(own, true);
  const auto socket = project::goingRun(folder.path(), "latest").address.socket;
  engine->kill();
  ASSERT_TRUE(own.first<run::EngineLost>());
  EXPECT_TRUE(std::filesystem::exists(socket));
  EXPECT_EQ(cli("ps --json").out, "[]\n");
  EXPECT_FALSE(std::filesystem::exists(socket));
}

}  // namespace
}  // namespace netwright
