// SPDX-License-Identifier: Apache-2.0
// R7: the engine killed, aborted, hanging, without memory or sending garbage, in each state: told in words, restarted,
// resumed to the same weights.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/file.h"
#include "core/project/stored_run.h"
#include "core/run/engine_client.h"
#include "core/run/protocol.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/heard.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using run::RunState;
using test::Heard;
using ::testing::HasSubstr;

constexpr const char* kEngine = NETWRIGHT_BIN_DIR "/netwright-engine";

class Faults : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("NETWRIGHT_ENGINE", kEngine, 1);
    ::setenv("XDG_RUNTIME_DIR", runtime.path().c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("NETWRIGHT_ENGINE");
    ::unsetenv("XDG_RUNTIME_DIR");
  }
  // A program in the engine's place.
  void pretend(const std::string& script) {
    const auto path = runtime / "fake-engine";
    writeFileAtomic(path, "#!/bin/sh\n" + script + "\n");
    ::chmod(path.c_str(), 0700);
    ::setenv("NETWRIGHT_ENGINE", path.c_str(), 1);
  }
  // A file of bytes for such a script.
  std::string file(const char* name, const std::string& bytes) {
    writeFileAtomic(runtime / name, bytes);
    return (runtime / name).string();
  }
  static std::string hello(int protocol = run::kProtocolVersion) {
    return run::encode(run::Event{0, run::Hello{protocol, 1, "none", "fake"}, {}});
  }
  test::TempFolder runtime;
};

std::map<std::string, std::string> weights(const std::filesystem::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const NamedTensor& t : project::openRun(folder, "latest").checkpoint.weights)
    hashes[t.name] = sha256Hex(std::span(t.tensor.bytes));
  return hashes;
}

constexpr int64_t kEpochs = 40;

void makeProject(const std::filesystem::path& folder) {
  project::Project p = test::makeTinyProject(folder);
  p.run.epochs = kEpochs;
  project::save(p, folder);
}

// Brings an engine into a state; returns once it has said so.
void reach(const std::string& state, const std::filesystem::path& folder, run::EngineClient& engine, Heard& heard) {
  if (state == "idle") {
    engine.request(run::Describe{});
    return;
  }
  engine.send(run::Train{folder.string(), "", {}, false});
  if (state == "preparing") {
    ASSERT_TRUE(heard.reaches(RunState::Preparing));
    return;
  }
  ASSERT_TRUE(heard.first<run::Progress>([](const auto& p) { return p.step > 0; }));
  if (state == "paused") {
    engine.send(run::Pause{});
    ASSERT_TRUE(heard.reaches(RunState::Paused));
  }
  if (state == "stopping") {
    engine.send(run::Stop{});
    ASSERT_TRUE(heard.reaches(RunState::Stopping));
  }
}

// Lets the run go on in a new engine, or starts it if it had not begun.
void finish(const std::filesystem::path& folder) {
  Heard heard;
  run::EngineClient engine(heard.listener());
  const bool begun = std::filesystem::exists(project::databaseFile(folder)) &&
                     !store::Database(project::databaseFile(folder)).runs().empty();
  try {
    if (begun)
      engine.request(run::ResumeRun{folder.string(), "latest", {}, false});
    else
      engine.request(run::Train{folder.string(), "", {}, false});
  } catch (const Error& e) {
    ASSERT_THAT(e.title, HasSubstr("has finished its"));  // the fault came after the end
    return;
  }
  ASSERT_TRUE(heard.first<run::Finished>());
}

// Writes into the pipe on which an engine tells its events: the first one that it opened itself, a copy of its
// standard output.
void interject(run::EngineClient& engine, const std::string& bytes) {
  std::string pipe;
  for (int n = 3; n < 20 && pipe.empty(); ++n) {
    std::error_code ec;
    const std::string link = fmt::format("/proc/{}/fd/{}", engine.pid(), n);
    if (std::filesystem::read_symlink(link, ec).string().starts_with("pipe:")) pipe = link;
  }
  const int fd = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0) << pipe;
  EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  ::close(fd);
}

class FaultsInEachState : public Faults, public ::testing::WithParamInterface<std::string> {};

