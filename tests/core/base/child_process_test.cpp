// SPDX-License-Identifier: Apache-2.0
#include "core/base/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using namespace std::chrono_literals;

TEST(ChildProcess, TellsStatusAndOutput) {
  const test::TempFolder folder;
  const ChildResult result = runChild({"sh", "-c", "pwd; echo wrong >&2; cat; exit 3"}, folder.path(), 1min);
  EXPECT_EQ(result.status, 3);
  EXPECT_FALSE(result.timedOut);
  EXPECT_EQ(result.output, std::filesystem::canonical(folder.path()).string() + "\nwrong\n");
}

TEST(ChildProcess, IsKilledWithAllThatItStarted) {
  const ChildResult result = runChild({"sh", "-c", "sleep 600 & sleep 600"}, "/", 50ms);
  EXPECT_TRUE(result.timedOut);
  EXPECT_EQ(result.status, 128 + 9);
}

TEST(ChildProcess, IsKilledWhenItIsSilentAndStays) {
  const ChildResult result = runChild({"sh", "-c", "exec >&- 2>&-; sleep 600"}, "/", 50ms);
  EXPECT_TRUE(result.timedOut);
}

// Stopped from another thread once the child says that it runs. What it started holds the pipe: its end tells that
// nothing is left.
TEST(ChildProcess, IsKilledWithAllThatItStartedWhenAskedTo) {
  const test::TempFolder folder;
  const std::filesystem::path held = folder.path() / "held";
  ASSERT_EQ(::mkfifo(held.c_str(), 0600), 0);
  std::stop_source stop;
  const std::jthread asking([&] {
    char byte = 0;
    const int pipe = ::open(held.c_str(), O_RDONLY);
    EXPECT_EQ(::read(pipe, &byte, 1), 1);
    stop.request_stop();
    EXPECT_EQ(::read(pipe, &byte, 1), 0);
    ::close(pipe);
  });
  const ChildResult result = runChild({"sh", "-c", "exec 3> held; sleep 600 & printf x >&3; sleep 600"}, folder.path(),
                                      5min, stop.get_token());
  EXPECT_TRUE(result.stopped);
  EXPECT_FALSE(result.timedOut);
  EXPECT_EQ(result.status, 128 + 9);
}

TEST(ChildProcess, IsKilledAtOnceWhereAStopCameBefore) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(runChild({"sleep", "600"}, "/", 5min, stop.get_token()).stopped);
}

TEST(ChildProcess, KeepsTheEndOfALongOutput) {
  const ChildResult result = runChild({"sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' a; echo end"}, "/", 1min);
  EXPECT_EQ(result.output.size(), 64u << 10);
  EXPECT_TRUE(result.output.ends_with("aend\n"));
}

TEST(ChildProcess, NamesAProgramThatIsNotThere) {
  EXPECT_EQ(
      test::messageOf([] { runChild({"no-such-program"}, "/", 1min); }).rfind("Could not start no-such-program.", 0),
      0u);
}

}  // namespace
}  // namespace netwright
