// SPDX-License-Identifier: GPL-3.0-or-later
// What outlives the window: edits that were not saved, layout, the page; and what it tells of the engine.
#include <QLabel>
#include <QSettings>
#include <QSplitter>

#include "core/base/file.h"
#include "core/project/autosave.h"
#include "tests/widgets/window_test.h"
#include "widgets/panels/layout_memory.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/status_line.h"

namespace netwright {
namespace {

class LifeTest : public WindowTest {
 protected:
  // Edits that a window of a process that is gone has left.
  QString leaveEdits(int64_t epochs) {
    fromTemplate();
    EXPECT_FALSE(window->project().isModified());
    project::Autosave a;
    a.folder = window->project().folder().string();
    a.project = window->project().project();
    a.project.run.epochs = epochs;
    a.edits = 3;
    a.lastEdit = "Change epochs";
    a.savedMs = QDateTime::currentMSecsSinceEpoch();
    const auto file = project::freshAutosaveFile();
    project::writeAutosave(file, a);
    std::string text = readFile(file);
    const std::string pid = "\"pid\":" + std::to_string(QCoreApplication::applicationPid());
    const size_t at = text.find(pid);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, pid.size(), "\"pid\":999999999");
    writeFileAtomic(file, text);
    window.reset();
    openWindow();
    return QString::fromStdString(a.folder);
  }
  size_t kept() const {
    std::error_code ec;
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(project::autosaveFolder(), ec))
      count += entry.path().extension() == ".json";
    return count;
  }
};

TEST_F(LifeTest, Edits_AreKeptUntilTheyAreSavedUndoneOrGivenUp) {
  fromTemplate();
  EXPECT_EQ(kept(), 0u);
  setEpochs(7);
  window->autosave().flush();
  EXPECT_EQ(kept(), 1u);
  EXPECT_TRUE(eventually([&] { return window->statusLine().editsText().startsWith("1 unsaved edit, kept at"); }));
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(kept(), 0u) << "nothing is unsaved";
  setEpochs(8);
  setEpochs(9);
  window->autosave().flush();
  EXPECT_EQ(kept(), 1u);
  EXPECT_EQ(window->autosave().edits(), 2);
  QTest::keyClick(window.get(), Qt::Key_S, Qt::ControlModifier);
  EXPECT_EQ(kept(), 0u);
  EXPECT_EQ(window->statusLine().editsText(), "All edits are saved");
  setEpochs(10);
  bool asked = false;
  answering("Discard", [&] { window->close(); }, asked);
  EXPECT_TRUE(asked);
  EXPECT_EQ(kept(), 0u);
}

TEST_F(LifeTest, KeptEdits_ThatCannotBeWrittenAreToldInTheStatusLine) {
  fromTemplate();
  std::filesystem::create_directories(project::autosaveFolder().parent_path());
  writeFileAtomic(project::autosaveFolder(), "a file where the folder should be");
  setEpochs(7);
  EXPECT_TRUE(eventually([&] { return window->statusLine().editsText().startsWith("Unsaved edits cannot be kept"); }));
}

TEST_F(LifeTest, Recovery_IsOfferedAndCanBeUndone) {
  const QString folder = leaveEdits(77);
  ASSERT_TRUE(appears("recovery-banner"));
  const auto* banner = window->findChild<panels::MessageBanner*>("recovery-banner");
  EXPECT_EQ(banner->message().title, "Netwright ended without saving digits-linear.");
  EXPECT_EQ(banner->message().why, "3 edits were not saved, the last just now: Change epochs.");
  click("recover");
  ASSERT_TRUE(eventually([&] { return window->project().isModified(); }));
  EXPECT_EQ(QString::fromStdString(window->project().folder().string()), folder);
  EXPECT_EQ(window->project().project().run.epochs, 77);
  EXPECT_TRUE(window->project().isModified());
  EXPECT_FALSE(banner->isVisible());
  window->autosave().flush();
  EXPECT_EQ(kept(), 1u) << "they are still unsaved, and safe";
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_NE(window->project().project().run.epochs, 77);
  EXPECT_FALSE(window->project().isModified());
}

