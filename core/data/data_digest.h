// SPDX-License-Identifier: Apache-2.0
// Tells one state of the data from another. Recorded with each run.
#pragma once

#include <filesystem>
#include <string>

#include "core/data/data_config.h"

namespace netwright::data {

// SHA-256 of the settings (source, params, transforms, splits) and of every file that lies at the path, by name: equal
// digests mean equal samples. Throws Error as openData does.
std::string dataDigest(const DataConfig& config, const std::filesystem::path& projectFolder);

}  // namespace netwright::data
