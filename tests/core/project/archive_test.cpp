// SPDX-License-Identifier: Apache-2.0
// Packed projects: what goes in comes out, and nothing ever gets outside (R6).
#include "core/project/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/random.h"
#include "core/project/project.h"
#include "core/store/database.h"
#include "core/store/recorder.h"
#include "tests/core/project/hostile_zip.h"
#include "tests/support/digits.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

namespace fs = std::filesystem;
using test::HostileEntry;
using test::messageOf;
using test::TempFolder;
using testing::HasSubstr;

const std::string kProject = R"({"netwright": 1, "name": "p"})";

std::map<std::string, std::string> content(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all[fs::relative(entry.path(), folder).string()] = readFile(entry.path());
  return all;
}

long entries(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

TEST(Archive, ComesOutAsItWentInWithTheSameBytesEachTime) {
  const TempFolder folder;
  test::makeTinyProject(folder / "p");
  const Packed packed = pack({folder / "p", folder / "a.nwz", false});
  EXPECT_EQ(packed.files, 5);
  EXPECT_TRUE(packed.leftOut.empty());
  fs::last_write_time(folder / "p/project.json", fs::file_time_type::clock::now() - std::chrono::hours(50));
  pack({folder / "p", folder / "b.nwz", false});
  EXPECT_EQ(readFile(folder / "a.nwz"), readFile(folder / "b.nwz"));
  unpack(folder / "a.nwz", folder / "q/");
  EXPECT_EQ(content(folder / "q"), content(folder / "p"));
  EXPECT_EQ(fs::status(folder / "q").permissions(), fs::perms(0755));
  EXPECT_EQ(entries(folder.path()), 4) << "nothing is left behind";
}

TEST(Archive, RunsAndArtifactsComeAlongIfAskedFor) {
  const TempFolder folder;
  test::makeTinyProject(folder / "p");
  {
    store::Recorder recorder(databaseFile(folder / "p"));
    recorder.beginRun({});
    writeFileAtomic(folder / "p/artifacts/weights.safetensors", "w");
    pack({folder / "p", folder / "with.nwz", true});  // while the run goes on
  }
  pack({folder / "p", folder / "without.nwz", false});
  unpack(folder / "with.nwz", folder / "with");
  unpack(folder / "without.nwz", folder / "without");
  EXPECT_EQ(store::Database(databaseFile(folder / "with")).runs().size(), 1u);
  EXPECT_EQ(readFile(folder / "with/artifacts/weights.safetensors"), "w");
  EXPECT_FALSE(fs::exists(databaseFile(folder / "without")));
  EXPECT_FALSE(fs::exists(folder / "without/artifacts/weights.safetensors"));
}

TEST(Archive, SaysWhichDataStaysBehind) {
  const TempFolder folder;
  Project p = test::makeTinyProject(folder / "p");
  fs::create_symlink("/etc/passwd", folder / "p/data/link");
  writeFileAtomic(folder / "p/data/back\\slash", "x");
  const Packed packed = pack({folder / "p", folder / "a.nwz", false});
  ASSERT_EQ(packed.leftOut.size(), 2u);
  EXPECT_EQ(packed.files, 5);
  for (const std::string path : {"/etc", "..", "no/such"}) {
    p.data.path = path;
    save(p, folder / "p");
    const Packed outside = pack({folder / "p", folder / "a.nwz", false});
    ASSERT_EQ(outside.leftOut.size(), 1u) << path;
    EXPECT_EQ(outside.leftOut[0].path, path);
    EXPECT_EQ(outside.files, 1);
  }
}

TEST(Archive, RefusesAFolderThatIsTaken) {
  const TempFolder folder;
  save(Project{}, folder / "p");
  pack({folder / "p", folder / "a.nwz", false});
  EXPECT_EQ(messageOf([&] { unpack(folder / "a.nwz", folder / "p"); }),
            (folder / "p").string() + " exists already and is not empty. Choose another folder; nothing was changed.");
  EXPECT_THAT(messageOf([&] { unpack(folder / "none.nwz", folder / "q"); }), HasSubstr("There is no archive"));
  EXPECT_THAT(messageOf([&] { pack({folder / "p", folder / "a.nwz/b.nwz", false}); }), HasSubstr("Could not"));
}

// An extra field that PKWARE's Unix archivers use for the targets of links.
std::string linkField(const std::string& target) {
  std::string field;
  test::append(field, 0x000d, 2);
  test::append(field, 12 + target.size(), 2);
  return field + std::string(12, '\0') + target;
}

struct Hostile {
  const char* name;
  std::vector<HostileEntry> entries;
  const char* complaint;
};

std::vector<Hostile> hostiles() {
  const std::string longName(1100, 'n'), longPart = "d/" + std::string(230, 'n');
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "d/";
  const std::string zeros(3 << 20, '\0');
  HostileEntry lie{"a", "abc"};
  lie.size = 2;
  HostileEntry huge{"a", "abc"};
  huge.size = 0xfffffff0;
  HostileEntry sparse{"a", "", 0100644};
  sparse.size = 1 << 30;
  return {
      {"parent", {{"../evil", "x"}}, "leads out of the folder"},
      {"parent inside", {{"a/../../evil", "x"}}, "leads out of the folder"},
      {"parent at the end", {{"a/..", "x"}}, "leads out of the folder"},
      {"only parent", {{"..", "x"}}, "leads out of the folder"},
      {"parent folder", {{"../evil/", "", 040755}}, "leads out of the folder"},
      {"here", {{"./evil", "x"}}, "leads out of the folder"},
      {"here inside", {{"a/./evil", "x"}}, "leads out of the folder"},
      {"root", {{"/evil", "x"}}, "begins at the root"},
      {"root of a share", {{"//host/evil", "x"}}, "begins at the root"},
      {"device path", {{"/dev/null", "x"}}, "begins at the root"},
      {"drive", {{"C:/evil", "x"}}, "has a colon"},
      {"stream", {{"a:stream", "x"}}, "has a colon"},
      {"backslash", {{"..\\evil", "x"}}, "has a backslash"},
      {"backslash root", {{"\\evil", "x"}}, "has a backslash"},
      {"mixed slashes", {{"a/..\\../evil", "x"}}, "has a backslash"},
      {"empty part", {{"a//evil", "x"}}, "has an empty part"},
      {"empty name", {{"", "x"}}, "is empty"},
      {"newline", {{"a\nevil", "x"}}, "has a control character"},
      {"escape", {{"\x1b[2Jevil", "x"}}, "has a control character"},
      {"delete", {{"a\x7f", "x"}}, "has a control character"},
      {"no utf-8", {{"\xff\xfe", "x"}}, "is no UTF-8"},
      {"overlong dots", {{"\xc0\xae\xc0\xae/evil", "x"}}, "is no UTF-8"},
      {"trailing dot", {{"evil.", "x"}}, "ends in a blank or a dot"},
      {"trailing blank", {{"evil ", "x"}}, "ends in a blank or a dot"},
      {"git hook", {{".git/hooks/post-checkout", "x", 0100755}}, "is hidden"},
      {"git config", {{"data/.git/config", "x"}}, "is hidden"},
      {"lock", {{".netwright.lock", "x"}}, "is hidden"},
      {"long name", {{longName, "x"}}, "has more than 1024 bytes"},
      {"long part", {{longPart, "x"}}, "has a part of more than 200 bytes"},
      {"deep", {{deep + "x", "x"}}, "lies more than 32 folders deep"},
      {"symlink", {{"data", "/etc", 0120777}}, "holds the link 'data'"},
      {"symlink then file", {{"data", "/tmp", 0120777}, {"data/evil", "x"}}, "holds the link 'data'"},
      {"symlink named folder", {{"data/", "/etc", 0120777}}, "holds the link 'data/'"},
      {"symlink from another system", {{"data", "/etc", 0120777, {}, {}, {}, {}, 0, 0, "", {}, 0}}, "holds the link"},
      {"hardlink", {{"a", "", 0100644, {}, {}, {}, {}, 0, 0, linkField("/etc/passwd")}}, "holds the link 'a'"},
      {"character device", {{"a", "", 020666}}, "is a device, a pipe or a socket"},
      {"block device", {{"a", "", 060666}}, "is a device, a pipe or a socket"},
      {"pipe", {{"a", "", 010666}}, "is a device, a pipe or a socket"},
      {"socket", {{"a", "", 0140666}}, "is a device, a pipe or a socket"},
      {"twice", {{"a", "x"}, {"a", "y"}}, "is damaged. File already exists."},
      {"project twice", {{"project.json", kProject}}, "is damaged. File already exists."},
      {"letter case", {{"Data", "x"}, {"data", "y"}}, "are the same on some systems"},
      {"letter case outside ASCII", {{"Ärger", "x"}, {"ärger", "y"}}, "are the same on some systems"},
      {"letter case of folders", {{"Data/a", "x"}, {"data/b", "y"}}, "are the same on some systems"},
      {"project in capitals", {{"PROJECT.JSON", "x"}}, "are the same on some systems"},
      {"file and folder", {{"a", "x"}, {"a/b", "y"}}, "is a file and a folder"},
      {"folder and file", {{"a/b", "x"}, {"a", "y"}}, "is a file and a folder"},
      {"file as folder", {{"a/", "x", 0100644}}, "is a file and a folder"},
      {"folder as file", {{"a", "", 040755}}, "is a file and a folder"},
      {"other local name", {{"a", "x", 0100644, "../evil"}}, "is damaged"},
      {"overlap", {{"a", "x", 0100644, {}, {}, {}, {}, 0, 0, "", 0}}, "is damaged"},
      {"offset behind the end", {{"a", "x", 0100644, {}, {}, {}, {}, 0, 0, "", 1 << 20}}, "is no Netwright archive"},
      {"wrong checksum", {{"a", "x", 0100644, {}, {}, {}, 7}}, "is damaged"},
      {"shorter than said", {huge}, "looks like a bomb"},
      {"longer than said", {lie}, "is damaged"},
      {"sparse", {sparse}, "looks like a bomb"},
      {"encrypted", {{"a", "xxxxxxxxxxxxxxxx", 0100644, {}, {}, {}, {}, 0, 1}}, "is encrypted"},
      {"unknown method", {{"a", "x", 0100644, {}, {}, {}, {}, 14}}, "in a way that Netwright does not know"},
      {"bomb", {{"a", zeros, 0100644, {}, {}, {}, {}, 8}}, "looks like a bomb"},
      {"bomb of many",
       std::vector<HostileEntry>{{"a", zeros, 0100644, {}, {}, {}, {}, 8}, {"b", zeros, 0100644, {}, {}, {}, {}, 8}},
       "looks like a bomb"},
  };
}

TEST(Archive, HostileOnesAreRefusedAndNothingIsWritten) {
  const auto all = hostiles();
  EXPECT_GE(all.size(), 40u);
  for (const Hostile& h : all) {
    const TempFolder folder;
    fs::create_directory(folder / "in");
    std::vector<HostileEntry> entries{{"project.json", kProject}};
    entries.insert(entries.end(), h.entries.begin(), h.entries.end());
    writeFileAtomic(folder / "in/a.nwz", test::hostileZip(entries));
    UnpackLimits limits;
    limits.alwaysFine = 1 << 20;
    const std::string message = messageOf([&] { unpack(folder / "in/a.nwz", folder / "in/out", limits); });
    EXPECT_THAT(message, HasSubstr(h.complaint)) << h.name;
    EXPECT_THAT(message, HasSubstr((folder / "in/a.nwz").string())) << h.name;
    EXPECT_EQ(content(folder.path()).size(), 1u) << h.name;
    EXPECT_EQ(netwright::project::entries(folder / "in"), 1) << h.name;
  }
}

TEST(Archive, ANulInANameLeadsNowhere) {
  const TempFolder folder;
  fs::create_directory(folder / "in");
  writeFileAtomic(folder / "in/a.nwz",
                  test::hostileZip({{"project.json", kProject}, {std::string("a\0/../../evil", 13), "x"}}));
  EXPECT_NE(messageOf([&] { unpack(folder / "in/a.nwz", folder / "in/out"); }), "nothing was thrown");
  EXPECT_EQ(entries(folder / "in"), 1);
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(Archive, LimitsHold) {
  const TempFolder folder;
  writeFileAtomic(folder / "a.nwz", test::hostileZip({{"project.json", kProject}, {"a", "12345"}}));
  UnpackLimits few, small;
  few.entries = 1;
  small.bytes = 10;
  EXPECT_THAT(messageOf([&] { unpack(folder / "a.nwz", folder / "q", few); }), HasSubstr("holds 2 files."));
  EXPECT_THAT(messageOf([&] { unpack(folder / "a.nwz", folder / "q", small); }), HasSubstr("would fill the disk."));
  unpack(folder / "a.nwz", folder / "q");
  EXPECT_EQ(readFile(folder / "q/a"), "12345");
}

TEST(Archive, OtherFilesAreNoArchives) {
  const TempFolder folder;
  const auto refusal = [&](const std::string& bytes) {
    writeFileAtomic(folder / "a.nwz", bytes);
    const std::string message = messageOf([&] { unpack(folder / "a.nwz", folder / "q"); });
    EXPECT_FALSE(fs::exists(folder / "q"));
    return message;
  };
  const std::string tar = "data" + std::string(96, '\0') + std::string(156, '1') + "ustar" + std::string(251, '\0');
  for (const std::string& bytes : {std::string(), std::string("text"), tar, std::string("\x1f\x8b\x08\0", 4)})
    EXPECT_THAT(refusal(bytes), HasSubstr("is no Netwright archive."));
  EXPECT_THAT(refusal(test::hostileZip({{"a", "x"}})), HasSubstr("It holds no project.json."));
  EXPECT_THAT(refusal(test::hostileZip({{"project.json", R"({"netwright": 99})"}})), HasSubstr("has the format 99"));
  EXPECT_THAT(refusal(test::hostileZip({{"project.json", "{"}})), HasSubstr("is not valid JSON"));
}

TEST(Archive, DamagedOnesAreUnpackedWholeOrRefused) {
  const TempFolder folder;
  test::makeTinyProject(folder / "p");
  pack({folder / "p", folder / "a.nwz", false});
  const std::string good = readFile(folder / "a.nwz");
  int refused = 0;
  for (uint64_t round = 0; round < 150; ++round) {
    data::CounterRandom random(3, data::Purpose::Data, round);
    std::string bad = good;
    for (uint64_t n = 0; n <= random.below(3); ++n) {
      // Half of the changes hit the directory at the end.
      const size_t from = random.below(2) ? 0 : bad.size() - std::min<size_t>(bad.size(), 500);
      bad[from + random.below(bad.size() - from)] = static_cast<char>(random.below(256));
    }
    if (random.below(5) == 0) bad.resize(random.below(bad.size()));
    writeFileAtomic(folder / "b.nwz", bad);
    try {
      unpack(folder / "b.nwz", folder / "q");
      load(folder / "q");
      fs::remove_all(folder / "q");
    } catch (const Error& e) {
      EXPECT_EQ(e.kind, ErrorKind::Input) << round << e.what();
      ++refused;
    }
    ASSERT_EQ(entries(folder.path()), 3) << round;
  }
  EXPECT_GT(refused, 75);
}

}  // namespace
}  // namespace netwright::project