TEST_P(FaultsInEachState, AreNamedRestartedAndLoseNothing) {
  const test::TempFolder whole;
  makeProject(whole.path());
  finish(whole.path());
  for (const int signal : {SIGKILL, SIGABRT, SIGSTOP}) {
    const test::TempFolder folder;
    makeProject(folder.path());
    {
      Heard heard;
      run::EngineClient engine(heard.listener(), {"control", std::chrono::seconds(signal == SIGSTOP ? 2 : 60)});
      reach(GetParam(), folder.path(), engine, heard);
      ::kill(static_cast<pid_t>(engine.pid()), signal);
      if (signal == SIGSTOP) {
        const auto silent = heard.first<run::EngineSilent>();
        ASSERT_TRUE(silent) << "a hang is told";
        EXPECT_EQ(silent->seconds, 2);
        EXPECT_THAT(test::messageOf([&] { engine.request(run::Describe{}); }),
                    HasSubstr("has not answered for 2 seconds."));
        engine.kill();
      }
      const auto lost = heard.first<run::EngineLost>();
      ASSERT_TRUE(lost);
      EXPECT_EQ(lost->what, signal == SIGABRT ? "The engine was ended by signal 6 (Aborted)."
                                              : "The engine was ended by signal 9 (Killed).");
      EXPECT_THAT(test::messageOf([&] { engine.request(run::Describe{}); }), HasSubstr("was ended by signal"));
    }
    finish(folder.path());
    EXPECT_EQ(weights(folder.path()), weights(whole.path())) << ::strsignal(signal);
    EXPECT_EQ(store::Database(project::databaseFile(folder.path())).series({1}, "loss", "train").size(),
              static_cast<size_t>(6 * kEpochs))
        << ::strsignal(signal);
  }
}

// Garbage ends the engine, since nothing after it can be trusted; half a frame ends with the engine that wrote it.
TEST_P(FaultsInEachState, GarbageAndHalfFramesAreNamedAndLoseNothing) {
  const test::TempFolder whole;
  makeProject(whole.path());
  finish(whole.path());
  struct Case {
    std::string bytes, what;
    bool ends;
  };
  const std::vector<Case> cases{
      {std::string(8, '\xff'), "The engine sent something that is no message: A message claims", false},
      {std::string(64, '\0'), "The engine sent something that is no message: A message between", false},
      {hello().substr(0, 20), "The engine was ended by signal 9 (Killed).", true},
  };
  for (const Case& c : cases) {
    const test::TempFolder folder;
    makeProject(folder.path());
    {
      Heard heard;
      run::EngineClient engine(heard.listener());
      reach(GetParam(), folder.path(), engine, heard);
      if (c.ends) ::kill(static_cast<pid_t>(engine.pid()), SIGSTOP);  // else its next event would follow
      interject(engine, c.bytes);
      if (c.ends) ::kill(static_cast<pid_t>(engine.pid()), SIGKILL);
      engine.send(run::Describe{});
      const auto lost = heard.first<run::EngineLost>();
      ASSERT_TRUE(lost) << c.what;
      EXPECT_THAT(lost->what, HasSubstr(c.what));
      EXPECT_THAT(test::messageOf([&] { engine.request(run::Describe{}); }), HasSubstr(c.what));
    }
    finish(folder.path());
    EXPECT_EQ(weights(folder.path()), weights(whole.path())) << c.what;
  }
}

INSTANTIATE_TEST_SUITE_P(States, FaultsInEachState,
                         ::testing::Values("idle", "preparing", "running", "paused", "stopping"),
                         [](const auto& info) { return info.param; });

// Hangs for a while only.
TEST_F(Faults, AnEngineThatComesBackIsToldToo) {
  Heard heard;
  run::EngineClient engine(heard.listener(), {"control", std::chrono::seconds(1)});
  engine.send(run::Describe{});
  ASSERT_TRUE(heard.first<run::Reply>());
  ::kill(static_cast<pid_t>(engine.pid()), SIGSTOP);
  ASSERT_TRUE(heard.first<run::EngineSilent>([](const auto& s) { return s.seconds > 0; }));
  ::kill(static_cast<pid_t>(engine.pid()), SIGCONT);
  ASSERT_TRUE(heard.first<run::EngineSilent>([](const auto& s) { return s.seconds == 0; }));
}

TEST_F(Faults, LackOfMemoryFailsTheRunAndNotTheEngine) {
  pretend(fmt::format("ulimit -v 12000000; exec '{}'", kEngine));
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder.path());
  p.graph = test::chain({1, 8, 8}, {{"flatten", "f", {}},
                                    {"linear", "huge", {{"out_features", int64_t{100'000'000}}}},
                                    {"linear", "fc", {{"out_features", int64_t{4}}}}});
  project::save(p, folder.path());
  Heard heard;
  run::EngineClient engine(heard.listener());
  engine.request(run::Train{folder.path().string(), "", {}, false});
  const auto failed = heard.first<run::Failed>();
  ASSERT_TRUE(failed);
  EXPECT_THAT(failed->what, HasSubstr("memory")) << failed->why;
  EXPECT_NO_THROW(engine.request(run::Describe{}));
  project::save(test::makeTinyProject(folder.path()), folder.path());
  finish(folder.path());  // what was wrong was that network alone
}

