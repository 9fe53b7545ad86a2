// SPDX-License-Identifier: Apache-2.0
// Writes the templates of this folder as the program saves them.
//   nw_templates FOLDER           into FOLDER/<id>/project.json
//   nw_templates --check FOLDER   writes nothing; fails, naming them, if some differ from what would be written
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tools/templates/sketch.h"

int main(int argc, char** argv) try {
  using namespace netwright;
  const bool check = argc == 3 && argv[1] == std::string("--check");
  if (!check && argc != 2) {
    fmt::print(stderr, "Usage: nw_templates [--check] FOLDER\n");
    return 2;
  }
  int differences = 0;
  std::vector<templates::Sketch> all = templates::tables();
  for (templates::Sketch& s : templates::sequences()) all.push_back(std::move(s));
  for (const templates::Sketch& sketch : all) {
    const std::filesystem::path folder = std::filesystem::path(argv[argc - 1]) / sketch.id;
    const std::string text = project::toText(sketch.project);
    if (!check) {
      std::filesystem::create_directories(folder);
      writeFileAtomic(project::projectFile(folder), text);
    } else if (!std::filesystem::exists(project::projectFile(folder)) ||
               readFile(project::projectFile(folder)) != text) {
      fmt::print(stderr, "{} is not what tools/templates makes; run nw_templates {}\n", sketch.id, argv[2]);
      ++differences;
    }
  }
  return differences > 0 ? 1 : 0;
} catch (const netwright::Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
