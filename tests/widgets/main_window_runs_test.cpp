// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys over several pages: three clicks to a trained network, runs taken up again, exports; and how long the window
// was busy meanwhile.
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "tests/widgets/stall.h"
#include "tests/widgets/window_test.h"
#include "widgets/editor/design_page.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/panels/export_dialog.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/runs_view.h"
#include "widgets/panels/train_page.h"
#include "widgets/panels/try_page.h"

namespace netwright {
namespace {

class WindowRunsTest : public WindowTest {
 protected:
  bool trained() { return appears("export-run"); }
  void toRuns(int count) {
    QTest::keyClick(window.get(), Qt::Key_4, Qt::ControlModifier);
    ASSERT_TRUE(eventually([&] { return window->runsPage().table().rowCount() == count; }));
  }
  void press(const char* id) {
    auto* action = window->findChild<QAction*>(id);
    ASSERT_TRUE(eventually([&] { return action && action->isEnabled(); })) << id;
    action->trigger();
  }
  panels::ExportDialog* exportDialog() { return window->findChild<panels::ExportDialog*>(); }
};

// J1: the card, Train, and nothing else.
TEST_F(WindowRunsTest, J1_TwoClicksFromLaunchToATrainedDigitRecogniser) {
  int clicks = 0;
  click("template-digits-mlp");
  ++clicks;
  click("train");
  ++clicks;
  ASSERT_TRUE(trained()) << window->run().problem().title.toStdString();
  EXPECT_GE(window->run().lastValues().at("val/accuracy"), 0.97);
  EXPECT_LE(clicks, 3);
}

TEST_F(WindowRunsTest, RunAgain_UsesTheNetworkOfThenAndUndoBringsBackTheOneOfNow) {
  fromTemplate("template-spirals-mlp");
  setEpochs(1);
  click("train");
  ASSERT_TRUE(trained());
  const project::Project then = window->project().project();
  setEpochs(2);
  toRuns(1);
  window->runsPage().view().selectRun({1});
  press("runs.again");
  ASSERT_TRUE(eventually([&] { return window->run().started() && window->run().started()->name == "run-2"; }));
  EXPECT_EQ(window->page(), MainWindow::Train);
  ASSERT_TRUE(eventually([&] { return !window->run().isActive(); }));
  EXPECT_EQ(window->project().project().run, then.run);
  EXPECT_EQ(window->run().lastValues().size(), 4u);
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(window->project().project().run.epochs, 2);
}

TEST_F(WindowRunsTest, Branch_StartsFromTheWeightsOfTheRun) {
  fromTemplate("template-spirals-mlp");
  setEpochs(2);
  click("train");
  ASSERT_TRUE(trained());
  const double before = window->run().lastValues().at("val/loss");
  toRuns(1);
  window->runsPage().view().selectRun({1});
  press("runs.branch");
  ASSERT_TRUE(eventually([&] { return window->project().project().run.start == "run:run-1"; }));
  EXPECT_EQ(window->page(), MainWindow::Train);
  click("start-training");
  ASSERT_TRUE(eventually([&] { return window->run().started() && window->run().started()->name == "run-2"; }));
  ASSERT_TRUE(eventually([&] { return !window->run().isActive(); }));
  EXPECT_LT(window->run().lastValues().at("val/loss"), before);
}

TEST_F(WindowRunsTest, DeletingARunIsUndoneByTheKeysOfTheWindow) {
  fromTemplate("template-spirals-mlp");
  setEpochs(1);
  click("train");
  ASSERT_TRUE(trained());
  toRuns(1);
  window->runsPage().view().selectRun({1});
  press("runs.delete");
  ASSERT_TRUE(eventually([&] { return window->runsPage().table().rowCount() == 0; }));
  EXPECT_EQ(window->findChild<QAction*>("undo")->text().remove('&'), "Undo Delete run-1");
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(eventually([&] { return window->runsPage().table().rowCount() == 1; }));
  EXPECT_TRUE(eventually([&] { return window->runsPage().view().selectedRuns() == QVector<store::RunId>{{1}}; }))
      << "what came back is what one goes on with";
  QTest::keyClick(window.get(), Qt::Key_2, Qt::ControlModifier);
  EXPECT_NE(window->findChild<QAction*>("redo")->text().remove('&'), "Redo Delete run-1") << "the project's own again";
}

TEST_F(WindowRunsTest, Export_NamesTheRunsMetricKeepsToTheProjectAndCopiesTheCode) {
  fromTemplate("template-diabetes");
  setEpochs(1);
  click("train");
  ASSERT_TRUE(trained());
  click("export-run");
  panels::ExportDialog* dialog = exportDialog();
  ASSERT_TRUE(dialog);
  auto* runs = dialog->findChild<QComboBox*>("export-run-choice");
  ASSERT_TRUE(eventually([&] { return runs->count() == 1; }));
  EXPECT_TRUE(runs->itemText(0).startsWith("run-1  ·  validation MAE ")) << runs->itemText(0).toStdString();
  EXPECT_EQ(dialog->findChild<QLineEdit*>("export-path")->text(), "diabetes.onnx");
  {
    const StallWatch watch("exporting");
    ASSERT_TRUE(eventually([&] { return dialog->findChild<QPushButton*>("start-export")->isEnabled(); }));
    QTest::mouseClick(dialog->findChild<QPushButton*>("start-export"), Qt::LeftButton);
    ASSERT_TRUE(eventually([&] { return dialog->outcome().has_value(); }));
  }
  EXPECT_TRUE(dialog->outcome()->comparison.equal);
  EXPECT_TRUE(std::filesystem::exists(window->project().folder() / "diabetes.onnx"));
  QTest::mouseClick(dialog->findChild<QPushButton*>("copy-code"), Qt::LeftButton);
  EXPECT_TRUE(QApplication::clipboard()->text().contains("diabetes.onnx"));
  dialog->close();
}

TEST_F(WindowRunsTest, Export_AProjectOfSeveralFilesIsAFolder) {
  fromTemplate("template-diabetes");
  setEpochs(1);
  click("train");
  ASSERT_TRUE(trained());
  click("export-run");
  panels::ExportDialog* dialog = exportDialog();
  ASSERT_TRUE(dialog);
  auto* path = dialog->findChild<QLineEdit*>("export-path");
  QTest::mouseClick(dialog->findChild<QAbstractButton*>("format-pytorch"), Qt::LeftButton);
  EXPECT_EQ(path->text(), "diabetes-pytorch");
  EXPECT_EQ(path->accessibleName(), "Folder");
  QTest::mouseClick(dialog->findChild<QAbstractButton*>("format-safetensors"), Qt::LeftButton);
  EXPECT_EQ(path->text(), "diabetes.safetensors");
  EXPECT_EQ(path->accessibleName(), "File");
  QTest::mouseClick(dialog->findChild<QAbstractButton*>("format-pytorch"), Qt::LeftButton);
  path->setText("out.v2");
  auto* start = dialog->findChild<QPushButton*>("start-export");
  ASSERT_TRUE(eventually([&] { return start->isEnabled(); }));
  QTest::mouseClick(start, Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return dialog->outcome().has_value(); }));
  EXPECT_TRUE(dialog->outcome()->comparison.equal);
  for (const char* file : {"model.py", "train.py", "weights.pth", "README.md"})
    EXPECT_TRUE(std::filesystem::exists(window->project().folder() / "out.v2" / file)) << file;
  QTest::mouseClick(dialog->findChild<QPushButton*>("copy-code"), Qt::LeftButton);
  EXPECT_TRUE(QApplication::clipboard()->text().startsWith("# in the folder out.v2\nfrom model import load\n"));
  dialog->close();
}

