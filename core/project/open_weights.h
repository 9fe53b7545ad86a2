// SPDX-License-Identifier: Apache-2.0
// Weights from elsewhere as the start of a project's next run: which tensor goes where, and the file that the run then
// begins from. The command line and the window share it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/convert/match.h"
#include "core/project/project.h"

namespace netwright::project {

struct WeightsOffer {
  std::filesystem::path file;  // where they come from
  convert::MatchTable table;
  std::vector<NamedTensor> weights;  // those that match, under the network's names
};

// Reads and matches; writes nothing. Throws Error{Input}: a file that cannot be read, a network with errors.
WeightsOffer offerWeights(const Project& project, const std::filesystem::path& file);

// Writes the weights that match into the project's folder weights/ and returns what `run.start` is to be:
// "file:weights/resnet18.safetensors". The same weights give the same bytes. Throws Error{Input} if nothing matches.
std::string keepWeights(const WeightsOffer& offer, const std::filesystem::path& folder);

}  // namespace netwright::project
