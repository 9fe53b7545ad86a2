// SPDX-License-Identifier: Apache-2.0
// A project out of a file that Netwright exported: the drawn graph, layout and notes included, lies in it, and its
// weights are the start of the next run. The command line and the window share it.
#pragma once

#include <filesystem>

#include "core/project/project.h"

namespace netwright::project {

// By its name: one of the formats that weights are read from.
bool mayBeExport(const std::filesystem::path& file);

// The new folder must not exist or be empty. Data and settings are not in such a file: the defaults stand there. Throws
// Error{Input}: no such file, a file that another program wrote, a damaged one; nothing is left behind then.
Project createFromExport(const std::filesystem::path& folder, const std::filesystem::path& file);

}  // namespace netwright::project
