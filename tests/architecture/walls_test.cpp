// SPDX-License-Identifier: Apache-2.0
// The rules of docs/architecture.md, executed: who may include whom, where Qt, LibTorch and SQLite live, sizes, licence
// lines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = NETWRIGHT_SOURCE_DIR;

struct Source {
  std::string path;  // relative, "core/graph/edit.cpp"
  std::string text;
  std::vector<std::string> includes;
  size_t lines = 0;
};

std::vector<Source> sources(const std::vector<std::string>& folders) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
  std::vector<Source> all;
  for (const std::string& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string ext = entry.path().extension();
      if (ext != ".cpp" && ext != ".h") continue;
      Source s{fs::relative(entry.path(), kRoot).string(), "", {}, 0};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line); ++s.lines) {
        if (std::smatch m; std::regex_search(line, m, kInclude)) s.includes.push_back(m[1]);
        s.text += line + "\n";
      }
      all.push_back(std::move(s));
    }
  return all;
}

std::string moduleOf(const std::string& path) {  // "core/graph", "widgets/editor", "app/cli"
  const size_t first = path.find('/'), second = path.find('/', first + 1);
  return second == std::string::npos ? path.substr(0, first) : path.substr(0, second);
}

// Each module with what it may include besides itself. As docs/architecture.md draws it.
const std::map<std::string, std::set<std::string>>& arrows() {
  static const std::map<std::string, std::set<std::string>> kArrows{
      {"core/base", {}},
      {"core/language", {"core/base"}},
      {"core/graph", {"core/language", "core/base"}},
      {"core/program", {"core/base"}},
      {"core/layers", {"core/program", "core/graph", "core/language", "core/base"}},
      {"core/data", {"core/base"}},
      {"core/store", {"core/base"}},
      {"core/run", {"core/base"}},
      {"core/convert", {"core/layers", "core/program", "core/graph", "core/language", "core/base"}},
      {"core/help",
       {"core/convert", "core/run", "core/data", "core/layers", "core/program", "core/graph", "core/language",
        "core/base"}},
      {"core/project",
       {"core/convert", "core/run", "core/store", "core/data", "core/layers", "core/program", "core/graph",
        "core/language", "core/base"}},
      {"core/engine", {"core/program", "core/base"}},
      {"core/train",
       {"core/engine", "core/project", "core/run", "core/store", "core/data", "core/layers", "core/program",
        "core/graph", "core/language", "core/base"}},
  };
  return kArrows;
}

TEST(Walls, CoreModulesIncludeOnlyWhatTheyMay) {
  for (const Source& s : sources({"core"})) {
    const std::string from = moduleOf(s.path);
    ASSERT_TRUE(arrows().contains(from)) << s.path << " is in a folder without a rule";
    for (const std::string& include : s.includes) {
      if (include.rfind("widgets/", 0) == 0 || include.rfind("app/", 0) == 0)
        ADD_FAILURE() << s.path << " includes " << include;
      if (include.rfind("core/", 0) != 0) continue;
      const std::string to = moduleOf(include);
      EXPECT_TRUE(to == from || arrows().at(from).contains(to)) << s.path << " includes " << include;
    }
  }
}

TEST(Walls, QtLibTorchAndSqliteStayInTheirFolders) {
  for (const Source& s : sources({"core", "widgets", "app"}))
    for (const std::string& include : s.includes) {
      const bool qt = std::regex_search(include, std::regex("^(Q[A-Z]|Qt)"));
      const bool torch = std::regex_search(include, std::regex("^(torch|ATen|c10)/"));
      const bool gui = s.path.rfind("widgets/", 0) == 0 || s.path.rfind("app/gui/", 0) == 0;
      const bool engine = s.path.rfind("core/engine/", 0) == 0;
      EXPECT_TRUE(!qt || gui) << s.path << " includes " << include;
      EXPECT_TRUE(!torch || engine) << s.path << " includes " << include;
      EXPECT_TRUE(include != "sqlite3.h" || s.path.rfind("core/store/", 0) == 0) << s.path;
      EXPECT_NE(include, "torch/torch.h") << s.path << ": include the exact headers";
    }
}

TEST(Walls, WidgetsIncludeOnlyWhatTheyMay) {
  const std::map<std::string, std::set<std::string>> allowed{
      {"widgets/theme", {"core/base"}},
      {"widgets/charts", {"widgets/theme", "core/base"}},
      {"widgets/forms",
       {"widgets/theme", "widgets/bridge", "core/base", "core/graph", "core/language", "core/layers", "core/program",
        "core/project"}},
  };
  for (const Source& s : sources({"widgets"})) {
    const auto rule = allowed.find(moduleOf(s.path));
    for (const std::string& include : s.includes) {
      EXPECT_NE(include.rfind("core/engine", 0), 0u) << s.path << " includes " << include;
      EXPECT_NE(include.rfind("core/train", 0), 0u) << s.path << " includes " << include;
      EXPECT_NE(include.rfind("app/", 0), 0u) << s.path << " includes " << include;
      const bool ours = include.rfind("widgets/", 0) == 0 || include.rfind("core/", 0) == 0;
      if (rule == allowed.end() || !ours || moduleOf(include) == rule->first) continue;
      EXPECT_TRUE(rule->second.contains(moduleOf(include))) << s.path << " includes " << include;
    }
  }
}

TEST(Walls, EveryFileNamesItsLicence) {
  for (const Source& s : sources({"core", "widgets", "app", "tests"})) {
    const bool gpl =
        s.path.rfind("widgets/", 0) == 0 || s.path.rfind("app/gui/", 0) == 0 || s.path.rfind("tests/widgets/", 0) == 0;
    const std::string line = fmt::format("// SPDX-License-Identifier: {}\n", gpl ? "GPL-3.0-or-later" : "Apache-2.0");
    EXPECT_EQ(s.text.rfind(line, 0), 0u) << s.path << " should begin with " << line;
  }
}

TEST(Walls, HeadersAreGuardedAndFilesStayReadable) {
  for (const Source& s : sources({"core", "widgets", "app"})) {
    EXPECT_TRUE(!s.path.ends_with(".h") || s.text.find("#pragma once") != std::string::npos) << s.path;
    EXPECT_LE(s.lines, 500u) << s.path << " wants to be two files";
  }
}

TEST(Walls, TheCommandLineAndTheWindowLinkNoLibTorch) {
  for (const std::string program : {"netwright-cli", "netwright"}) {
    const fs::path path = fs::path(NETWRIGHT_BIN_DIR) / program;
    if (!fs::exists(path)) continue;  // built without it
    const std::string libraries = netwright::test::runShell("ldd '" + path.string() + "'").out;
    ASSERT_NE(libraries.find("libc.so"), std::string::npos) << program;
    EXPECT_EQ(libraries.find("libtorch"), std::string::npos) << program;
    EXPECT_EQ(libraries.find("libc10"), std::string::npos) << program;
    EXPECT_TRUE(program != "netwright-cli" || libraries.find("libQt6") == std::string::npos);
  }
}

}  // namespace
