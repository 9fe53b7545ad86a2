// SPDX-License-Identifier: Apache-2.0
// Is a project's run database whole? Used by netwright-cli doctor and project check.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace netwright::store {

struct Finding {
  std::string what, next;
  bool operator==(const Finding&) const = default;
};
enum class Depth { Quick, Full };  // Full reads every page and index

// What SQLite finds, references that lead nowhere, curves whose chunks do not add up, checkpoints whose files are
// missing or have another size. Changes nothing; empty if all is well or there is no database. Throws Error: newer
// format, database of another program, file that cannot be opened.
std::vector<Finding> checkDatabase(const std::filesystem::path& projectFolder, const std::filesystem::path& database,
                                   Depth depth = Depth::Quick);

std::string sqliteVersion();

}  // namespace netwright::store
