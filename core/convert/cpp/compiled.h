// SPDX-License-Identifier: Apache-2.0
// Exported C++, compiled and run: the proof of the formats that are C++ code. Used by their exporters.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/base/work_folder.h"
#include "core/convert/exporter.h"

namespace netwright::convert::cpp {

// The command in CXX, or g++ or clang++ where they are found.
std::optional<std::string> findCompiler();

// What is compiled. The program takes a file of weights, N, a file of numbers for each input and one for each output,
// which it writes.
struct Compilation {
  std::string compiler;
  std::filesystem::path exported;  // the folder; headers and sources are looked for there
  std::string source;              // "#include \"example.cpp\""
  std::vector<std::string> flags;
};

// A program in a folder that is gone with it.
class CompiledProgram {
 public:
  // Compiles for at most five minutes. Throws Error{Input} with the compiler's first complaints, or if it is stopped.
  CompiledProgram(const Compilation& what, const std::stop_token& stop);
  // Runs it on inputs in the order of the network's, for at most a minute; outputs with the names, shapes and types of
  // `like`. Throws Error{Input} if it fails, is stopped, or writes another count of numbers.
  std::vector<NamedTensor> run(const std::filesystem::path& weights, const std::vector<NamedTensor>& inputs,
                               const std::vector<NamedTensor>& like) const;

 private:
  WorkFolder folder_;
  std::stop_token stop_;
};

// The engine against what is compiled, on batches of 1 and 7 and samples of the data.
Comparison compareCompiled(const ExportInput& input, Evaluator& evaluator, const std::stop_token& stop,
                           const Compilation& what, const std::filesystem::path& weights);

}  // namespace netwright::convert::cpp
