// SPDX-License-Identifier: Apache-2.0
// Whether everything that belongs to a project is there and sound: `netwright-cli project check`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"

namespace netwright::project {

struct Finding {
  Severity severity = Severity::Error;
  std::string part;  // "project.json", "lock", "data", "database", "artifacts"
  std::string text, next;
};

struct Checked {
  std::vector<Finding> findings;  // in the order of the parts
  size_t runs = 0, artifacts = 0;
  bool ok() const;  // nothing is wrong; notes and warnings may be there
};

// Reads only. Throws Error{Input} if the folder holds no project; whatever else is wrong is a finding.
Checked check(const std::filesystem::path& folder);

}  // namespace netwright::project
