// SPDX-License-Identifier: Apache-2.0
// What the proof of an exported C++ class needs beside a compiler: a LibTorch of the machine, and a program around the
// class. Used by the LibTorch exporter.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/convert/exporter.h"

namespace netwright::convert::libtorch {

// A folder with LibTorch's include/ and lib/: NETWRIGHT_LIBTORCH (and nothing else where that is set), else the one in
// the Python that runs as NETWRIGHT_PYTHON or python3.
std::optional<std::filesystem::path> findLibTorch(const std::stop_token& stop);

// The arguments for a compiler that builds and links with it, for a quick compilation.
std::vector<std::string> compilerFlags(const std::filesystem::path& libtorch);

// A program as cpp::Compilation wants it, around the class that printSource() writes.
std::string proofSource(const ExportInput& input);

}  // namespace netwright::convert::libtorch
