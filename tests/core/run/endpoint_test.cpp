// SPDX-License-Identifier: Apache-2.0
#include "core/run/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "core/base/error.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::run {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Endpoint : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* given = std::getenv("XDG_RUNTIME_DIR");
    before = given ? given : "";
    ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
  }
  void TearDown() override {
    before.empty() ? ::unsetenv("XDG_RUNTIME_DIR") : ::setenv("XDG_RUNTIME_DIR", before.c_str(), 1);
  }
  static unsigned mode(const fs::path& path) {
    struct stat s{};
    EXPECT_EQ(::lstat(path.c_str(), &s), 0) << path;
    return s.st_mode & 0777;
  }
  test::TempFolder folder;
  std::string before;
};

TEST_F(Endpoint, FolderAndSocketAreClosedToOthers) {
  const mode_t old = ::umask(0);
  const fs::path place = runtimeFolder();
  EXPECT_EQ(place, folder / "netwright");
  const fs::path socket = place / socketName(12, 34);
  ::close(listenAt(socket));
  ::umask(old);
  EXPECT_EQ(mode(place), 0700u);
  EXPECT_EQ(mode(socket), 0600u);
}

TEST_F(Endpoint, RefusesAFolderThatOthersMayEnterOrThatIsALink) {
  fs::create_directory(folder / "netwright");
  fs::permissions(folder / "netwright", fs::perms(0755));
  EXPECT_THAT(test::messageOf([] { runtimeFolder(); }), HasSubstr("Others may enter it (mode 755)."));
  fs::remove(folder / "netwright");
  fs::create_directory(folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", folder / "netwright");
  EXPECT_THAT(test::messageOf([] { runtimeFolder(); }), HasSubstr("It is not a folder."));
}

TEST_F(Endpoint, AStandInServesWhereThereIsNoFolderOrItsPathIsTooLong) {
  const fs::path standIn = "/tmp/netwright-" + std::to_string(::geteuid());
  ::setenv("XDG_RUNTIME_DIR", (folder / std::string(90, 'x')).c_str(), 1);
  EXPECT_EQ(runtimeFolder(), standIn);
  ::setenv("XDG_RUNTIME_DIR", (folder / "missing").c_str(), 1);
  EXPECT_EQ(runtimeFolder(), standIn);
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(runtimeFolder(), standIn);
  EXPECT_EQ(mode(standIn), 0700u);
}

TEST_F(Endpoint, ReadsNamesOfSocketsOnly) {
  const auto address = addressOf("/x/engine-12-345.sock");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->pid, 12);
  EXPECT_EQ(address->start, 345);
  for (const char* name : {"engine-12.sock", "engine-12-345.sock2", "engine--1-3.sock", "engine-0-1.sock", "x",
                           "engine-99999999999999999999-1.sock"})
    EXPECT_FALSE(addressOf(name)) << name;
}

TEST_F(Endpoint, SaysWhereNobodyListens) {
  EXPECT_THAT(test::messageOf([&] { connectTo(folder / "none.sock"); }), HasSubstr("No engine answers at"));
  EXPECT_THAT(test::messageOf([&] { connectTo(folder / std::string(120, 'a')); }), HasSubstr("107 are allowed"));
}

}  // namespace
}  // namespace netwright::run
