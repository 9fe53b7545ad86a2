// SPDX-License-Identifier: Apache-2.0
#include "core/project/open_weights.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/convert/importer.h"
#include "core/layers/lower_graph.h"
#include "core/project/prepare.h"

namespace netwright::project {
namespace fs = std::filesystem;

WeightsOffer offerWeights(const Project& project, const fs::path& file) {
  const layers::Lowered lowered = layers::lowerGraph(project.graph);
  if (!lowered.ok()) failWith(lowered.diagnostics);
  const std::vector<NamedTensor> tensors = convert::readWeights(file);
  WeightsOffer offer{file, convert::match(lowered.program, tensors), {}};
  offer.weights = convert::matchedWeights(lowered.program, offer.table, tensors);
  return offer;
}

std::string keepWeights(const WeightsOffer& offer, const fs::path& folder) {
  if (offer.weights.empty())
    failInput(fmt::format("No tensor of {} fits a weight of this network.", offer.file.string()),
              "Neither names nor shapes agree.", "Open the weights in the project whose network they belong to.");
  const std::string bytes = safetensorsBytes(offer.weights, {{"source", offer.file.filename().string()}});
  const fs::path relative = fs::path("weights") / offer.file.stem().concat(".safetensors");
  std::error_code ec;
  fs::create_directories(folder / "weights", ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", (folder / "weights").string()), ec.message() + ".",
                    "Let the project's folder be written.");
  writeFileAtomic(folder / relative, bytes);
  return "file:" + relative.string();
}

}  // namespace netwright::project
