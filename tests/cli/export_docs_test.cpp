// SPDX-License-Identifier: Apache-2.0
// docs/export.md: every command in it is run, and every piece of Python by the real PyTorch and ONNX Runtime, in order.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/base/file.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

struct Block {
  std::string kind, text;
};

std::vector<Block> blocks() {
  std::vector<Block> all;
  std::istringstream lines(readFile(std::filesystem::path(NETWRIGHT_SOURCE_DIR) / "docs/export.md"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      if (!inside) all.push_back({line.substr(3), ""});
      inside = !inside;
    } else if (inside) {
      all.back().text += line + "\n";
    }
  }
  return all;
}

TEST(ExportDocs, EveryExampleRuns) {
  const std::string python = test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with PyTorch was found. ./test installs one; or set NW_PEER_PY.";
  const test::TempFolder folder;
  const auto shell = [&](const std::string& command) {
    return test::runShell(fmt::format("cd '{}' && export PATH='{}':$PATH XDG_RUNTIME_DIR='{}' && {}",
                                      folder.path().string(), NETWRIGHT_BIN_DIR, folder.path().string(), command));
  };
  int commands = 0, programs = 0;
  for (const Block& block : blocks()) {
    if (block.kind == "python") {
      writeFileAtomic(folder / "example.py", block.text);
      const auto o = shell("'" + python + "' example.py");
      EXPECT_EQ(o.status, 0) << block.text << o.out << o.err;
      ++programs;
    } else if (block.kind == "console") {
      std::istringstream lines(block.text);
      for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("$ ")) continue;
        const auto o = shell(line.substr(2));
        EXPECT_EQ(o.status, 0) << line << "\n" << o.out << o.err;
        ++commands;
      }
    }
  }
  EXPECT_GE(commands, 9);
  EXPECT_GE(programs, 3);
}

}  // namespace
}  // namespace netwright
