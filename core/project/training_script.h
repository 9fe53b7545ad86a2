// SPDX-License-Identifier: Apache-2.0
// A run as the Python program that a person would write for it: train.py beside the model.py of a PyTorch project. It
// reads the run's data, divides and prepares it alike, begins with the same weights and repeats the losses. Used by
// exports.
#pragma once

#include <filesystem>
#include <string>

#include "core/convert/exporter.h"
#include "core/project/project.h"

namespace netwright::project {

// `learnt`: Checkpoint::data. The parts of the script that do not depend on the run are files in resources/train.
// Never throws for what cannot be repeated, nor for data that cannot be read: that is a refusal.
convert::TrainingScript trainingScript(const Project& project, const std::filesystem::path& folder,
                                       const std::string& learnt);

}  // namespace netwright::project
