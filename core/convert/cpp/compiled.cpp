// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/compiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/tool.h"

namespace netwright::convert::cpp {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::minutes kCompileLimit{2}, kRunLimit{1};

std::string firstLines(const std::string& text) {
  constexpr size_t kMost = 1000;
  return text.size() <= kMost ? text : text.substr(0, kMost) + " …";
}

void requireSuccess(const ToolRun& run, const std::string& what) {
  if (run.timedOut) failInput(fmt::format("{} took too long and was stopped.", what), "", "Try again, or report this.");
  if (run.status != 0)
    failInput(fmt::format("{} failed with status {}.", what, run.status), firstLines(run.err + run.out),
              "Report this: what is exported should compile and run.");
}

HostTensor parse(const std::string& line, const HostTensor& like) {
  HostTensor found(like.dtype, like.shape);
  const char* at = line.c_str();
  for (size_t i = 0; i < static_cast<size_t>(found.count()); ++i) {
    char* end = nullptr;
    if (found.dtype == DType::Int64)
      found.as<int64_t>()[i] = std::strtoll(at, &end, 10);
    else
      found.as<float>()[i] = std::strtof(at, &end);
    if (end == at)
      failInput(fmt::format("The example printed {} numbers instead of {}.", i, found.count()), "", "Report this.");
    at = end;
  }
  return found;
}

}  // namespace

std::optional<std::string> findCompiler() {
  const char* chosen = std::getenv("CXX");
  for (const std::string& name : {std::string(chosen ? chosen : ""), std::string("g++"), std::string("clang++")})
    if (const auto path = findTool(name)) return path->string();
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
    const ToolRun run = runTool({compiler, "-std=c++17", "-O1", (exported_ / "example.cpp").string(), "-o", "example"},
                                folder_, kCompileLimit);
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
  const ToolRun run = runTool(command, folder_, kRunLimit);
  requireSuccess(run, "The compiled example");
  std::istringstream lines(run.out);
  std::vector<NamedTensor> outputs;
  for (const NamedTensor& expected : like) {
    std::string line;
    std::getline(lines, line);
    const Face::Port& port = face_.outputs.at(outputs.size());
    const std::string head = port.title() + ":";
    if (line.rfind(head, 0) != 0)
      failInput("The example did not print its outputs.", fmt::format("'{}' is missing.", head), "Report this.");
    outputs.push_back({port.original, parse(line.substr(head.size()), expected.tensor)});
  }
  return outputs;
}

}  // namespace netwright::convert::cpp
