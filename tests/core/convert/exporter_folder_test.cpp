// SPDX-License-Identifier: Apache-2.0
// Exports that are folders: written whole, renewed whole, beside files of others.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/convert/networks.h"
#include "tests/support/killed.h"
#include "tests/support/message_of.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using test::messageOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Stands for formats that are folders.
class Folder final : public Exporter {
 public:
  explicit Folder(std::vector<std::string> names, std::string text = "text") : names_(std::move(names)), text_(text) {}
  FormatInfo info() const override {
    FormatInfo format{"folder", "Folder", {}, "", ""};
    format.folder = true;
    return format;
  }
  std::optional<std::string> refusal(const program::Program&, const program::Op&) const override { return {}; }
  std::vector<OutputFile> files(const ExportInput&) const override {
    std::vector<OutputFile> list;
    for (const std::string& name : names_) list.push_back({name, Chunks(text_ + " of " + name)});
    return list;
  }
  Comparison prove(const ExportInput&, const fs::path&, Evaluator&, const std::stop_token&) const override {
    return {};
  }

 private:
  std::vector<std::string> names_;
  std::string text_;
};

std::vector<std::string> pathsIn(const fs::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all.push_back(entry.path().lexically_relative(folder).string() + (entry.is_directory() ? "/" : ""));
  std::sort(all.begin(), all.end());
  return all;
}

class ExportedFolder : public ::testing::Test {
 protected:
  std::vector<fs::path> write(const Folder& format) { return format.write(network_->input(), path); }
  std::string said(const Folder& format) {
    return messageOf([&] { write(format); });
  }
  void TearDown() override {
    EXPECT_EQ(std::distance(fs::directory_iterator(above_.path()), {}), 1) << "nothing temporary is left";
  }
  const TemporaryFolder above_;
  const fs::path path = above_.path() / "made";

 private:
  const NetworkPtr network_ = mlp();
};

TEST_F(ExportedFolder, IsWrittenWholeAndReplacedWhole) {
  EXPECT_THAT(write(Folder({"a.txt", "inside/b.txt"})), ElementsAre(path / "a.txt", path / "inside/b.txt"));
  EXPECT_EQ(readFile(path / "inside/b.txt"), "text of inside/b.txt");
  write(Folder({"a.txt", "c.txt"}, "other"));
  EXPECT_THAT(pathsIn(path), ElementsAre("a.txt", "c.txt", "netwright-files.txt"));
  EXPECT_EQ(readFile(path / "a.txt"), "other of a.txt");
}

TEST_F(ExportedFolder, KeepsTheFilesOfOthers) {
  write(Folder({"a.txt", "old/b.txt"}));
  fs::create_directories(path / "build/deep");
  fs::create_directories(path / "build/empty");
  writeFileAtomic(path / "build/deep/a.out", "program");
  fs::permissions(path / "build/deep/a.out", fs::perms::owner_all);
  fs::permissions(path / "build/deep", fs::perms::owner_all);
  fs::create_symlink("deep/a.out", path / "build/link");
  fs::create_symlink("nowhere", path / "build/broken");
  writeFileAtomic(path / "old/mine.txt", "mine");
  const auto time = fs::last_write_time(path / "build/deep/a.out");
  write(Folder({"a.txt", "new.txt"}));
  EXPECT_THAT(pathsIn(path),
              ElementsAre("a.txt", "build/", "build/broken", "build/deep/", "build/deep/a.out", "build/empty/",
                          "build/link", "netwright-files.txt", "new.txt", "old/", "old/mine.txt"));
  EXPECT_EQ(readFile(path / "build/link"), "program");
  EXPECT_EQ(fs::last_write_time(path / "build/deep/a.out"), time);
  EXPECT_EQ(fs::status(path / "build/deep/a.out").permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(path / "build/deep").permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::hard_link_count(path / "build/deep/a.out"), 1u);
}

TEST_F(ExportedFolder, RefusesWhereAFileOfOthersIsInTheWay) {
  write(Folder({"a.txt"}));
  writeFileAtomic(path / "mine", "mine");
  for (const char* name : {"mine", "mine/b.txt"})
    EXPECT_EQ(said(Folder({"a.txt", name}, "other")),
              "In the folder " + path.string() +
                  " files of its own are in the way: mine. The export has files of the same name. Move them, or choose "
                  "another name; nothing was changed.");
  EXPECT_EQ(readFile(path / "a.txt"), "text of a.txt");
  EXPECT_EQ(readFile(path / "mine"), "mine");
}

TEST_F(ExportedFolder, RefusesAFolderThatNoExportHasMade) {
  fs::create_directories(path / "inside");
  for (const char* name : {"a.txt", "b", "c", "d", "inside/e"}) writeFileAtomic(path / name, "mine");
  EXPECT_EQ(said(Folder({"a.txt"})), "The folder " + path.string() +
                                         " holds files of its own: b, c, d and 1 more. Only a folder that an export "
                                         "has made can hold other files. Choose another name; nothing was changed.");
  fs::remove_all(path);
  writeFileAtomic(path, "x");
  EXPECT_THAT(said(Folder({"a"})), HasSubstr("is a file, not a folder."));
}

// As exports were before they had a list.
TEST_F(ExportedFolder, TakesAFolderThatHoldsNothingElse) {
  fs::create_directories(path);
  writeFileAtomic(path / "a.txt", "old");
  write(Folder({"a.txt", "b.txt"}));
  EXPECT_EQ(readFile(path / "a.txt"), "text of a.txt");
}

TEST_F(ExportedFolder, AListThatLiesReachesNothingOutside) {
  write(Folder({"a.txt"}));
  writeFileAtomic(path / "netwright-files.txt", "../made\n/etc/hosts\n\n../../x\na.txt\n");
  write(Folder({"a.txt"}, "other"));
  EXPECT_EQ(readFile(path / "a.txt"), "other of a.txt");
}

// Old or new, never a mix, and what others have is there in either.
TEST_F(ExportedFolder, IsOldOrNewWheneverItsWriterIsKilled) {
  write(Folder({"a.txt", "inside/b.txt"}, "-1"));
  writeFileAtomic(path / "inside/mine", "mine");
  std::mt19937 random(1);
  for (int i = 0; i < test::kills(); ++i) {
    test::killed(random, [&](int n) { write(Folder({"a.txt", "inside/b.txt"}, std::to_string(n))); });
    const std::string first = readFile(path / "a.txt"), version = first.substr(0, first.find(' '));
    ASSERT_EQ(readFile(path / "inside/b.txt"), version + " of inside/b.txt") << i;
    ASSERT_EQ(readFile(path / "inside/mine"), "mine") << i;
  }
  write(Folder({"a.txt", "inside/b.txt"}));
}

}  // namespace
}  // namespace netwright::convert::testing
