// SPDX-License-Identifier: Apache-2.0
// What the run table wants of all runs at once, and the filters that people keep. Used by the window
// and `runs list`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/store/run_filter.h"

namespace netwright::store {

// Every run with its tags, parameters, notes and size, oldest first. A file that is not there has none. Throws Error.
std::vector<RunFacts> runFacts(const std::filesystem::path& database, Database::Which which);

struct SavedView {
  std::string name, filter;
  bool operator==(const SavedView&) const = default;
};
std::vector<SavedView> savedViews(const std::filesystem::path& database);         // by name
void saveView(const std::filesystem::path& database, const SavedView& view);      // replaces one of its name
void removeView(const std::filesystem::path& database, const std::string& name);  // no error if there is none

}  // namespace netwright::store
