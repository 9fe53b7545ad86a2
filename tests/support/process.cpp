// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.h"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temp_folder.h"

namespace netwright::test {
namespace {

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

Outcome runShell(const std::string& command) {
  const TempFolder folder;
  const std::string whole =
      "{ " + command + "\n} >'" + (folder / "out").string() + "' 2>'" + (folder / "err").string() + "' </dev/null";
  const int status = std::system(whole.c_str());
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = slurp(folder / "out");
  outcome.err = slurp(folder / "err");
  return outcome;
}

std::string peerPython() {
  if (const char* given = std::getenv("NW_PEER_PY")) return given;
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::filesystem::path base = cache ? cache : std::filesystem::path(home ? home : "/root") / ".cache";
  for (const char* name : {"netwright/libtorch-2.13.0", "netwright-peers"})
    if (std::filesystem::path python = base / name / "bin/python"; std::filesystem::exists(python))
      return python.string();
  return "";
}

}  // namespace netwright::test
