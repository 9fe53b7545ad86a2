// SPDX-License-Identifier: Apache-2.0
// A tiny data set in IDX files and a project on it: trains in well under a second.
#pragma once

#include <filesystem>

#include "core/project/project.h"

namespace netwright::test {

// Images of 8 x 8 whose bright row tells the class (0 to 3). Writes train-* and t10k-* files.
void writeTinyDigits(const std::filesystem::path& folder, int64_t trainSamples = 120, int64_t testSamples = 40);
// A project folder with data/ inside: one convolution with batch norm and dropout, 2 epochs, batches of 16, one thread.
project::Project makeTinyProject(const std::filesystem::path& folder);

}  // namespace netwright::test
