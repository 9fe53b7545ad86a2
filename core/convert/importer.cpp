// SPDX-License-Identifier: Apache-2.0
#include "core/convert/importer.h"

#include <fmt/format.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::convert {

const std::vector<std::unique_ptr<Importer>>& importerRegistry() {
  static const auto kAll = importers::builtinImporters();
  return kAll;
}

namespace {

const Importer& importerFor(const std::filesystem::path& path) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec))
    failInput(fmt::format("There is no file {}.", path.string()), "", "Check the path.");
  std::string head(1024, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(file.gcount()));
  for (const auto& importer : importerRegistry())
    if (importer->recognises(head)) return *importer;
  std::vector<std::string> titles;
  for (const auto& importer : importerRegistry()) titles.push_back(importer->info().title);
  failInput(fmt::format("{} holds no weights that Netwright can read.", path.string()),
            fmt::format("It is none of: {}.", joined(titles, ", ")),
            "Save the weights with torch.save(model.state_dict(), path) or as safetensors.");
}

}  // namespace

std::vector<NamedTensor> readWeights(const std::filesystem::path& path) {
  std::vector<NamedTensor> all;
  readWeights(path, [&](NamedTensor t) { all.push_back(std::move(t)); });
  return all;
}

void readWeights(const std::filesystem::path& path, const TensorSink& each) { importerFor(path).read(path, each); }

std::optional<std::string> readGraph(const std::filesystem::path& path) { return importerFor(path).graph(path); }

}  // namespace netwright::convert
