// SPDX-License-Identifier: Apache-2.0
// Damaged project files: each is read, and then written and read again as the same, or refused with an Error{Input}
// that names the file and what to do. The corpus is kept in tests/data/json.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <optional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/random.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

namespace fs = std::filesystem;
using test::messageOf;
using testing::HasSubstr;

constexpr uint64_t kRounds = 200;  // of each file
const fs::path kData = NETWRIGHT_SOURCE_DIR "/tests/data";

std::string mutated(const std::string& text, uint64_t round) {
  static const std::vector<std::string> kTokens{"null",
                                                "-1",
                                                "1e999",
                                                "9223372036854775808",
                                                "{}",
                                                "[]",
                                                "\"\"",
                                                "true",
                                                "[[[[",
                                                "}}",
                                                "\\u0000",
                                                "\xff",
                                                "1e-400",
                                                ",",
                                                ":",
                                                "\"id\":1,",
                                                "{\"formula\": \"n\"}",
                                                "{\"formula\": \"2 ** 3\"}"};
  data::CounterRandom random(7, data::Purpose::Data, round);
  std::string out = text;
  for (uint64_t change = 0; change <= random.below(4) && !out.empty(); ++change) {
    const size_t at = random.below(out.size()), length = 1 + random.below(std::min<size_t>(out.size() - at, 24));
    switch (random.below(6)) {
      case 0:
        out[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        out.erase(at, length);
        break;
      case 2:
        out.insert(at, out.substr(at, length));
        break;
      case 3: {  // another value in place of one
        const size_t colon = out.find(':', at), end = out.find_first_of(",}", colon);
        if (end != std::string::npos) out.replace(colon + 1, end - colon - 1, kTokens[random.below(kTokens.size())]);
        break;
      }
      case 4:
        out.insert(at, kTokens[random.below(kTokens.size())]);
        break;
      default:
        if (random.below(4) == 0) out.resize(at);
    }
  }
  return out;
}

// True if it was read.
bool readsOrRefuses(const fs::path& folder, const std::string& text, const std::string& what) {
  writeFileAtomic(projectFile(folder), text);
  try {
    const Project p = load(folder);
    const std::string written = toText(p);
    EXPECT_EQ(toText(fromText(written, "written")), written) << what;
    return true;
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Input) << what << ": " << e.what();
    EXPECT_THAT(e.title, HasSubstr(projectFile(folder).string())) << what;
    EXPECT_FALSE(e.next.empty()) << what << ": " << e.title;
    return false;
  }
}

std::vector<fs::path> files(const std::string& name) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(kData / name)) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

TEST(ProjectMutation, TheCorpusIsRefused) {
  const test::TempFolder folder;
  for (const fs::path& file : files("json"))
    EXPECT_FALSE(readsOrRefuses(folder.path(), readFile(file), file.filename())) << file;
}

TEST(ProjectMutation, DamagedFilesAreReadOrRefused) {
  const test::TempFolder folder;
  int read = 0, refused = 0;
  for (const std::string name : {"formats", "json"})
    for (const fs::path& file : files(name)) {
      const std::string text = readFile(file);
      for (uint64_t round = 0; round < kRounds / (name == "json" ? 10 : 1); ++round)
        (readsOrRefuses(folder.path(), mutated(text, round), file.filename().string() + std::to_string(round))
             ? read
             : refused)++;
    }
  EXPECT_GT(read, 50);
  EXPECT_GT(refused, 500);
}

// Blocks, control flow, expressions, losses and settings: whatever of a damaged file can be read is made ready to
// train, or comes to problems.
TEST(ProjectMutation, WhatIsReadOfDamagedStructureIsPrepared) {
  int good = 0, wrong = 0;
  for (const char* id :
       {"dynamic-depth", "early-exit", "mixture-of-experts", "recursive-decoder", "gpt-small", "vae"}) {
    const Project whole = findTemplate(id).project();
    const std::string text = toText(whole);
    const std::vector<data::ColumnSpec> columns = data::describeData(whole.data, {});
    for (uint64_t round = 0; round < 300; ++round) {
      SCOPED_TRACE(std::string(id) + " " + std::to_string(round));
      std::optional<Project> p;
      try {
        p = fromText(mutated(text, round), id);
      } catch (const Error& e) {
        EXPECT_EQ(e.kind, ErrorKind::Input);
        continue;
      }
      (prepare(*p, columns).ok() ? good : wrong)++;
    }
  }
  EXPECT_GT(good, 20);
  EXPECT_GT(wrong, 20);
}

TEST(ProjectMutation, DepthIsBoundedWithoutReadingOn) {
  const test::TempFolder folder;
  for (const std::string bracket : {"[", "{\"a\":"}) {
    std::string text = "{\"netwright\": 1,\n\"x\": ";
    for (int i = 0; i < 2'000'000; ++i) text += bracket;
    writeFileAtomic(projectFile(folder.path()), text);
    EXPECT_EQ(messageOf([&] { load(folder.path()); }).substr(projectFile(folder.path()).string().size(), 47),
              bracket == "[" ? " is not valid JSON: error at line 2, column 69."
                             : " is not valid JSON: error at line 2, column 321")
        << messageOf([&] { load(folder.path()); });
  }
}

TEST(ProjectMutation, SizeAndKindAreCheckedBeforeReading) {
  const test::TempFolder folder;
  writeFileAtomic(projectFile(folder.path()), "{");
  fs::resize_file(projectFile(folder.path()), uintmax_t{1} << 40);
  EXPECT_THAT(messageOf([&] { load(folder.path()); }), HasSubstr("too much for such a file."));
  fs::remove(projectFile(folder.path()));
  ASSERT_EQ(::mkfifo(projectFile(folder.path()).c_str(), 0600), 0);
  EXPECT_THAT(messageOf([&] { load(folder.path()); }), HasSubstr("is no ordinary file. It is a device, a pipe"));
}

TEST(ProjectMutation, TheLineOfAKeyThatIsThereTwiceIsNamed) {
  EXPECT_EQ(messageOf([] { fromText("{\"netwright\": 1,\n \"name\": 1,\n \"name\": 2}", "p.json"); }),
            "p.json is not valid JSON: error at line 3, column 7. The key \"name\" is there twice. Restore it from a "
            "backup or version control, or mend that line.");
  EXPECT_EQ(messageOf([] { fromText("{\"netwright\": 1,\n \"name\": 1e999}", "p.json"); }),
            "p.json is not valid JSON: error at line 2, column 14. The number is too large. Restore it from a backup "
            "or version control, or mend that line.");
}

TEST(ProjectMutation, NamesOfAnyBytesMakeAProject) {
  ::setenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources", 1);
  const test::TempFolder folder;
  for (const std::string name :
       {"with blank", "it's \"quoted\"", "new\nline", "byte \xff\xc3", "-rf", "日本語", "$(x)`y`;&|"}) {
    createProject(folder / name, "digits-linear");
    const Project p = load(folder / name);
    save(p, folder / name);
    EXPECT_EQ(load(folder / name), p);
    EXPECT_EQ(p.name, name == "byte \xff\xc3" ? "byte \xef\xbf\xbd\xef\xbf\xbd" : name);
  }
}

TEST(ProjectMutation, TextThatIsNoUtf8IsNotWritten) {
  const test::TempFolder folder;
  Project p;
  save(p, folder.path());
  p.data.path = "\xff";
  EXPECT_THAT(messageOf([&] { save(p, folder.path()); }), HasSubstr("The project holds a text that is not UTF-8."));
  EXPECT_EQ(load(folder.path()).data.path, Project{}.data.path);
}

}  // namespace
}  // namespace netwright::project
