// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_overlay.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/widgets/bridge/sample_project.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/node_item.h"

namespace netwright::editor {
namespace {

TEST(NodeOverlay, TellsOfEachNodeBelowItAndGoesWithIt) {
  bridge::SampleProject sample("digits-mlp");
  GraphScene scene(&sample.model);
  NodeOverlay overlay(&scene);
  const NodeId first = sample.model.document().nodes[1].id, second = sample.model.document().nodes[2].id;
  run::NodeStatistics told{7,
                           {{{first.value}, 0.12, 0.5, 0.003}, {{second.value}, 1, 2, std::nan("")}, {{99}, 1, 1, 1}}};
  overlay.show(told);
  EXPECT_EQ(overlay.text(first), "0.12 ± 0.5 · grad 0.003");
  EXPECT_EQ(overlay.text(second), "1 ± 2") << "no gradient where there are no parameters";
  ASSERT_EQ(scene.item(first)->childItems().size(), 1);
  const QGraphicsItem* note = scene.item(first)->childItems().front();
  EXPECT_GE(note->boundingRect().top(), scene.item(first)->body().bottom()) << "nothing of the node is covered";
  EXPECT_EQ(scene.nodeAt(scene.item(first)->sceneBody().center()), scene.item(first));
  overlay.show(told);
  EXPECT_EQ(scene.item(first)->childItems().size(), 1) << "the same note again";
  sample.model.apply(graph::removeNodes(sample.model.document(), {first}, false));
  EXPECT_EQ(scene.item(first), nullptr);
  overlay.clear();
  EXPECT_TRUE(scene.item(second)->childItems().isEmpty());
}

}  // namespace
}  // namespace netwright::editor
