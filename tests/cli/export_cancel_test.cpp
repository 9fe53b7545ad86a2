// SPDX-License-Identifier: Apache-2.0
// An export that is cancelled while a compiler proves it: the file stays, the compiler and its folder go.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/digits.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using ::testing::HasSubstr;

TEST(ExportCancel, ASignalEndsWhatTheProofHasStarted) {
  const test::TempFolder folder;
  project::Project p = test::makeTinyProject(folder / "p");
  p.run.epochs = 1;
  project::save(p, folder / "p");
  // Holds the pipe as long as it, or what it has started, lives.
  writeFileAtomic(folder / "endless",
                  "#!/bin/sh\nexec 3> '" + (folder / "held").string() + "'\nsleep 600 &\necho begun >&3\nsleep 600\n");
  std::filesystem::permissions(folder / "endless", std::filesystem::perms::owner_all);
  std::filesystem::create_directory(folder / "tmp");
  const test::Outcome outcome = test::runShell(fmt::format(
      "cd '{}' && export PATH='{}':$PATH && netwright-cli train p >/dev/null && mkfifo held && export CXX=$PWD/endless "
      "TMPDIR=$PWD/tmp && {{ netwright-cli export p --format cpp -o out >said 2>&1 & }} && exec 4< held && "
      "read -r begun <&4 && kill -TERM $! && ! wait $! && ! read -r more <&4 && cat said && ls out tmp",
      folder.path().string(), NETWRIGHT_BIN_DIR));
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Not compared: the proof was cancelled. The file is whole."));
  EXPECT_TRUE(outcome.out.ends_with("\ntmp:\n")) << "nothing temporary is left" << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("example.cpp"));
}

}  // namespace
}  // namespace netwright