TEST_F(WindowRunsTest, Export_ListsByNodeWhatTheFormatCannotHoldAndLeadsThere) {
  fromTemplate("template-digits-mlp");
  const NodeId dropout = window->project().document().findByName("dropout")->id;
  window->project().apply({"Fix dropout", {graph::SetMode{dropout, Mode::Train}}});
  setEpochs(1);
  click("train");
  ASSERT_TRUE(trained());
  click("export-run");
  panels::ExportDialog* dialog = exportDialog();
  ASSERT_TRUE(dialog);
  auto* list = dialog->findChild<QLabel*>("export-check");
  ASSERT_TRUE(eventually([&] { return list->text().contains("Show it"); })) << list->text().toStdString();
  EXPECT_TRUE(list->text().contains("Dropout &#39;dropout&#39; cannot be written as ONNX") ||
              list->text().contains("Dropout 'dropout' cannot be written as ONNX"))
      << list->text().toStdString();
  EXPECT_FALSE(dialog->findChild<QPushButton*>("start-export")->isEnabled());
  Q_EMIT list->linkActivated(QString::number(dropout.value));
  EXPECT_EQ(window->page(), MainWindow::Design);
  EXPECT_EQ(window->findChild<editor::DesignPage*>()->scene()->selectedNodes(), std::vector<NodeId>{dropout});
}

TEST_F(WindowRunsTest, AThousandNodesOpenWithoutAHang) {
  const std::filesystem::path folder = temporary.filePath("large").toStdString();
  project::Project project = project::createProject(folder, "digits-mlp");
  graph::Document& g = project.graph;
  // A chain of ReLUs behind the first layer.
  const graph::Node first = *g.findByName("relu1");
  const auto wire =
      std::find_if(g.wires.begin(), g.wires.end(), [&](const auto& w) { return w.from.node == first.id; });
  ASSERT_NE(wire, g.wires.end());
  PortRef last = wire->from;
  const PortRef end = wire->to;
  g.wires.erase(wire);
  for (int i = 0; i < 1000; ++i) {
    graph::Node node = first;
    node.id = g.freshId();
    node.name = "chain" + std::to_string(i);
    node.position = {double(i % 40) * 200, 400.0 + double(i / 40) * 120};
    g.nodes.push_back(node);
    g.wires.push_back({last, {node.id, "x"}});
    last = {node.id, "y"};
  }
  g.wires.push_back({last, end});
  project::save(project, folder);
  {
    const StallWatch watch("opening 1,000 nodes");
    window->openProject(QString::fromStdString(folder.string()));
    EXPECT_TRUE(eventually([&] { return window->project().isOpen() && !window->project().isReadingData(); }));
    for (int i = 0; i < 20; ++i) QCoreApplication::processEvents();
  }
  {
    const StallWatch watch("making the other pages for 1,000 nodes");
    EXPECT_TRUE(eventually([&] { return window->findChild<panels::TryPage*>() != nullptr; })) << "the last one";
  }
  for (const auto& [page, name] : {std::pair(MainWindow::Train, "Train"), std::pair(MainWindow::Runs, "Runs"),
                                   std::pair(MainWindow::Try, "Try it"), std::pair(MainWindow::Design, "Design")}) {
    const std::string what = std::string("1,000 nodes, first sight of ") + name;
    const StallWatch watch(what.c_str());
    window->showPage(page);
    for (int i = 0; i < 20; ++i) QCoreApplication::processEvents();
  }
  ASSERT_TRUE(window->project().isOpen());
  EXPECT_TRUE(window->project().prepared().ok());
  const StallWatch watch("an edit of 1,000 nodes, kept");
  setEpochs(3);
  setEpochs(4);
  EXPECT_TRUE(eventually([&] { return window->autosave().keptAt().isValid(); }));
}

}  // namespace
}  // namespace netwright
