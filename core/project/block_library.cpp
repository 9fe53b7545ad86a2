// SPDX-License-Identifier: Apache-2.0
#include "core/project/block_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/graph/blocks.h"
#include "core/graph/graph_json.h"
#include "core/layers/registry.h"
#include "core/project/graph_text.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMark = "netwright_blocks";
constexpr int64_t kVersion = 1;
constexpr uintmax_t kLargestFile = 16 << 20;

// A file's name that every system takes.
std::string fileName(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 32) c = '_';
  if (name.empty() || name.front() == '.') name = "_" + name;
  return name + ".json";
}

}  // namespace

fs::path libraryFolder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = data && *data ? fs::path(data) : fs::path(home ? home : ".") / ".local" / "share";
  return base / "netwright" / "blocks";
}

std::vector<LibraryBlock> libraryBlocks() {
  std::vector<LibraryBlock> all;
  std::error_code ec;
  for (fs::directory_iterator at(libraryFolder(), ec), end; !ec && at != end; at.increment(ec))
    if (at->path().extension() == ".json" && at->is_regular_file(ec))
      all.push_back({at->path().stem().string(), at->path()});
  std::sort(all.begin(), all.end(), [](const LibraryBlock& a, const LibraryBlock& b) { return a.name < b.name; });
  return all;
}

std::string blocksText(const graph::Document& document, BlockId id) {
  const graph::Block* block = document.findBlock(id);
  if (!block) failInput("The block is not there any more.", "", "");
  Json list = Json::array();
  for (const graph::Block& used : graph::blocksOf(document, block->body.nodes)) list.push_back(graph::toJson(used));
  list.push_back(graph::toJson(*block));
  return fmt::format("{{\n  \"{}\": {},\n  \"blocks\": {}\n}}\n", kMark, kVersion, blockLines(list, ""));
}

std::vector<graph::Block> blocksFromText(const std::string& text, const std::string& source) {
  const Json json = parseJson(text, source);
  if (!json.is_object() || !json.contains(kMark))
    failInput(fmt::format("{} holds no blocks of Netwright.", source), "It has no member \"netwright_blocks\".",
              "Save a block to your library in the window, and use that file.");
  if (const auto version = jsonGet<int64_t>(json, kMark, 0, source); version < 1 || version > kVersion)
    failInput(fmt::format("{} is of version {}, but this program knows version {}.", source, version, kVersion), "",
              "Update Netwright.");
  graph::Document all;
  for (const Json& b : json.value("blocks", Json::array())) all.blocks.push_back(graph::blockFromJson(b, source));
  if (all.blocks.empty()) failInput(fmt::format("{} lists no blocks.", source), "", "");
  layers::migrate(all);
  return all.blocks;
}

std::vector<graph::Block> readBlocks(const fs::path& file) {
  return blocksFromText(readRegularFile(file, kLargestFile), file.string());
}

fs::path saveToLibrary(const graph::Document& document, BlockId id) {
  const std::string text = blocksText(document, id);
  const fs::path folder = libraryFolder(), file = folder / fileName(document.findBlock(id)->name);
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", folder.string()), ec.message() + ".",
                    "Choose a folder for data that you may write to.");
  writeFileAtomic(file, text);
  return file;
}

}  // namespace netwright::project
