// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/file_sets.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

fs::path firstOf(const fs::path& folder, const std::vector<std::string>& stems,
                 const std::vector<std::string>& extensions) {
  for (const std::string& stem : stems)
    for (const std::string& extension : extensions)
      if (const fs::path path = folder / (stem + extension); fs::is_regular_file(path)) return path;
  return {};
}

std::vector<std::string> filesIn(const fs::path& folder, const std::vector<std::string>& extensions) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string name = entry.path().filename().string();
    if (std::any_of(extensions.begin(), extensions.end(), [&](const std::string& e) { return name.ends_with(e); }))
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

FileSets findSets(const fs::path& path, const std::vector<std::string>& extensions) {
  if (!fs::is_directory(path)) return {path, {}, {}};
  const FileSets sets{firstOf(path, {"train"}, extensions), firstOf(path, {"validation", "val"}, extensions),
                      firstOf(path, {"test"}, extensions)};
  if (!sets.train.empty()) return sets;
  const std::vector<std::string> names = filesIn(path, extensions);
  if (names.size() == 1) return {path / names.front(), {}, {}};
  const std::string kinds = joined(extensions, ", ");
  if (names.empty())
    failInput(fmt::format("{} holds no data file ({}).", path.string(), kinds), "",
              "Choose a file, or another folder.");
  failInput(fmt::format("{} holds {} data files, and none is called train{}.", path.string(), names.size(),
                        extensions.front()),
            fmt::format("They are {}.", joined(names, ", ")), "Choose one of the files, or rename the training set.");
}

}  // namespace netwright::data
