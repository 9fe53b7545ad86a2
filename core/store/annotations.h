// SPDX-License-Identifier: Apache-2.0
// What people add to a run after it has begun. Used by netwright-cli runs tag|note and the window.
#pragma once

#include <filesystem>
#include <string>

#include "core/store/run_id.h"

namespace netwright::store {

// Written when they return. Throw Error{Environment}.
void tagRun(const std::filesystem::path& database, RunId run, const std::string& key, const std::string& value);
void untagRun(const std::filesystem::path& database, RunId run, const std::string& key);
void addNote(const std::filesystem::path& database, RunId run, const std::string& text);
// What all notes of a run say together, in place of those there are; empty: none.
void setNotes(const std::filesystem::path& database, RunId run, const std::string& text);

}  // namespace netwright::store
