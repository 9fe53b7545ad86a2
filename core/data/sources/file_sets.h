// SPDX-License-Identifier: Apache-2.0
// The files of a data set: one, or one for each of training, validation and test. Used by the sources of tables.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace netwright::data {

struct FileSets {
  std::filesystem::path train, validation, test;  // empty where there is none
};

// `path` itself if it is a file; of a folder: train.*, validation.* (or val.*) and test.*, or the only file, with one
// of the extensions. Throws Error{Input} when the folder leaves it open which file is meant.
FileSets findSets(const std::filesystem::path& path, const std::vector<std::string>& extensions);

}  // namespace netwright::data
