// SPDX-License-Identifier: Apache-2.0
// The exported example, compiled and run: the proof of a plain C++ export. Used by its exporter.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/convert/cpp/example.h"

namespace netwright::convert::cpp {

// The command in CXX, or g++ or clang++ where they are found.
std::optional<std::string> findCompiler();

// A program in a folder that is gone with it.
class CompiledExample {
 public:
  // Compiles example.cpp of an exported folder, for at most two minutes. Throws Error{Input} with the compiler's first
  // complaints.
  CompiledExample(const std::string& compiler, std::filesystem::path exported, const Face& face);
  ~CompiledExample();
  CompiledExample(const CompiledExample&) = delete;
  // Runs it on inputs, given in the order of the face, for at most a minute; outputs with the shapes and types of
  // `like`. Throws Error{Input} if it fails or writes another count of numbers.
  std::vector<NamedTensor> run(const std::vector<NamedTensor>& inputs, int64_t batch,
                               const std::vector<NamedTensor>& like) const;

 private:
  std::filesystem::path exported_, folder_;
  const Face& face_;
};

}  // namespace netwright::convert::cpp
