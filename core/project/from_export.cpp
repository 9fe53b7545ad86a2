// SPDX-License-Identifier: Apache-2.0
#include "core/project/from_export.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/work_folder.h"
#include "core/convert/importer.h"
#include "core/graph/graph_json.h"
#include "core/layers/registry.h"
#include "core/project/open_weights.h"

namespace netwright::project {
namespace fs = std::filesystem;

bool mayBeExport(const fs::path& file) {
  std::string extension = file.extension().string();
  if (!extension.empty()) extension.erase(0, 1);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto& importers = convert::importerRegistry();
  return std::any_of(importers.begin(), importers.end(), [&](const auto& importer) {
    const auto known = importer->info().extensions;
    return std::find(known.begin(), known.end(), extension) != known.end();
  });
}

Project createFromExport(const fs::path& folder, const fs::path& file) {
  std::error_code ec;
  if (fs::exists(folder, ec) && !(fs::is_directory(folder, ec) && fs::is_empty(folder, ec)))
    failInput(fmt::format("{} exists already and is not empty.", folder.string()), "",
              "Choose another folder; nothing was changed.");
  const auto drawn = convert::readGraph(file);
  if (!drawn)
    failInput(fmt::format("{} holds no network that was drawn in Netwright.", file.string()),
              "Files of other programs have weights only, or a graph that cannot be opened yet.",
              "Draw the network, and open the weights in it: netwright-cli weights PROJECT FILE.");
  Project project;
  project.name = file.stem().string();
  project.description = fmt::format("Opened from {}.", file.filename().string());
  project.graph = graph::fromJson(parseJson(*drawn, file.string()), file.string());
  layers::migrate(project.graph);
  WorkFolder work(folder);
  project.run.start = keepWeights(offerWeights(project, file), work.path());
  save(project, work.path());
  work.put(work.path());
  return project;
}

}  // namespace netwright::project
