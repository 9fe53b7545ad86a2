// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a person uses it: clicks and keys on the real widgets, the real engine behind them.
#include <signal.h>

#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>

#include "tests/widgets/window_test.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/export_dialog.h"
#include "widgets/panels/live_charts.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/metric_card.h"
#include "widgets/panels/recent_list.h"
#include "widgets/panels/run_curves.h"
#include "widgets/panels/run_log.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/runs_view.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/template_card.h"
#include "widgets/panels/train_page.h"

namespace netwright {
namespace {

class MainWindowTest : public WindowTest {
 protected:
  void fromTemplate() {
    WindowTest::fromTemplate();
    run::RunConfig config = window->project().project().run;
    config.epochs = 1;
    config.threads = 1;
    window->project().setRunConfig(config, "One epoch");
  }
};

TEST_F(MainWindowTest, Starts_OnHomeWithOtherPagesExplained) {
  EXPECT_EQ(window->windowTitle(), "Netwright");
  EXPECT_EQ(window->page(), MainWindow::Home);
  QTest::keyClick(window.get(), Qt::Key_2, Qt::ControlModifier);
  EXPECT_EQ(window->page(), MainWindow::Home) << "nothing is open yet";
  EXPECT_TRUE(appears("template-digits-cnn"));
}

TEST_F(MainWindowTest, EveryTemplateHasACard_WithASketchAndASize) {
  for (const project::Template& t : project::templates()) {
    const QString name = "template-" + QString::fromStdString(t.id);
    ASSERT_TRUE(appears(qPrintable(name)));
    auto* card = window->findChild<panels::TemplateCard*>(name);
    EXPECT_TRUE(eventually([&] { return card->accessibleDescription().contains("parameters"); })) << t.id;
  }
}

TEST_F(MainWindowTest, ATableIsTrained_WithItsOwnMetricAndAFormThatFits) {
  click("template-diabetes");
  ASSERT_TRUE(window->project().isOpen());
  click("train");
  ASSERT_TRUE(appears("export-run")) << window->run().problem().title.toStdString();
  QStringList names;
  for (const panels::MetricCard* card : window->trainPage().findChildren<panels::MetricCard*>()) names << card->name();
  EXPECT_EQ(names, (QStringList{"train/loss", "val/loss", "train/mae", "val/mae"}));
  EXPECT_GT(window->run().series("mae", "val").values.size(), 5u);
  const auto* form = window->trainPage().findChild<panels::SettingsForm*>();
  ASSERT_TRUE(form);
  EXPECT_LE(form->minimumSizeHint().width(), form->parentWidget()->width()) << "fields are cut off";
}

TEST_F(MainWindowTest, ThreeClicks_FromTemplateToExportedFile) {
  fromTemplate();
  EXPECT_EQ(window->page(), MainWindow::Design);
  EXPECT_EQ(window->windowTitle().remove("[*]"), "digits-linear — Netwright");
  EXPECT_TRUE(window->project().isModified());
  click("train");
  EXPECT_EQ(window->page(), MainWindow::Train);
  EXPECT_TRUE(eventually([&] { return window->run().isActive(); }));
  EXPECT_FALSE(window->project().isModified()) << "a run starts from what is saved";
  ASSERT_TRUE(appears("export-run")) << window->run().problem().title.toStdString();
  charts::LineChart& loss = window->trainPage().charts().loss();
  loss.flush();
  EXPECT_GT(loss.points(0).size(), 10u);
  charts::LineChart& accuracy = window->trainPage().charts().metric();
  accuracy.flush();
  EXPECT_EQ(accuracy.points(1).size(), 1u);
  EXPECT_GE(window->trainPage().log().lineCount(), 4);

  click("export-run");
  auto* dialog = window->findChild<panels::ExportDialog*>();
  ASSERT_TRUE(dialog && dialog->isVisible());
  const QString file = temporary.filePath("digit.onnx");
  dialog->findChild<QLineEdit*>("export-path")->setText(file);
  click("start-export");
  ASSERT_TRUE(eventually([&] {
    return dialog->outcome().has_value() || !dialog->findChild<panels::MessageBanner*>()->message().empty();
  }));
  ASSERT_TRUE(dialog->outcome().has_value())
      << dialog->findChild<panels::MessageBanner*>()->message().title.toStdString();
  EXPECT_TRUE(dialog->outcome()->comparison.equal) << dialog->outcome()->comparison.text();
  EXPECT_TRUE(QFile::exists(file));
  EXPECT_TRUE(dialog->findChild<QLabel*>("export-proof")->text().startsWith("Equal"));
  dialog->close();

  click("see-in-runs");
  EXPECT_EQ(window->page(), MainWindow::Runs);
  panels::RunsPage& runs = window->runsPage();
  ASSERT_TRUE(eventually([&] { return runs.view().selectedRuns().size() == 1; }));
  ASSERT_TRUE(eventually([&] { return runs.curves().loss().seriesCount() == 2; })) << "training and validation";
}

TEST_F(MainWindowTest, KeysStartAndStop) {
  fromTemplate();
  run::RunConfig config = window->project().project().run;
  config.epochs = 500;
  window->project().setRunConfig(config, "Long");
  QTest::keyClick(window.get(), Qt::Key_F5);
  ASSERT_TRUE(eventually([&] { return window->run().progress().step > 0; }));
  click("pause-training");
  ASSERT_TRUE(appears("resume-training"));
  click("resume-training");
  ASSERT_TRUE(appears("pause-training"));
  QTest::keyClick(window.get(), Qt::Key_F5, Qt::ShiftModifier);
  ASSERT_TRUE(eventually([&] { return window->run().state() == bridge::RunModel::State::Stopped; }));
  EXPECT_TRUE(appears("start-training"));
}

// The run outlives the window; the next one finds it, shows it and stops it.
TEST_F(MainWindowTest, KeptRun_IsFoundByTheNextWindow) {
  fromTemplate();
  run::RunConfig config = window->project().project().run;
  config.epochs = 2000;
  window->project().setRunConfig(config, "Long");
  click("train");
  ASSERT_TRUE(eventually([&] { return window->run().progress().step > 0; }));
  const int64_t pid = window->run().enginePid();
  bool asked = false;
  answering("Cancel", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  EXPECT_TRUE(window->isVisible());
  EXPECT_TRUE(window->run().isActive());
  asked = false;
  answering("Keep training", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  EXPECT_FALSE(window->isVisible());
  window = std::make_unique<MainWindow>();
  window->resize(1280, 800);
  window->show();
  click("watch-run");
  EXPECT_TRUE(eventually([&] { return window->page() == MainWindow::Train; }));
  ASSERT_TRUE(eventually([&] { return window->run().state() == bridge::RunModel::State::Running; }));
  EXPECT_EQ(window->run().enginePid(), pid);
  EXPECT_EQ(window->run().series("loss", "train").steps.front(), 1);
  EXPECT_FALSE(find("watch-run")->isVisible());
  asked = false;
  answering("Stop with a checkpoint", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  ASSERT_TRUE(eventually([&] { return window->run().state() == bridge::RunModel::State::Stopped; }));
}

TEST_F(MainWindowTest, HangingEngine_IsToldEndedAndResumed) {
  qputenv("NETWRIGHT_ENGINE_TIMEOUT", "1");
  fromTemplate();
  run::RunConfig config = window->project().project().run;
  config.epochs = 2000;
  window->project().setRunConfig(config, "Long");
  click("train");
  ASSERT_TRUE(eventually([&] { return window->run().lastValues().contains("val/loss"); }));
  ::kill(static_cast<pid_t>(window->run().enginePid()), SIGSTOP);
  click("end-engine");
  qunsetenv("NETWRIGHT_ENGINE_TIMEOUT");
  click("resume-lost");
  ASSERT_TRUE(eventually([&] { return window->run().state() == bridge::RunModel::State::Running; }));
  EXPECT_GT(window->run().started()->resumedAt, 0);
}

TEST_F(MainWindowTest, DeadEngine_IsToldAndThePageIsUsableAgain) {
  fromTemplate();
  run::RunConfig config = window->project().project().run;
  config.epochs = 500;
  window->project().setRunConfig(config, "Long");
  click("train");
  ASSERT_TRUE(eventually([&] { return window->run().progress().step > 0; }));
  window->run().kill();
  ASSERT_TRUE(appears("start-training"));
  bool told = false;
  for (const auto* banner : window->trainPage().findChildren<panels::MessageBanner*>())
    told |= banner->isVisible() && banner->message().title == "The engine was ended.";
  EXPECT_TRUE(told);
}

TEST_F(MainWindowTest, BrokenGraph_ShowsTheFirstProblemAndTheWayThere) {
  fromTemplate();
  graph::Document graph = window->project().document();
  ASSERT_FALSE(graph.wires.empty());
  window->project().apply(graph::removeNodes(
      graph, {graph.findByName("flatten") ? graph.findByName("flatten")->id : graph.nodes[1].id}, false));
  ASSERT_FALSE(window->project().prepared().ok());
  window->showPage(MainWindow::Train);
  EXPECT_FALSE(find("start-training")->isEnabled());
  QTest::keyClick(window.get(), Qt::Key_F5);
  EXPECT_FALSE(window->run().isActive());
  const std::string first = window->project().prepared().diagnostics.front().text();
  bool shown = false;
  for (const QLabel* label : window->trainPage().findChildren<QLabel*>())
    shown |= label->isVisible() && label->text().startsWith(QString::fromStdString(first));
  EXPECT_TRUE(shown) << first;
  click("go-to-design");
  EXPECT_EQ(window->page(), MainWindow::Design);
}

TEST_F(MainWindowTest, UnsavedEdits_AreAskedAboutOnClose) {
  fromTemplate();
  bool asked = false;
  answering("Cancel", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  EXPECT_TRUE(window->isVisible());
  EXPECT_TRUE(window->project().isModified());
  asked = false;
  answering("Save", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  EXPECT_FALSE(window->isVisible());
  EXPECT_EQ(project::load(window->project().folder()).run.epochs, 1);
}

TEST_F(MainWindowTest, UndoRedo_NameTheStep) {
  fromTemplate();
  auto* undo = window->findChild<QAction*>("undo");
  ASSERT_TRUE(undo);
  EXPECT_EQ(undo->text().remove('&'), "Undo One epoch");
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_NE(window->project().project().run.epochs, 1);
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(window->project().project().run.epochs, 1);
  QTest::keyClick(window.get(), Qt::Key_S, Qt::ControlModifier);
  EXPECT_FALSE(window->project().isModified());
}

TEST_F(MainWindowTest, RecentProjects_ListAndForgetTheMissing) {
  fromTemplate();
  const std::filesystem::path folder = window->project().folder();
  window->project().undoStack()->undo();
  std::filesystem::remove_all(folder);
  window->showPage(MainWindow::Home);
  const auto rows = window->findChildren<panels::RecentCard*>();
  ASSERT_EQ(rows.size(), 1);
  EXPECT_TRUE(rows.front()->accessibleName().contains("missing"));
  QTest::mouseClick(rows.front()->findChild<QToolButton*>(), Qt::LeftButton);
  EXPECT_TRUE(bridge::recentProjects().isEmpty());
}

TEST_F(MainWindowTest, FolderWithoutProject_IsAMessageInTheWindow) {
  window->openProject(temporary.path());
  EXPECT_TRUE(eventually([&] { return window->banner().isVisible(); }));
  EXPECT_TRUE(window->banner().message().title.contains("no project"));
  EXPECT_FALSE(window->project().isOpen());
}

}  // namespace
}  // namespace netwright
