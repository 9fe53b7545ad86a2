// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/fit.h"

#include <QSignalSpy>

#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/layer_list.h"

namespace netwright::editor {
namespace {

TEST_F(EditorTest, Misfit_IsToldByTheShapeRules) {
  const auto& lowered = model.prepared().lowered;
  const program::ValueType& image = *lowered.typeAt({id("conv1"), "y"});
  const program::ValueType& features = *lowered.typeAt({id("fc1"), "y"});
  EXPECT_EQ(whyMisfit(*layers::findLayer("conv2d"), image), "");
  EXPECT_TRUE(whyMisfit(*layers::findLayer("conv2d"), features).contains("expects an input with")) << "N×128";
  EXPECT_EQ(whyMisfit(*layers::findLayer("linear"), features), "");
  EXPECT_EQ(whyMisfit(*layers::findLayer("add"), features), "") << "its other input decides as well";
  EXPECT_EQ(whyMisfit(node("conv2"), "x", *lowered.typeAt({id("image"), "y"})), "");
}

TEST_F(EditorTest, QuickAdd_ListsWhatFitsFirst) {
  click(body("fc1"));
  key(Qt::Key_Space);
  ASSERT_NE(view.quickAdd(), nullptr);
  QTest::keyClicks(view.quickAdd()->field(), "conv");
  auto* list = view.quickAdd()->findChild<LayerList*>();
  EXPECT_TRUE(list->currentMisfit().contains("expects an input with"));
  view.quickAdd()->field()->clear();
  bool misfits = false;
  for (int row = 0; row < list->count(); ++row) {
    list->setCurrentRow(row);
    EXPECT_FALSE(misfits && list->currentMisfit().isEmpty()) << list->item(row)->text().toStdString();
    misfits |= !list->currentMisfit().isEmpty();
  }
  EXPECT_TRUE(misfits);
  view.quickAdd()->close();
}

TEST_F(EditorTest, WireInTheHand_SaysWhatWouldNotFitAndConnectsAllTheSame) {
  model.apply({"Loose", {graph::AddNode{layers::newNode(*layers::findLayer("max_pool2d"), document(), {0, 700})}}});
  view.fit();
  const std::string pool = document().nodes.back().name;
  QSignalSpy hints(&scene, &GraphScene::hinted);
  press(output("fc1"));
  move(output("fc1") + QPoint(0, 40));
  move(input(pool.c_str()));
  ASSERT_FALSE(hints.isEmpty());
  EXPECT_TRUE(hints.last().first().toString().endsWith("Release to connect it all the same."))
      << hints.last().first().toString().toStdString();
  release(input(pool.c_str()));
  EXPECT_TRUE(wired("fc1", pool.c_str()));
}

}  // namespace
}  // namespace netwright::editor
