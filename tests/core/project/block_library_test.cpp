// SPDX-License-Identifier: Apache-2.0
#include "core/project/block_library.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/graph/blocks.h"
#include "core/layers/registry.h"
#include "tests/core/graph/block_documents.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

class BlockLibrary : public ::testing::Test {
 protected:
  test::TempFolder home;
  std::string before = std::getenv("XDG_DATA_HOME") ? std::getenv("XDG_DATA_HOME") : "";
  void SetUp() override { setenv("XDG_DATA_HOME", home.path().c_str(), 1); }
  void TearDown() override { before.empty() ? unsetenv("XDG_DATA_HOME") : setenv("XDG_DATA_HOME", before.c_str(), 1); }
};

TEST_F(BlockLibrary, KeepsABlockWithThoseThatItIsMadeOf) {
  EXPECT_TRUE(libraryBlocks().empty());
  graph::Document d = graph::nested();
  layers::migrate(d);
  const auto file = saveToLibrary(d, {2});
  EXPECT_EQ(file, libraryFolder() / "Pair.json");
  ASSERT_EQ(libraryBlocks().size(), 1u);
  EXPECT_EQ(libraryBlocks()[0].name, "Pair");
  EXPECT_EQ(readBlocks(file), d.blocks);
  graph::Document other;
  std::map<BlockId, BlockId> numbers;
  graph::apply(other, graph::addBlocks(other, readBlocks(file), numbers));
  EXPECT_EQ(other.blocks, d.blocks);
}

TEST_F(BlockLibrary, ItsFilesHaveALineForEachNode) {
  const std::string text = blocksText(graph::nested(), {2});
  for (const char* line : {"\n          {\"id\":3,\"kind\":\"block_input\"", "\n          [\"3.y\",\"1.x\"]"})
    EXPECT_NE(text.find(line), std::string::npos) << line << " in\n" << text;
}

TEST_F(BlockLibrary, ANameIsMadeOneOfAFile) {
  graph::Document d = graph::twoLayers();
  d.blocks[0].name = "../a/b";
  EXPECT_EQ(saveToLibrary(d, {1}).parent_path(), libraryFolder());
}

TEST_F(BlockLibrary, RefusesWhatHoldsNoBlocks) {
  const auto refusal = [](const std::string& text) { return test::messageOf([&] { blocksFromText(text, "b.json"); }); };
  EXPECT_NE(refusal("{}").find("b.json holds no blocks of Netwright."), std::string::npos);
  EXPECT_NE(refusal(R"({"netwright_blocks": 9})").find("is of version 9"), std::string::npos);
  EXPECT_NE(refusal(R"({"netwright_blocks": 1, "blocks": []})").find("lists no blocks"), std::string::npos);
  EXPECT_NE(refusal(R"({"netwright_blocks": 1, "blocks": [{"id": 1}]})").find("a 'name'"), std::string::npos);
  EXPECT_NE(refusal(R"({"netwright_blocks": 1, "blocks": [{"id": 1, "name": "A", "params": [{"kind": "int"}]}]})")
                .find("has no 'name'"),
            std::string::npos);
}

}  // namespace
}  // namespace netwright::project
