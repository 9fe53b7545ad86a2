// SPDX-License-Identifier: Apache-2.0
// A project as one file for passing it on: NAME.nwz, a zip archive. Packing and unpacking are atomic: the whole file or
// folder is there afterwards, or nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace netwright::project {

struct PackRequest {
  std::filesystem::path folder;
  std::filesystem::path output;
  bool withRuns = false;  // runs.sqlite and artifacts/ too
};

struct LeftOut {
  std::string path, reason;
};

struct Packed {
  int64_t files = 0;
  int64_t size = 0;              // bytes of the archive
  std::vector<LeftOut> leftOut;  // data that is not in the project folder, links, hidden files
};

// project.json, the data if it lies in the project folder and, if asked for, runs and artifacts. The same content gives
// the same bytes. Replaces an older archive. Throws Error.
Packed pack(const PackRequest& request);

struct UnpackLimits {
  uint64_t entries = 200'000;
  uint64_t bytes = uint64_t{256} << 30;       // of all entries unpacked
  uint64_t ratio = 200;                       // unpacked to packed size, above `alwaysFine` bytes
  uint64_t alwaysFine = uint64_t{256} << 20;  // bytes
};

// Into a folder that does not exist or is empty. Throws Error{Input} before anything is written for an archive that is
// damaged, no project, a bomb, or holds a link, a device, or a name that leads elsewhere or is there twice. Never
// writes outside `folder`.
void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder, const UnpackLimits& limits = {});

}  // namespace netwright::project
