// SPDX-License-Identifier: Apache-2.0
// netwright-cli project pack, unpack and check, in folders whose names shells and formats stumble over.
#include "core/project/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/support/digits.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::runShell;
using testing::HasSubstr;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

test::Outcome cli(const test::TempFolder& folder, const std::string& arguments) {
  return runShell("cd " + quoted(folder.path().string()) + " && '" NETWRIGHT_BIN_DIR "/netwright-cli' project " +
                  arguments);
}

TEST(CliProject, PacksAndUnpacksUnderAnyName) {
  for (const std::string name : {"plain", "two words", "it's \"quoted\"", "new\nline", "byte \xff"}) {
    const test::TempFolder folder;
    test::makeTinyProject(folder / name);
    const auto packed = cli(folder, "pack --json " + quoted(name));
    ASSERT_EQ(packed.status, 0) << packed.err;
    EXPECT_EQ(Json::parse(packed.out).at("files"), 5);
    EXPECT_EQ(Json::parse(packed.out).at("left_out"), Json::array());
    const auto unpacked = cli(folder, "unpack --json " + quoted(name + ".nwz") + " " + quoted(name + " 2"));
    ASSERT_EQ(unpacked.status, 0) << unpacked.err;
    EXPECT_EQ(project::load(folder / (name + " 2")), project::load(folder / name));
    EXPECT_EQ(cli(folder, "unpack " + quoted(name + ".nwz") + " " + quoted(name)).status, 1) << "it is taken";
  }
}

TEST(CliProject, CheckAnswersWithItsExitStatus) {
  const test::TempFolder folder;
  test::makeTinyProject(folder / "p");
  const auto sound = cli(folder, "check p");
  EXPECT_EQ(sound.status, 0) << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("The project is sound: 0 runs, 0 checkpoints."));
  std::filesystem::remove_all(folder / "p/data");
  const auto broken = cli(folder, "check --json p");
  EXPECT_EQ(broken.status, 1);
  EXPECT_EQ(Json::parse(broken.out).at("ok"), false);
  EXPECT_EQ(Json::parse(broken.out).at("findings").at(0).at("part"), "data");
  EXPECT_EQ(cli(folder, "check nowhere").status, 1);
  EXPECT_EQ(cli(folder, "unpack nowhere.nwz").status, 3);
  EXPECT_EQ(cli(folder, "").status, 2);
}

}  // namespace
}  // namespace netwright
