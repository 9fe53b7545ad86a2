// SPDX-License-Identifier: Apache-2.0
// docs/cli.md and docs/cli-reference.md against the program: every example runs, the reference is the generated one,
// bash completes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/base/file.h"
#include "core/base/text.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::Outcome;
using ::testing::HasSubstr;

const std::filesystem::path kDocs = std::filesystem::path(NETWRIGHT_SOURCE_DIR) / "docs";

class CliDocs : public ::testing::Test {
 protected:
  Outcome shell(const std::string& command) const {
    return test::runShell(fmt::format("cd '{}' && export PATH='{}':$PATH XDG_RUNTIME_DIR='{}' && {}",
                                      folder_.path().string(), NETWRIGHT_BIN_DIR, folder_.path().string(), command));
  }
  test::TempFolder folder_;
};

struct Example {
  std::string command, firstLine;  // of what it prints; empty if the text does not show it
};

std::vector<Example> examples() {
  std::vector<Example> all;
  std::istringstream lines(readFile(kDocs / "cli.md"));
  bool inside = false, fresh = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      fresh = false;
    } else if (inside && line.rfind("$ ", 0) == 0) {
      all.push_back({line.substr(2), ""});
      fresh = true;
    } else if (inside && fresh) {
      all.back().firstLine = line;
      fresh = false;
    }
  }
  return all;
}

TEST_F(CliDocs, EveryExampleRuns) {
  ASSERT_EQ(
      shell("netwright-cli new --template digits-linear p && netwright-cli new --template digits-linear digits").status,
      0);
  const auto all = examples();
  ASSERT_GT(all.size(), 12u);
  for (const Example& e : all) {
    if (e.command == "netwright-cli ps") {  // the examples of runs that are going need one
      const Outcome started = shell(
          "(netwright-cli train digits --epochs 100000 >/dev/null 2>&1 &) ; until netwright-cli ps | grep -q "
          "'running.*/digits'; "
          "do :; done");
      ASSERT_EQ(started.status, 0) << started.err;
    }
    if (e.command == "netwright-cli attach digits") {
      EXPECT_EQ(shell("(netwright-cli attach digits >watched 2>&1 &)").status, 0);
      continue;
    }
    const Outcome o = shell(e.command);
    const bool fails = e.firstLine.rfind("✗", 0) == 0;
    EXPECT_EQ(o.status != 0, fails) << e.command << "\n" << o.out << o.err;
    EXPECT_NE(o.out + o.err, "") << e.command;
    if (fails) {
      EXPECT_THAT(o.out + o.err, HasSubstr(e.firstLine)) << e.command;
    }
  }
}

TEST_F(CliDocs, ReferenceIsGenerated) {
  const Outcome o = shell("netwright-cli reference markdown");
  ASSERT_EQ(o.status, 0);
  EXPECT_EQ(readFile(kDocs / "cli-reference.md"), o.out) << "netwright-cli reference markdown > docs/cli-reference.md";
}

TEST_F(CliDocs, ManualPageNamesEveryCommand) {
  const std::string page = shell("netwright-cli reference man").out;
  for (const char* command : {"train PROJECT", "runs compare PROJECT A B", "project pack", "data info"})
    EXPECT_THAT(page, HasSubstr(std::string(".SS netwright\\-cli ") + command));
}

TEST_F(CliDocs, BashCompletesCommandsAndOptions) {
  const auto complete = [&](const std::string& words) {
    return shell(fmt::format("bash -c 'source <(netwright-cli completion bash); COMP_WORDS=({0}); "
                             "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _netwright_cli; echo \"${{COMPREPLY[@]}}\"'",
                             words))
        .out;
  };
  EXPECT_EQ(complete("netwright-cli tra"), "train\n");
  EXPECT_EQ(complete("netwright-cli runs co"), "compare\n");
  EXPECT_EQ(complete("netwright-cli train p --thr"), "--threads\n");
  EXPECT_EQ(complete("netwright-cli project pack --with"), "--with-runs\n");
}

TEST_F(CliDocs, FishCompletes) {
  const auto complete = [&](const std::string& words) {
    return shell(fmt::format("fish -c 'netwright-cli completion fish | source; complete -C \"{}\"'", words)).out;
  };
  EXPECT_EQ(complete("netwright-cli tra"), "train\tTrain a project's network; the run is kept in its runs.sqlite.\n");
  EXPECT_THAT(complete("netwright-cli runs co"), HasSubstr("compare\t"));
  EXPECT_THAT(complete("netwright-cli train p --thr"), HasSubstr("--threads\t"));
  EXPECT_THAT(complete("netwright-cli project pack --with"), HasSubstr("--with-runs\t"));
}

TEST_F(CliDocs, ZshCompletes) {
  const Outcome o = shell(
      fmt::format("python3 '{}/tests/cli/zsh_completes.py' 'netwright-cli tra' 'netwright-cli runs co' 'netwright-cli "
                  "train p --thr'",
                  NETWRIGHT_SOURCE_DIR));
  EXPECT_EQ(o.out, "netwright-cli train\nnetwright-cli runs compare\nnetwright-cli train p --threads\n") << o.err;
}

TEST_F(CliDocs, EveryCommandHasHelp) {
  const std::string reference = readFile(kDocs / "cli-reference.md");
  int commands = 0;
  for (size_t at = 0; (at = reference.find("<!-- ", at)) != std::string::npos; ++at, ++commands) {
    const std::string command = reference.substr(at + 5, reference.find(" -->", at) - at - 5);
    const Outcome o = shell(command + " --help");
    EXPECT_EQ(o.status, 0) << command;
    EXPECT_THAT(o.out, HasSubstr("Usage: ")) << command;
  }
  EXPECT_GT(commands, 25);
}

}  // namespace
}  // namespace netwright