TEST_F(LifeTest, Recovery_OfAProjectWhoseFolderIsGoneMakesItAgain) {
  const QString folder = leaveEdits(78);
  std::filesystem::remove_all(folder.toStdString());
  click("recover");
  ASSERT_TRUE(eventually([&] { return window->project().isOpen(); }));
  EXPECT_EQ(window->project().project().run.epochs, 78);
}

TEST_F(LifeTest, Recovery_DiscardedIsNotOfferedAgain) {
  leaveEdits(79);
  click("discard-recovery");
  EXPECT_FALSE(find("recovery-banner")->isVisible());
  EXPECT_EQ(kept(), 0u);
  openWindow();
  ASSERT_TRUE(appears("template-digits-linear"));
  EXPECT_TRUE(project::leftAutosaves().empty());
}

TEST_F(LifeTest, Recovery_IsNotOfferedForAWindowThatLives) {
  fromTemplate();
  setEpochs(7);
  window->autosave().flush();
  EXPECT_EQ(kept(), 1u);
  EXPECT_TRUE(project::leftAutosaves().empty());
}

TEST_F(LifeTest, StatusLine_FollowsTheRun) {
  fromTemplate();
  EXPECT_EQ(window->statusLine().engineText(), "No run is going on");
  EXPECT_EQ(window->statusLine().deviceText(), "");
  setEpochs(2000);
  click("train");
  panels::StatusLine& line = window->statusLine();
  ASSERT_TRUE(eventually([&] { return !line.speedText().isEmpty(); }));
  EXPECT_EQ(line.deviceText(), "CPU, 1 thread");
  EXPECT_TRUE(line.speedText().endsWith(" samples/s")) << line.speedText().toStdString();
  EXPECT_TRUE(line.engineText().contains(" of 2000")) << line.engineText().toStdString();
  EXPECT_TRUE(line.findChild<QLabel*>("status-memory")->text().contains("Engine"));
  QTest::keyClick(window.get(), Qt::Key_F5, Qt::ShiftModifier);
  ASSERT_TRUE(eventually([&] { return line.engineText().endsWith("is stopped"); }));
  EXPECT_EQ(line.speedText(), "");
}

TEST_F(LifeTest, RunThatEndsBehindAnotherWindow_IsTold) {
  fromTemplate();
  setEpochs(1);
  QString title, text;
  QObject::connect(&window->notifier(), &bridge::Notifier::notified, [&](const QString& a, const QString& b) {
    title = a;
    text = b;
  });
  click("train");
  ASSERT_TRUE(eventually([&] { return window->run().state() == bridge::RunModel::State::Running; }));
  QWidget other;
  other.show();
  other.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&other));
  ASSERT_TRUE(eventually([&] { return !title.isEmpty(); }));
  EXPECT_EQ(title, "run-1 is finished");
  EXPECT_TRUE(text.contains("%")) << text.toStdString();
}

TEST_F(LifeTest, PageAndSizes_AreThereAgain) {
  fromTemplate();
  QTest::keyClick(window.get(), Qt::Key_3, Qt::ControlModifier);
  ASSERT_EQ(window->page(), MainWindow::Train);
  const QString folder = QString::fromStdString(window->project().folder().string());
  window.reset();
  openWindow();
  window->openProject(folder);
  EXPECT_TRUE(eventually([&] { return window->page() == MainWindow::Train; }));
}

TEST(LayoutMemory, SplittersKeepTheirSizesUntilReset) {
  panels::userSettings().remove("layout");
  const auto make = [](QSplitter& splitter) {
    splitter.setObjectName("test-splitter");
    splitter.addWidget(new QWidget);
    splitter.addWidget(new QWidget);
    splitter.resize(400, 100);
    splitter.setSizes({200, 200});
  };
  {
    QWidget root;
    auto* splitter = new QSplitter(&root);
    make(*splitter);
    panels::rememberLayout(root);
    splitter->setSizes({100, 300});
    Q_EMIT splitter->splitterMoved(100, 1);
  }
  QWidget root;
  auto* splitter = new QSplitter(&root);
  make(*splitter);
  const QList<int> first = splitter->sizes();
  panels::rememberLayout(root);
  EXPECT_LT(splitter->sizes()[0], first[0]);
  panels::resetLayout(root);
  EXPECT_NEAR(splitter->sizes()[0], first[0], 2);
}

}  // namespace
}  // namespace netwright
