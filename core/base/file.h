// SPDX-License-Identifier: Apache-2.0
// Files: whole reads, atomic writes, hashes, and where the program finds its resources.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/base/chunks.h"

namespace netwright {

// Whole file as bytes. Throws Error{Environment} that names the path and the system's reason.
std::string readFile(const std::filesystem::path& path);
// The same, but refuses with Error{Input} devices, pipes and files of more than `limit` bytes before reading them.
std::string readRegularFile(const std::filesystem::path& path, uintmax_t limit);
// Writes to a temporary file beside the target, fsyncs, renames, fsyncs the folder: after a crash the old or the new
// file is there, never a mix. Throws Error{Environment}; the old file is untouched then. The temporary file of a writer
// that was killed is removed by the next write into that folder.
void writeFileAtomic(const std::filesystem::path& path, std::string_view content);
void writeFileAtomic(const std::filesystem::path& path, const Chunks& content);
// Files and folders ".NAME.XXXXXX.tmp" that no living process holds a lock (flock) on.
void removeLeftTemporaries(const std::filesystem::path& folder);
void syncFolder(const std::filesystem::path& folder);

std::string sha256Hex(std::span<const std::byte> data);
std::string sha256Hex(std::string_view data);

std::filesystem::path executableFolder();
// ../share/netwright beside the bin folder, or NETWRIGHT_RESOURCES. Throws Error{Environment} when it is missing.
std::filesystem::path resourceFolder();
// The engine program beside this one, or NETWRIGHT_ENGINE.
std::filesystem::path engineProgram();

}  // namespace netwright
