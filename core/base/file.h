// SPDX-License-Identifier: Apache-2.0
// Files: whole reads, atomic writes, hashes, and where the program finds its resources.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace netwright {

// Whole file as bytes. Throws Error{Environment} that names the path and the system's reason.
std::string readFile(const std::filesystem::path& path);
// Writes to a temporary file beside the target, fsyncs, renames, fsyncs the folder: after a crash the old or the new
// file is there, never a mix. Throws Error{Environment}; the old file is untouched then.
void writeFileAtomic(const std::filesystem::path& path, std::string_view content);

std::string sha256Hex(std::span<const std::byte> data);
std::string sha256Hex(std::string_view data);

std::filesystem::path executableFolder();
// ../share/netwright beside the bin folder, or NETWRIGHT_RESOURCES. Throws Error{Environment} when it is missing.
std::filesystem::path resourceFolder();
// The engine program beside this one, or NETWRIGHT_ENGINE.
std::filesystem::path engineProgram();

}  // namespace netwright
