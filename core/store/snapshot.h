// SPDX-License-Identifier: Apache-2.0
// A copy of a run database as it is at one instant, while others may write to it. Used for packing a project.
#pragma once

#include <filesystem>

namespace netwright::store {

// `to` must not exist. Throws Error.
void copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace netwright::store
