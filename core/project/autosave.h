// SPDX-License-Identifier: Apache-2.0
// Unsaved edits of a window that may be killed at any time: one small file for each window in the user's state folder.
// Written after each edit, gone after saving, found by the next start. Used by the window.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/project/project.h"

namespace netwright::project {

struct Autosave {
  std::string folder;  // of the project; it may be gone
  std::string lastEdit;
  int64_t edits = 0;    // since the project was last saved or opened
  int64_t savedMs = 0;  // since 1970
  Project project;      // with the edits
};

// $XDG_STATE_HOME/netwright/autosave, by default in ~/.local/state.
std::filesystem::path autosaveFolder();
// A file of this process that no other has; nothing is written yet.
std::filesystem::path freshAutosaveFile();
// The old or the new content is there if the process is killed meanwhile. It is not forced to the disk: a power cut may
// lose it. Throws Error{Environment}.
void writeAutosave(const std::filesystem::path& file, const Autosave& autosave);

struct LeftAutosave {
  std::filesystem::path file;
  Autosave autosave;
};
// Those of processes that have ended, on this machine; newest first. Files that cannot be read are passed over.
std::vector<LeftAutosave> leftAutosaves();
void discardAutosave(const std::filesystem::path& file);  // for good; no error if it is gone already

}  // namespace netwright::project
