// SPDX-License-Identifier: Apache-2.0
// A project for a table (CSV) that somebody has: target, types, split and scaling guessed, a network that fits,
// settings that work. Everything can be edited afterwards. Used by `netwright-cli new --data` and by dropping a file on
// the window.
#pragma once

#include <filesystem>
#include <string>

#include "core/project/project.h"

namespace netwright::project {

struct TableGuess {
  std::string target;   // the column that is predicted
  int64_t classes = 0;  // of the target; 0: it is a number
  int64_t features = 0, rows = 0;
  std::string text;  // one sentence: what was guessed
};

bool isTable(const std::filesystem::path& file);  // by its name: .csv, .tsv, also with .gz

// Copies the table into the new folder's data/ and saves the project there. Throws Error{Input} as the CSV source does,
// naming line and column, and as createProject; nothing is left behind then.
Project createFromTable(const std::filesystem::path& folder, const std::filesystem::path& table,
                        TableGuess* guess = nullptr);

}  // namespace netwright::project
