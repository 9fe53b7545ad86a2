// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/compiled.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "core/base/child_process.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright::convert::cpp {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::minutes kCompileLimit{2}, kRunLimit{1};

std::string firstLines(const std::string& text) {
  constexpr size_t kMost = 1000;
  return text.size() <= kMost ? text : text.substr(0, kMost) + " …";
}

void requireSuccess(const ChildResult& run, const std::string& what) {
  if (run.timedOut) failInput(fmt::format("{} took too long and was stopped.", what), "", "Try again, or report this.");
  if (run.status != 0)
    failInput(fmt::format("{} failed with status {}.", what, run.status), firstLines(run.output),
              "Report this: what is exported should compile and run.");
}

bool isProgram(const fs::path& path) {
  std::error_code ec;
  return fs::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
}

// By its path or by its name in PATH.
std::optional<fs::path> findProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) return isProgram(name) ? std::optional<fs::path>(name) : std::nullopt;
  const char* list = std::getenv("PATH");
  std::istringstream folders(list ? list : "/usr/bin:/bin");
  for (std::string folder; !name.empty() && std::getline(folders, folder, ':');)
    if (const fs::path path = fs::path(folder.empty() ? "." : folder) / name; isProgram(path)) return path;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> findCompiler() {
  const char* chosen = std::getenv("CXX");
  for (const std::string& name : {std::string(chosen ? chosen : ""), std::string("g++"), std::string("clang++")})
    if (const auto path = findProgram(name)) return path->string();
  return std::nullopt;
}

CompiledExample::CompiledExample(const std::string& compiler, fs::path exported, const Face& face)
    : exported_(fs::absolute(exported)), face_(face) {
  std::string pattern = (fs::temp_directory_path() / "netwright-example-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    failEnvironment("The example could not be compiled.", fmt::format("{}: {}.", pattern, std::strerror(errno)),
                    "Check the space in the folder for temporary files.");
  folder_ = pattern;
  try {
    const ChildResult run = runChild(
        {compiler, "-std=c++17", "-O1", (exported_ / "example.cpp").string(), "-o", "example"}, folder_, kCompileLimit);
    requireSuccess(run, fmt::format("Compiling {} with {}", (exported_ / "example.cpp").string(), compiler));
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

CompiledExample::~CompiledExample() {
  std::error_code ec;
  fs::remove_all(folder_, ec);
}

std::vector<NamedTensor> CompiledExample::run(const std::vector<NamedTensor>& inputs, int64_t batch,
                                              const std::vector<NamedTensor>& like) const {
  std::vector<std::string> command{(folder_ / "example").string(), (exported_ / (face_.stem + ".weights")).string(),
                                   std::to_string(batch)};
  for (size_t i = 0; i < inputs.size(); ++i) {
    command.push_back(fmt::format("input{}.bin", i));
    writeFileAtomic(folder_ / command.back(), bytesOf(inputs[i].tensor));
  }
  for (size_t i = 0; i < like.size(); ++i) command.push_back(fmt::format("output{}.bin", i));
  requireSuccess(runChild(command, folder_, kRunLimit), "The compiled example");
  std::vector<NamedTensor> outputs;
  for (size_t i = 0; i < like.size(); ++i) {
    HostTensor found(like[i].tensor.dtype, like[i].tensor.shape);
    const std::string bytes = readFile(folder_ / fmt::format("output{}.bin", i));
    if (bytes.size() != found.bytes.size())
      failInput(
          "The compiled example wrote another count of numbers than the network has.",
          fmt::format("'{}' has {} bytes instead of {}.", face_.outputs[i].original, bytes.size(), found.bytes.size()),
          "Report this.");
    std::memcpy(found.bytes.data(), bytes.data(), bytes.size());
    outputs.push_back({face_.outputs[i].original, std::move(found)});
  }
  return outputs;
}

}  // namespace netwright::convert::cpp
