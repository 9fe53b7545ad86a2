// SPDX-License-Identifier: Apache-2.0
// The user's own blocks, for use in every project: a folder of text files, one for each block, that can be passed on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/graph/document.h"

namespace netwright::project {

struct LibraryBlock {
  std::string name;  // of the file: "Residual"
  std::filesystem::path file;
};

// $XDG_DATA_HOME/netwright/blocks, or ~/.local/share/netwright/blocks.
std::filesystem::path libraryFolder();
// By name; those that cannot be read are told when they are used. Empty without a folder.
std::vector<LibraryBlock> libraryBlocks();
// With the blocks that it is made of. Replaces one of that name. Throws Error.
std::filesystem::path saveToLibrary(const graph::Document& document, BlockId block);
// {"netwright_blocks": 1, "blocks": [...]}, one node per line.
std::string blocksText(const graph::Document& document, BlockId block);
// The definitions in such a text, the main one last. Throws Error{Input} that names the source.
std::vector<graph::Block> blocksFromText(const std::string& text, const std::string& source);
std::vector<graph::Block> readBlocks(const std::filesystem::path& file);

}  // namespace netwright::project
