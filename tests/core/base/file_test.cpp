// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::messageOf;
using test::TempFolder;

// Lets no file of this process grow beyond `bytes`: as a full disk, in the middle of a write.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

long entries(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

TEST(File, ReadsBackWhatWasWritten) {
  const TempFolder folder;
  const std::string content("line\n\0binary\xff", 13);
  writeFileAtomic(folder / "f", content);
  EXPECT_EQ(readFile(folder / "f"), content);
  writeFileAtomic(folder / "f", "");
  EXPECT_EQ(readFile(folder / "f"), "");
  EXPECT_EQ(entries(folder.path()), 1) << "no temporary file stays behind";
}

TEST(File, SaysWhatCannotBeRead) {
  const TempFolder folder;
  const std::string at = folder.path().string();
  try {
    readFile(folder / "none");
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Environment);
  }
  EXPECT_EQ(messageOf([&] { readFile(folder / "none"); }),
            "Could not read " + at + "/none. No such file or directory. Check the path.");
  EXPECT_EQ(messageOf([&] { readFile(folder.path()); }), at + " is a folder, not a file.");
}

TEST(File, AWriteThatFailsHalfwayKeepsTheOldFile) {
  const TempFolder folder;
  writeFileAtomic(folder / "f", "old");
  std::string what;
  {
    const SizeLimit limit(4096);
    what = messageOf([&] { writeFileAtomic(folder / "f", std::string(100'000, 'x')); });
  }
  EXPECT_EQ(what, "Could not write " + (folder / "f").string() +
                      ". File too large. Choose a folder that you may write to; nothing was changed.");
  EXPECT_EQ(readFile(folder / "f"), "old");
  EXPECT_EQ(entries(folder.path()), 1) << "no temporary file stays behind";
}

TEST(File, AWriteThatCannotEndKeepsWhatIsThere) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "taken");
  EXPECT_THAT(messageOf([&] { writeFileAtomic(folder / "taken", "x"); }), ::testing::HasSubstr("Is a directory."));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "taken"));
  EXPECT_EQ(entries(folder.path()), 1);
  EXPECT_THAT(messageOf([&] { writeFileAtomic(folder / "none/f", "x"); }),
              ::testing::HasSubstr("No such file or directory."));
}

// FIPS 180-2, appendix B.
TEST(File, Sha256MatchesThePublishedVectors) {
  EXPECT_EQ(sha256Hex(std::string_view("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Hex(std::string_view("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256Hex(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace netwright
