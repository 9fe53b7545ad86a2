// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/find_nodes.h"

#include <gtest/gtest.h>

#include "tests/widgets/bridge/sample_project.h"

namespace netwright::editor {
namespace {

QStringList names(const bridge::SampleProject& sample, const char* query) {
  QStringList all;
  for (const Found& f : findNodes(sample.model.document(), query))
    all << QString::fromStdString(sample.model.document().find(f.node)->name);
  return all;
}

TEST(FindNodes, ByNameTypeAndValue) {
  const bridge::SampleProject sample;
  EXPECT_EQ(names(sample, "fc1"), QStringList{"fc1"});
  EXPECT_EQ(names(sample, "nn.Linear"), (QStringList{"fc1", "fc2"}));
  EXPECT_EQ(names(sample, "type:conv"), (QStringList{"conv1", "conv2"}));
  EXPECT_EQ(names(sample, "out_channels=64"), QStringList{"conv2"});
  EXPECT_EQ(names(sample, "out_channels<64"), QStringList{"conv1"});
  EXPECT_EQ(names(sample, "type:conv out_channels>=64"), QStringList{"conv2"});
  EXPECT_EQ(names(sample, "64"), QStringList{"conv2"}) << "a value alone, whole: not 640";
  EXPECT_EQ(findNodes(sample.model.document(), "64").front().why, "out_channels = 64");
  EXPECT_TRUE(names(sample, "  ").isEmpty());
  EXPECT_TRUE(names(sample, "out_channels=").isEmpty());
  EXPECT_TRUE(names(sample, "perceiver").isEmpty());
}

}  // namespace
}  // namespace netwright::editor
