// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/compiled.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <sstream>

#include "core/base/child_process.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright::convert::cpp {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::minutes kCompileLimit{5}, kRunLimit{1};

std::string firstLines(const std::string& text) {
  constexpr size_t kMost = 1000;
  return text.size() <= kMost ? text : text.substr(0, kMost) + " …";
}

void requireSuccess(const ChildResult& run, const std::string& what) {
  if (run.stopped) failInput(fmt::format("{} was cancelled.", what), "", "");
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

CompiledProgram::CompiledProgram(const Compilation& what, const std::stop_token& stop)
    : folder_(fs::temp_directory_path() / "netwright-compiled"), stop_(stop) {
  writeFileAtomic(folder_.path() / "proof.cpp", what.source);
  std::vector<std::string> command{what.compiler, "-I", fs::absolute(what.exported).string(),
                                   "proof.cpp",   "-o", "proof"};
  command.insert(command.end(), what.flags.begin(), what.flags.end());
  requireSuccess(runChild(command, folder_.path(), kCompileLimit, stop),
                 fmt::format("Compiling {} with {}", what.exported.string(), what.compiler));
}

std::vector<NamedTensor> CompiledProgram::run(const fs::path& weights, const std::vector<NamedTensor>& inputs,
                                              const std::vector<NamedTensor>& like) const {
  const int64_t batch = inputs.at(0).tensor.shape.at(0);
  std::vector<std::string> command{(folder_.path() / "proof").string(), fs::absolute(weights).string(),
                                   std::to_string(batch)};
  for (size_t i = 0; i < inputs.size(); ++i) {
    command.push_back(fmt::format("input{}.bin", i));
    writeFileAtomic(folder_.path() / command.back(), bytesOf(inputs[i].tensor));
  }
  for (size_t i = 0; i < like.size(); ++i) command.push_back(fmt::format("output{}.bin", i));
  requireSuccess(runChild(command, folder_.path(), kRunLimit, stop_), "The compiled code");
  std::vector<NamedTensor> outputs;
  for (size_t i = 0; i < like.size(); ++i) {
    HostTensor found(like[i].tensor.dtype, like[i].tensor.shape);
    const std::string bytes = readFile(folder_.path() / fmt::format("output{}.bin", i));
    if (bytes.size() != found.bytes.size())
      failInput("The compiled code wrote another count of numbers than the network has.",
                fmt::format("'{}' has {} bytes instead of {}.", like[i].name, bytes.size(), found.bytes.size()),
                "Report this.");
    std::memcpy(found.bytes.data(), bytes.data(), bytes.size());
    outputs.push_back({like[i].name, std::move(found)});
  }
  return outputs;
}

Comparison compareCompiled(const ExportInput& input, Evaluator& evaluator, const std::stop_token& stop,
                           const Compilation& what, const fs::path& weights) {
  const CompiledProgram program(what, stop);
  const std::vector<int64_t> batches{1, 7};
  const auto ways = otherWays(input.program, batches, [&](const auto& inputs) { return evaluator.evaluate(inputs); });
  std::vector<NamedTensor> expected;  // of the batch that the program computes next
  return compare(
      input.program,
      fmt::format("the engine against the code, compiled by {} and run", fs::path(what.compiler).filename().string()),
      [&](const auto& inputs) { return expected = evaluator.evaluate(inputs); },
      [&](const auto& inputs) { return program.run(weights, inputs, expected); }, batches, Comparison::kTolerance,
      input.samples, ways);
}

}  // namespace netwright::convert::cpp
