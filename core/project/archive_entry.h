// SPDX-License-Identifier: Apache-2.0
// Which entries of an archive may be unpacked. Private to core/project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace netwright::project {

struct ArchiveEntry {
  std::string name;
  uint64_t index = 0, size = 0, packed = 0;
  uint32_t mode = 0;  // as in stat, 0 if the archive has none
  bool isFolder() const { return name.ends_with('/'); }
};

// Why a name may not be unpacked; empty if it may: it leads elsewhere, is hidden, or not every system can hold it.
std::string nameProblem(const std::string& name);
// Names that meet in one file: twice, in other letter case, or a file where another entry needs a folder. Empty if
// fine.
std::string collision(const std::vector<ArchiveEntry>& entries);

}  // namespace netwright::project