TEST_F(Faults, GarbageHalfFramesAndSilentEndsAreNamed) {
  const std::string first = "'" + file("hello", hello()) + "'";
  const std::string half = hello().substr(0, 20);
  struct Case {
    std::string script, what;
  };
  const std::vector<Case> cases{
      {"echo This is no engine, and it has much to say.; exec cat >/dev/null",
       "The engine sent something that is no message: A message claims"},
      {"cat " + first + "; head -c 64 /dev/zero; exec cat >/dev/null",
       "The engine sent something that is no message: A message between the programs is malformed."},
      {"cat " + first + "; printf '\\377\\377\\377\\377\\377\\377\\377\\377'; exec cat >/dev/null",
       "The engine sent something that is no message: A message claims 4294967295 + 4294967295 bytes"},
      {"cat " + first + " '" + file("half", half) + "'; exit 7", "The engine ended with exit status 7."},
      {"exit 0", "The engine ended with exit status 0."},
      {"cat '" + file("new", hello(99)) + "'; exec cat >/dev/null",
       "The engine speaks version 99 of the protocol, the program that talks to it version 5."},
  };
  for (const Case& c : cases) {
    pretend(c.script);
    Heard heard;
    run::EngineClient engine(heard.listener());
    const auto lost = heard.first<run::EngineLost>();
    ASSERT_TRUE(lost) << c.script;
    EXPECT_THAT(lost->what, HasSubstr(c.what)) << c.script;
    EXPECT_THAT(test::messageOf([&] { engine.request(run::Describe{}); }), HasSubstr(c.what));
  }
  pretend("exec sleep 1000");  // says nothing at all
  Heard heard;
  run::EngineClient engine(heard.listener(), {"control", std::chrono::milliseconds(300)});
  EXPECT_THAT(test::messageOf([&] { engine.request(run::Describe{}); }),
              HasSubstr("has not answered for 0.3 seconds."));
}

// What an engine says before it dies is told with its end.
TEST_F(Faults, TheLastWordsAreKept) {
  pretend("echo 'cannot open shared object file' >&2; exit 127");
  Heard heard;
  run::EngineClient engine(heard.listener());
  const auto lost = heard.first<run::EngineLost>();
  ASSERT_TRUE(lost);
  EXPECT_THAT(lost->detail, HasSubstr("cannot open shared object file"));
}

// Neither the end of its pipe nor its own last words end this engine; without a limit the client would wait for ever.
TEST_F(Faults, AnEngineThatDoesNotEndIsKilled) {
  pretend("trap '' TERM INT HUP; echo $$ >'" + (runtime / "pid").string() + "'; cat '" + file("hello", hello()) +
          "'; cat >/dev/null; exec >/dev/null 2>&1; exec sleep 1000");
  {
    Heard heard;
    run::EngineClient engine(heard.listener(), {"control", std::chrono::milliseconds(200)});
    ASSERT_TRUE(heard.first<run::Hello>());
  }
  EXPECT_EQ(::kill(std::stoi(readFile(runtime / "pid")), 0), -1);
}

// Stopped by a debugger or the system while it is to save its run.
TEST_F(Faults, AnEngineThatHangsWhileItIsLeftIsKilled) {
  const test::TempFolder folder;
  makeProject(folder.path());
  {
    Heard heard;
    run::EngineClient engine(heard.listener(), {"control", std::chrono::milliseconds(500)});
    reach("running", folder.path(), engine, heard);
    ::kill(static_cast<pid_t>(engine.pid()), SIGSTOP);
  }
  finish(folder.path());
}

// A command that fills the pipe to an engine that hangs holds up nobody.
TEST_F(Faults, SendingNeverWaits) {
  pretend("exec sleep 1000");
  run::EngineClient engine({}, {"control", std::chrono::milliseconds(300)});
  const HostTensor large(DType::Float32, {1 << 20});
  for (int i = 0; i < 4; ++i) engine.send(run::Predict{}, {{"x", large}});
  engine.kill();
}

}  // namespace
}  // namespace netwright
