// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/design_page.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>

#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/layer_marks.h"
#include "widgets/editor/palette.h"
#include "widgets/editor/problem_list.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/problem_view.h"
#include "widgets/forms/spec_editor.h"

namespace netwright::editor {
namespace {

using forms::SpecEditor;

TEST_F(EditorTest, KeyboardAlone_BuildsANetwork) {
  clearGraph();
  for (const char* words : {"input", "nn.Linear", "relu", "output"}) {
    view.setFocus();
    key(Qt::Key_Space);
    addByName(words);
  }
  ASSERT_EQ(document().nodes.size(), 4u);
  EXPECT_TRUE(wired("input1", "fc1"));
  EXPECT_TRUE(wired("fc1", "relu1"));
  EXPECT_TRUE(wired("relu1", "output1"));
  while (model.undoStack()->canUndo()) key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(document().nodes.empty());
  while (model.undoStack()->canRedo()) key(Qt::Key_Y, Qt::ControlModifier);
  EXPECT_TRUE(wired("relu1", "output1"));
}

TEST_F(EditorTest, MouseAlone_ConnectsByDraggingFromPortToPort) {
  clearGraph();
  for (const char* kind : {"input", "linear", "relu", "output"})
    scene.addLayer(*layers::findLayer(kind), QPointF(270 * static_cast<double>(document().nodes.size()), 0),
                   std::nullopt);
  view.fit();
  drag(output("input1"), input("fc1"));
  drag(input("relu1"), output("fc1"));  // backwards works as well
  drag(output("relu1"), input("output1"));
  EXPECT_TRUE(wired("input1", "fc1"));
  EXPECT_TRUE(wired("fc1", "relu1"));
  EXPECT_TRUE(wired("relu1", "output1"));
}

TEST_F(EditorTest, DragNode_SnapsAndIsOneUndoStep) {
  const graph::Document before = document();
  drag(body("fc1"), body("fc1") + QPoint(37, 41));
  const graph::Point moved = node("fc1").position;
  EXPECT_NE(moved, before.findByName("fc1")->position);
  EXPECT_EQ(std::fmod(moved.x, 10), 0);
  EXPECT_EQ(std::fmod(moved.y, 10), 0);
  EXPECT_EQ(model.undoStack()->count(), 1);
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(document(), before);
}

TEST_F(EditorTest, DragSeveral_MovesThemTogether) {
  click(body("conv1"));
  click(body("relu1"), Qt::ControlModifier);
  const double gap = node("relu1").position.x - node("conv1").position.x;
  drag(body("conv1"), body("conv1") + QPoint(0, 60));
  EXPECT_EQ(node("relu1").position.x - node("conv1").position.x, gap);
  EXPECT_GT(node("relu1").position.y, 0);
  EXPECT_EQ(model.undoStack()->undoText(), "Move 2 nodes");
}

TEST_F(EditorTest, Escape_CancelsADrag) {
  const graph::Document before = document();
  press(body("fc1"));
  move(body("fc1") + QPoint(80, 80));
  key(Qt::Key_Escape);
  release(body("fc1") + QPoint(80, 80));
  EXPECT_EQ(document(), before);
}

TEST_F(EditorTest, RubberBand_SelectsWhatItTouches) {
  const QPoint corner = at(scene.item(id("image"))->sceneBody().topLeft()) - QPoint(15, 15);
  drag(corner, at(scene.item(id("conv1"))->sceneBody().bottomRight()) + QPoint(4, 4));
  EXPECT_EQ(scene.selectedNodes(), (std::vector<NodeId>{id("image"), id("conv1")}));
  EXPECT_TRUE(scene.selectedWires().empty()) << "deleting what was caught must not cut other wires";
}

TEST_F(EditorTest, Rewire_TheEndOfAWireGoesToAnotherInput) {
  drag(input("relu1"), input("pool1"));
  EXPECT_TRUE(wired("conv1", "pool1"));
  EXPECT_EQ(document().wireInto({id("relu1"), "x"}), nullptr);
  EXPECT_EQ(model.undoStack()->count(), 1);
}

TEST_F(EditorTest, Rewire_DroppedOnTheCanvasTheWireGoes) {
  drag(input("relu1"), at({-60, -60}));
  EXPECT_EQ(document().wireInto({id("relu1"), "x"}), nullptr);
  EXPECT_EQ(view.quickAdd(), nullptr);
}

TEST_F(EditorTest, WireOntoANode_GoesToItsPort) {
  model.apply(graph::disconnect(*document().wireInto({id("relu1"), "x"})));
  drag(output("conv1"), body("relu1"));
  EXPECT_TRUE(wired("conv1", "relu1"));
  EXPECT_EQ(view.quickAdd(), nullptr);
  const graph::Document before = document();
  drag(output("fc2"), body("conv1"));
  EXPECT_EQ(document(), before) << "a cycle is refused there as well";
}

TEST_F(EditorTest, Cycle_IsRefusedWithTheReason) {
  const graph::Document before = document();
  QSignalSpy hints(&scene, &GraphScene::hinted);
  drag(output("fc2"), input("conv1"));
  EXPECT_EQ(document(), before);
  ASSERT_FALSE(hints.isEmpty());
  EXPECT_EQ(hints.last().first().toString(),
            "This would close a cycle: conv1 already leads to fc2. A network flows from inputs to outputs.");
}

TEST_F(EditorTest, WireOntoTheCanvas_AsksForALayerAndConnectsIt) {
  drag(output("relu1"), at({700, -60}));
  addByName("dropout");
  EXPECT_TRUE(wired("relu1", "dropout1"));
  EXPECT_TRUE(wired("relu1", "pool1"));
  EXPECT_EQ(model.undoStack()->count(), 1);
}

TEST_F(EditorTest, QuickAdd_OffersOnlyWhatFitsTheWire) {
  drag(output("relu1"), at({700, -60}));
  ASSERT_NE(view.quickAdd(), nullptr);
  QTest::keyClicks(view.quickAdd()->field(), "input");
  EXPECT_TRUE(view.quickAdd()->findChild<LayerList*>()->findItems("Input", Qt::MatchExactly).isEmpty());
  QTest::keyClick(view.quickAdd()->field(), Qt::Key_Escape);
  EXPECT_EQ(document().nodes.size(), 12u);
}

TEST_F(EditorTest, DoubleClickOnTheCanvas_AddsThere) {
  const QPoint place = at({-40, 250});
  QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, place);
  addByName("softmax");
  ASSERT_TRUE(id("softmax1"));
  EXPECT_TRUE(scene.selectedNodes() == std::vector<NodeId>{id("softmax1")});
}

TEST_F(EditorTest, Delete_Heals) {
  click(body("relu1"));
  key(Qt::Key_Delete);
  EXPECT_FALSE(id("relu1"));
  EXPECT_TRUE(wired("conv1", "pool1"));
  key(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(wired("relu1", "pool1"));
}

TEST_F(EditorTest, Delete_RemovesASelectedWire) {
  click(onWireInto("relu2"));
  ASSERT_EQ(scene.selectedWires().size(), 1u);
  key(Qt::Key_Delete);
  EXPECT_EQ(document().wireInto({id("relu2"), "x"}), nullptr);
  EXPECT_EQ(document().nodes.size(), 12u);
}

TEST_F(EditorTest, PaletteDropOnAWire_PutsTheLayerIntoIt) {
  QMimeData data;
  data.setData(kLayerMime, "batch_norm2d");
  const QPoint place = onWireInto("relu1");
  for (const auto type : {QEvent::DragMove, QEvent::Drop}) {
    std::unique_ptr<QDropEvent> event;
    if (type == QEvent::DragMove)
      event = std::make_unique<QDragMoveEvent>(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    else
      event = std::make_unique<QDropEvent>(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view.viewport(), &enter);
    QApplication::sendEvent(view.viewport(), event.get());
  }
  ASSERT_EQ(document().nodes.size(), 13u);
  const NodeId added = scene.selectedNodes().front();
  EXPECT_EQ(document().find(added)->kind, "batch_norm2d");
  EXPECT_EQ(document().wireInto({id("relu1"), "x"})->from.node, added);
  EXPECT_EQ(document().wireInto({added, "x"})->from.node, id("conv1"));
  EXPECT_TRUE(model.prepared().ok());
}

TEST_F(EditorTest, LooseNodeDraggedOntoAWire_GoesIntoIt) {
  scene.addLayer(*layers::findLayer("dropout"), {-300, 300}, std::nullopt);
  view.fit();
  const QPoint grip = body("dropout1"), centre = at(scene.item(id("dropout1"))->sceneBody().center());
  drag(grip, grip + onWireInto("pool1") - centre);
  EXPECT_TRUE(wired("relu1", "dropout1"));
  EXPECT_TRUE(wired("dropout1", "pool1"));
}

TEST_F(EditorTest, Palette_EnterPutsTheLayerBehindTheSelection) {
  click(body("relu3"));
  QTest::keyClicks(page.palette()->field(), "drop");
  QTest::keyClick(page.palette()->field(), Qt::Key_Return);
  EXPECT_TRUE(wired("relu3", "dropout1"));
  EXPECT_TRUE(wired("dropout1", "fc2"));
}

TEST_F(EditorTest, Palette_CategoriesFoldAndTheSearchFindsWhatIsFolded) {
  LayerList& list = *page.palette()->list();
  const auto row = [&](const QString& text) {
    for (int i = 0; i < list.count(); ++i)
      if (list.item(i)->text() == text) return i;
    return -1;
  };
  ASSERT_NE(row("Sqrt"), -1);
  EXPECT_TRUE(list.isRowHidden(row("Sqrt")));
  EXPECT_FALSE(list.isRowHidden(row("ReLU")));
  const auto clickHeading = [&](const QString& text) {
    list.scrollToItem(list.item(row(text)));
    QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, list.visualItemRect(list.item(row(text))).center());
  };
  clickHeading("Function");
  EXPECT_FALSE(list.isRowHidden(row("Sqrt")));
  clickHeading("Function");
  EXPECT_TRUE(list.isRowHidden(row("Sqrt")));
  QTest::keyClicks(page.palette()->field(), "sqrt");
  ASSERT_NE(list.currentLayer(), nullptr);
  EXPECT_EQ(list.currentLayer()->id, "sqrt");
}

TEST_F(EditorTest, Palette_FavouritesAndTheLayersUsedLastComeFirst) {
  Palette& palette = *page.palette();
  LayerList& list = *palette.list();
  const auto section = [&](const QString& heading) {
    QStringList layers;
    for (int i = 0; i < list.count(); ++i) {
      if (list.item(i)->text() != heading || (list.item(i)->flags() & Qt::ItemIsSelectable)) continue;
      while (++i < list.count() && (list.item(i)->flags() & Qt::ItemIsSelectable)) layers << list.item(i)->text();
    }
    return layers;
  };
  for (const QString& id : LayerMarks::instance().favourites()) LayerMarks::instance().setFavourite(id, false);
  const auto leave = [&] {
    QEvent away(QEvent::Leave);
    QApplication::sendEvent(&palette, &away);
  };
  QTest::keyClicks(palette.field(), "dropout1d");
  QTest::keyClick(palette.field(), Qt::Key_Return);
  palette.field()->clear();
  leave();
  EXPECT_EQ(section("Used last").first(), "Dropout1d");
  EXPECT_TRUE(section("Favourites").isEmpty());
  // The star at the right of a row.
  const auto star = [&](const QString& text) {
    auto* row = list.findItems(text, Qt::MatchExactly).last();
    list.scrollToItem(row);
    const QRect box = list.visualItemRect(row);
    QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, {box.right() - 12, box.center().y()});
  };
  const int nodes = static_cast<int>(model.document().nodes.size());
  star("Linear");
  star("ReLU");
  leave();
  EXPECT_EQ(section("Favourites"), (QStringList{"Linear", "ReLU"}));
  EXPECT_EQ(static_cast<int>(model.document().nodes.size()), nodes) << "a star adds nothing";
  {
    Palette another;
    EXPECT_EQ(another.list()->item(1)->text(), "Linear") << "remembered";
  }
  star("Linear");
  leave();
  EXPECT_EQ(section("Favourites"), QStringList{"ReLU"});
  // By the keyboard.
  list.setCurrentRow(1);
  ASSERT_EQ(list.currentLayer()->id, "relu");
  QContextMenuEvent asked(QContextMenuEvent::Keyboard, {}, {});
  QApplication::sendEvent(&list, &asked);
  auto* menu = list.findChild<QMenu*>();
  ASSERT_TRUE(menu);
  QTest::keyClick(menu, Qt::Key_Down);
  QTest::keyClick(menu, Qt::Key_Return);
  leave();
  EXPECT_TRUE(section("Favourites").isEmpty());
}

TEST_F(EditorTest, Palette_HasNoLosses) {
  LayerList& list = *page.palette()->list();
  for (int row = 0; row < list.count(); ++row) EXPECT_NE(list.item(row)->text(), "Cross entropy");
  QTest::keyClicks(page.palette()->field(), "cross entropy");
  EXPECT_EQ(list.count(), 0);
}

TEST_F(EditorTest, Arrows_MoveTheSelectionInOneStep) {
  click(body("fc1"));
  const graph::Point start = node("fc1").position;
  for (int i = 0; i < 3; ++i) key(Qt::Key_Right);
  key(Qt::Key_Down, Qt::ShiftModifier);
  EXPECT_EQ(node("fc1").position, (graph::Point{start.x + 30, start.y + 100}));
  EXPECT_EQ(model.undoStack()->count(), 1);
}

TEST_F(EditorTest, Tab_WalksAlongTheNetworkAndAltArrowsFollowWires) {
  key(Qt::Key_Tab);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("image")});
  key(Qt::Key_Tab);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("conv1")});
  key(Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("relu1")});
  key(Qt::Key_Left, Qt::AltModifier);
  key(Qt::Key_Backtab, Qt::ShiftModifier);
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("image")});
}

