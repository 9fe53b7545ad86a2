// SPDX-License-Identifier: Apache-2.0
#include "core/base/child_process.h"

#include <gtest/gtest.h>

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
