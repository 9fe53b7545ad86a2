// SPDX-License-Identifier: GPL-3.0-or-later
// Packed projects, other editors and changes on the disk, as the window shows them.
#include <gtest/gtest.h>

#include <QAction>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include "core/base/file.h"
#include "core/project/edit_lock.h"
#include "core/project/project.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/main_window.h"
#include "widgets/panels/message_banner.h"

namespace netwright {
namespace {

class MainWindowFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    home = qgetenv("HOME");
    qputenv("HOME", temporary.path().toLocal8Bit());
    project::createProject(folder, "digits-linear");
    window.show();
    window.openProject(QString::fromStdString(folder.string()));
    ASSERT_TRUE(eventually([&] { return window.project().isOpen(); })) << window.banner().message().title.toStdString();
  }
  void TearDown() override {
    window.project().undoStack()->setClean();
    qputenv("HOME", home);
  }
  panels::MessageBanner& named(const char* name) { return *window.findChild<panels::MessageBanner*>(name); }
  void click(const char* name) {
    auto* button = window.findChild<QPushButton*>(name);
    ASSERT_TRUE(button && button->isVisible()) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }
  void rename(const char* name) {
    const graph::Document& d = window.project().document();
    window.project().apply(graph::rename(d, d.nodes.front().id, name));
  }

  QTemporaryDir temporary;
  QByteArray home;
  std::filesystem::path folder = std::filesystem::path(temporary.path().toStdString()) / "my project";
  MainWindow window;
};

TEST_F(MainWindowFiles, PackAndOpenAgain) {
  EXPECT_TRUE(window.findChild<QAction*>("pack")->isEnabled());
  rename("pixels");
  const QString archive = temporary.filePath("passed on.nwz");
  window.packProject(archive);
  ASSERT_TRUE(eventually([&] { return window.banner().isVisible(); }));
  EXPECT_EQ(window.banner().message().title, "Packed 1 file(s) into " + archive + ".");
  const project::Project packed = window.project().project();
  window.openProject(archive);
  ASSERT_TRUE(eventually([&] { return window.project().folder() != folder; }));
  EXPECT_EQ(window.project().project(), packed);
  EXPECT_FALSE(window.project().isReadOnly());
}

// As a file dialog or a command line hands it on: the byte is lost.
TEST_F(MainWindowFiles, AFolderWhoseNameIsNoUtf8IsAMessageThatSaysWhatToDo) {
  const std::filesystem::path strange = folder.parent_path() / "m\xff";
  std::filesystem::copy(folder, strange, std::filesystem::copy_options::recursive);
  window.openProject(QFile::decodeName(strange.c_str()));
  EXPECT_TRUE(window.banner().message().title.startsWith("The window cannot open 'm"));
  EXPECT_TRUE(window.banner().message().next.contains("netwright-cli"));
  EXPECT_EQ(window.project().folder(), folder) << "the project before is still open";
}

TEST_F(MainWindowFiles, ADroppedArchiveIsOpened) {
  const QString archive = temporary.filePath("a.nwz");
  window.packProject(archive);
  ASSERT_TRUE(eventually([&] { return window.banner().isVisible(); }));
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(archive)});
  QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  enter.ignore();
  QApplication::sendEvent(&window, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &drop);
  EXPECT_TRUE(eventually([&] { return window.project().folder() != folder; }));
}

// J2: from a file to a trained network by a drop and a click.
TEST_F(MainWindowFiles, ADroppedTableBecomesAProjectThatTrains) {
  QString text = "species,island,mass\n";
  for (int i = 0; i < 200; ++i)
    text += QString("%1,%2,%3\n").arg(i % 2 ? "Adelie" : "Gentoo", i % 3 ? "Dream" : "Biscoe").arg(i % 2 * 500 + i);
  const QString table = temporary.filePath("birds.csv");
  writeFileAtomic(table.toStdString(), text.toStdString());
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(table)});
  QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  enter.ignore();
  QApplication::sendEvent(&window, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &drop);
  ASSERT_TRUE(eventually([&] { return window.project().folder() != folder && window.banner().isVisible(); }));
  EXPECT_EQ(window.page(), MainWindow::Train);
  EXPECT_EQ(window.banner().message().title, "Made a project for birds.csv.");
  EXPECT_EQ(window.banner().message().why, "200 rows: 'species' is predicted, one of 2 classes, from 3 features.");
  auto* start = window.findChild<QPushButton*>("start-training");
  ASSERT_TRUE(eventually([&] { return start->isVisible() && start->isEnabled(); }));
  QTest::mouseClick(start, Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return window.run().state() == bridge::RunModel::State::Finished; }));
}

TEST_F(MainWindowFiles, ATableWithABadRowIsAMessageThatNamesTheLine) {
  writeFileAtomic(temporary.filePath("bad.csv").toStdString(), "a,b\n1,2\n3\n");
  window.openProject(temporary.filePath("bad.csv"));
  ASSERT_TRUE(eventually([&] { return window.banner().isVisible(); }));
  EXPECT_TRUE(window.banner().message().title.contains("line 3")) << window.banner().message().title.toStdString();
  EXPECT_EQ(window.project().folder(), folder);
}

TEST_F(MainWindowFiles, ADamagedArchiveIsAMessage) {
  writeFileAtomic(temporary.filePath("bad.nwz").toStdString(), "no zip");
  window.openProject(temporary.filePath("bad.nwz"));
  ASSERT_TRUE(eventually([&] { return window.banner().isVisible(); }));
  EXPECT_TRUE(window.banner().message().title.endsWith("bad.nwz is no Netwright archive."));
  EXPECT_EQ(window.project().folder(), folder);
}

TEST_F(MainWindowFiles, AnotherEditorMakesItReadOnlyAndTakeOverHelps) {
  MainWindow other;
  other.show();
  other.openProject(QString::fromStdString(folder.string()));
  auto* banner = other.findChild<panels::MessageBanner*>("access-banner");
  ASSERT_TRUE(eventually([&] { return banner->isVisible(); }));
  EXPECT_TRUE(banner->message().why.startsWith("It is being edited by "));
  QTest::mouseClick(other.findChild<QPushButton*>("take-over"), Qt::LeftButton);
  EXPECT_FALSE(banner->isVisible());
  EXPECT_FALSE(other.project().isReadOnly());
}

TEST_F(MainWindowFiles, AChangeOnTheDiskAsksAndLosesNothing) {
  rename("mine");
  for (const char* answer : {"disk-reload", "disk-keep-mine"}) {
    project::Project theirs = project::load(folder);
    theirs.description += answer;
    writeFileAtomic(project::projectFile(folder), project::toText(theirs));
    ASSERT_TRUE(eventually([&] { return named("disk-banner").isVisible(); }));
    click(answer);
    EXPECT_FALSE(named("disk-banner").isVisible());
    if (std::string(answer) == "disk-reload") {
      EXPECT_EQ(window.project().project(), theirs);
      window.project().undoStack()->undo();
    }
    EXPECT_EQ(window.project().document().nodes.front().name, "mine");
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "project-other-1.json"));
}

}  // namespace
}  // namespace netwright