TEST_F(EditorTest, SelectAllAndFit) {
  key(Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(scene.selectedNodes().size(), 12u);
  key(Qt::Key_0, Qt::ControlModifier);
  EXPECT_DOUBLE_EQ(view.zoom(), 1);
  key(Qt::Key_F);
  const QRectF shown = view.mapToScene(view.viewport()->rect()).boundingRect();
  EXPECT_TRUE(shown.contains(scene.contentRect()));
}

TEST_F(EditorTest, Template_IsReadableAfterFit) {
  EXPECT_GE(view.zoom(), 0.85);
  for (const auto& [a, first] : scene.nodeItems())
    for (const graph::Wire& w : document().wires)
      EXPECT_FALSE(scene.wireItem(w)->labelBox().intersects(first->sceneBody())) << w.to.node.value;
}

TEST_F(EditorTest, Arrange_IsOneUndoStepWithoutOverlaps) {
  graph::Edit mess{"Mess", {}};
  for (const graph::Node& n : document().nodes) mess.steps.push_back(graph::Move{n.id, {0, 0}});
  model.apply(mess);
  scene.arrange({700, 560});
  EXPECT_EQ(model.undoStack()->count(), 2);
  for (const auto& [a, first] : scene.nodeItems())
    for (const auto& [b, second] : scene.nodeItems())
      if (a != b) {
        EXPECT_FALSE(first->sceneBody().intersects(second->sceneBody()));
      }
}

TEST_F(EditorTest, Form_InvalidTextStaysAndDoesNotReachTheModel) {
  click(body("conv1"));
  SpecEditor* channels = page.form()->editor("out_channels");
  ASSERT_NE(channels, nullptr);
  auto* field = channels->findChild<QLineEdit*>();
  field->setFocus();
  field->selectAll();
  QTest::keyClicks(field, "-4");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_EQ(channels->problem(), "Must be at least 1 but is -4.");
  EXPECT_EQ(model.undoStack()->count(), 0);
  field->selectAll();
  QTest::keyClicks(field, "48");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_EQ(node("conv1").params.at("out_channels"), Attribute(int64_t{48}));
  EXPECT_EQ(scene.item(id("conv1"))->face().line, QString::fromUtf8("48 · 3×3"));
  EXPECT_EQ(page.form()->editor("out_channels"), channels) << "the form is refreshed, not rebuilt";
}

TEST_F(EditorTest, Form_RenamesAndRefusesTakenNames) {
  click(body("fc1"));
  QLineEdit* name = page.form()->nameField();
  name->setFocus();
  name->selectAll();
  QTest::keyClicks(name, "conv1");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_TRUE(id("fc1"));
  EXPECT_EQ(name->text(), "conv1");
  name->selectAll();
  QTest::keyClicks(name, "hidden");
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_TRUE(id("hidden"));
}

TEST_F(EditorTest, Form_SeveralLayersChangeTogether) {
  click(body("conv1"));
  click(body("conv2"), Qt::ControlModifier);
  auto* field = page.form()->editor("out_channels")->findChild<QLineEdit*>();
  EXPECT_EQ(field->placeholderText(), "several");
  field->setFocus();
  QTest::keyClicks(field, "16");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_EQ(node("conv1").params.at("out_channels"), Attribute(int64_t{16}));
  EXPECT_EQ(node("conv2").params.at("out_channels"), Attribute(int64_t{16}));
  EXPECT_EQ(model.undoStack()->count(), 1);
}

TEST_F(EditorTest, FixButton_RepairsAPinnedMismatch) {
  model.apply(graph::setParam(document(), id("fc1"), "in_features", int64_t{784}));
  EXPECT_EQ(scene.item(id("fc1"))->face().severity, Severity::Error);
  EXPECT_TRUE(scene.item(id("fc1"))->toolTip().contains("expects 784 input features but receives 3,136"));
  EXPECT_EQ(page.problems()->count(), 1);
  EXPECT_TRUE(page.problems()->isOpen());
  click(body("fc1"));
  auto* card = page.form()->findChild<forms::ProblemView*>();
  ASSERT_NE(card, nullptr);
  QTest::mouseClick(card->findChild<QPushButton*>(), Qt::LeftButton);
  QApplication::processEvents();
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(page.problems()->count(), 0);
  EXPECT_EQ(scene.item(id("fc1"))->face().severity, std::nullopt);
}

TEST_F(EditorTest, ProblemClicked_SelectsTheNode) {
  model.apply(graph::setParam(document(), id("fc1"), "in_features", int64_t{784}));
  auto* row = page.problems()->findChild<forms::ProblemView*>();
  QTest::mouseClick(row, Qt::LeftButton, {}, QPoint(20, 8));
  EXPECT_EQ(scene.selectedNodes(), std::vector<NodeId>{id("fc1")});
}

TEST_F(EditorTest, UnknownKind_IsAPlaceholderThatStays) {
  graph::Node stranger;
  stranger.id = document().freshId();
  stranger.kind = "gabor2d";
  stranger.name = "gabor1";
  stranger.unknown = R"({"bank":7})";
  model.apply({"Add", {graph::AddNode{stranger}, graph::Connect{{{id("conv1"), "y"}, {stranger.id, "img"}}}}});
  const NodeFace& face = scene.item(stranger.id)->face();
  EXPECT_EQ(face.title, "gabor2d");
  EXPECT_FALSE(face.category.has_value());
  ASSERT_EQ(face.inputs.size(), 1u);
  EXPECT_EQ(face.inputs.front().name, "img");
  scene.select({stranger.id});
  EXPECT_FALSE(page.grab().isNull());
  EXPECT_EQ(document().find(stranger.id)->unknown, R"({"bank":7})");
}

TEST_F(EditorTest, AnotherProject_ReplacesEverything) {
  scene.selectAll();
  model.create(sample.folder.filePath("other").toStdString(), "digits-linear");
  EXPECT_EQ(scene.nodeItems().size(), document().nodes.size());
  EXPECT_TRUE(page.form()->nodes().empty());
  model.close();
  EXPECT_TRUE(scene.nodeItems().empty());
  EXPECT_FALSE(page.grab().isNull());
}

}  // namespace
}  // namespace netwright::editor
