// SPDX-License-Identifier: GPL-3.0-or-later
// Finding one's way: the list of actions, the palette, the sheet of keys, tutorials and news.
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>

#include "core/base/file.h"
#include "tests/widgets/window_test.h"
#include "widgets/bridge/changelog.h"
#include "widgets/bridge/tutorial.h"
#include "widgets/panels/command_palette.h"
#include "widgets/panels/layout_memory.h"
#include "widgets/panels/recent_list.h"
#include "widgets/panels/shortcut_sheet.h"
#include "widgets/panels/tutorial_panel.h"

namespace netwright {
namespace {

class HelpTest : public WindowTest {
 protected:
  void SetUp() override {
    panels::userSettings().remove("tutorial");
    panels::userSettings().remove("news");
    WindowTest::SetUp();
  }
  panels::CommandPalette* palette(Qt::Key key = Qt::Key_K, Qt::KeyboardModifiers modifiers = Qt::ControlModifier) {
    window->activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), key, modifiers);
    return window->findChild<panels::CommandPalette*>();
  }
  QAction* action(const char* id) const { return window->findChild<QAction*>(id); }
};

TEST_F(HelpTest, EveryActionHasIdTextHelpAndKeysOfItsOwn) {
  EXPECT_EQ(window->registry().problems().join('\n').toStdString(), "");
  EXPECT_GT(window->registry().entries().size(), 25);
}

TEST_F(HelpTest, Registry_TellsWhatIsWrong) {
  panels::ActionRegistry registry;
  QWidget pageA, pageB;
  QAction a("Fine"), b, c("Keys"), d("Other page");
  a.setObjectName("a");
  a.setToolTip("Does it.");
  a.setShortcut(QKeySequence("Ctrl+B"));
  b.setObjectName("a");
  c.setObjectName("c");
  c.setToolTip("Does that.");
  c.setShortcut(QKeySequence("Ctrl+B"));
  d.setObjectName("d");
  d.setToolTip("Elsewhere.");
  d.setShortcut(QKeySequence("Ctrl+B"));
  registry.add("A", {&a, &b}, &pageA);
  registry.add("B", {&d}, &pageB);
  EXPECT_EQ(registry.problems().join('\n').toStdString(),
            "Two actions have the id 'a'.\n'a' has no text.\n'a' has no help.");
  registry.add("All", {&c});
  EXPECT_TRUE(registry.problems().contains("Ctrl+B means 'a' and 'c'."));
  EXPECT_TRUE(registry.problems().contains("Ctrl+B means 'd' and 'c'."));
  EXPECT_EQ(registry.problems().size(), 5);
}

TEST_F(HelpTest, DocsListTheActionsAsTheyAre) {
  const std::string made = window->registry().markdown().toStdString();
  const std::filesystem::path file = NETWRIGHT_SOURCE_DIR "/docs/actions.md";
  EXPECT_EQ(readFile(file), made) << "Make it again: build/bin/netwright --actions > docs/actions.md";
}

TEST_F(HelpTest, Palette_FindsByLettersAndRunsWithEnter) {
  panels::CommandPalette* box = palette();
  ASSERT_TRUE(box && box->isVisible());
  QTest::keyClicks(box->field(), "ful scr");
  EXPECT_EQ(box->current(), "full-screen");
  QTest::keyClick(box->field(), Qt::Key_Return);
  EXPECT_TRUE(eventually([&] { return window->isFullScreen(); }));
  window->showNormal();
}

TEST_F(HelpTest, Palette_OpensByBothKeysAndClosesByEscape) {
  QPointer<panels::CommandPalette> box = palette(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(box);
  QTest::keyClick(box->field(), Qt::Key_Escape);
  EXPECT_TRUE(eventually([&] { return box.isNull(); }));
}

TEST_F(HelpTest, Palette_ListsWhatIsNotPossibleLastAndDoesNotDoIt) {
  QPointer<panels::CommandPalette> box = palette();
  ASSERT_TRUE(box);
  QTest::keyClicks(box->field(), "save");
  const QStringList found = box->found();
  ASSERT_TRUE(found.contains("save"));
  EXPECT_EQ(box->current() == "save", found.size() == 1) << "no project is open";
  while (box->current() != "save") QTest::keyClick(box->field(), Qt::Key_Down);
  QTest::keyClick(box->field(), Qt::Key_Return);
  EXPECT_TRUE(box && box->isVisible());
  box->close();
}

TEST_F(HelpTest, Palette_MakesProjectsAndOpensRecentOnes) {
  panels::CommandPalette* box = palette();
  QTest::keyClicks(box->field(), "new penguins");
  EXPECT_EQ(box->current(), "new:penguins");
  QTest::keyClick(box->field(), Qt::Key_Return);
  ASSERT_TRUE(eventually([&] { return window->project().isOpen(); }));
  EXPECT_EQ(window->page(), MainWindow::Design);
  box = palette();
  ASSERT_TRUE(box);
  QTest::keyClicks(box->field(), "open penguins");
  EXPECT_TRUE(box->current().startsWith("open:")) << box->current().toStdString();
  box->close();
}

TEST_F(HelpTest, ShortcutSheet_ListsKeysAndFilters) {
  QTest::keyClick(window.get(), Qt::Key_F1, Qt::ControlModifier);
  auto* sheet = window->findChild<panels::ShortcutSheet*>();
  ASSERT_TRUE(sheet && sheet->isVisible());
  const int all = sheet->shownKeys();
  EXPECT_GT(all, 12);
  QTest::keyClicks(sheet->findChild<QLineEdit*>(), "F5");
  EXPECT_GE(sheet->shownKeys(), 2) << "F5 and Shift+F5";
  EXPECT_LT(sheet->shownKeys(), all);
  sheet->close();
}

TEST_F(HelpTest, News_AreToldOncePerVersionAndOnDemand) {
  ASSERT_TRUE(appears("news"));
  click("see-news");
  auto* dialog = window->findChild<QDialog*>("whats-new-dialog");
  ASSERT_TRUE(dialog && dialog->isVisible());
  dialog->close();
  EXPECT_TRUE(eventually([&] { return !find("news")->isVisible(); }));
  openWindow();
  ASSERT_TRUE(appears("template-digits-mlp"));
  EXPECT_FALSE(find("news")->isVisible());
  EXPECT_TRUE(action("whats-new")->isEnabled());
}

TEST(Changelog, IsReadAsReleasesWithJoinedLines) {
  const auto releases = bridge::releasesOf(
      "# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n- One\n  more\n- Two\n## [0.1.0]\n- Old\n");
  ASSERT_EQ(releases.size(), 2);
  EXPECT_EQ(releases[0].title, "Unreleased");
  EXPECT_EQ(releases[0].lines, (QStringList{"One more", "Two"}));
  EXPECT_EQ(releases[1].title, "0.1.0");
  EXPECT_FALSE(bridge::releasesOf(bridge::kChangelog).isEmpty());
}

TEST_F(HelpTest, RecentProjects_ShowTheirNetworks) {
  fromTemplate("template-digits-mlp");
  QTest::keyClick(window.get(), Qt::Key_1, Qt::ControlModifier);
  ASSERT_EQ(window->page(), MainWindow::Home);
  const auto cards = window->findChildren<panels::RecentCard*>();
  ASSERT_EQ(cards.size(), 1);
  EXPECT_TRUE(eventually([&] { return cards.front()->hasPicture(); }));
}

TEST_F(HelpTest, Tutorial_FirstDigits_IsTickedOffByWhatReallyHappens) {
  click("tutorial-1-first-digits");
  panels::TutorialPanel& tour = window->tutorial();
  ASSERT_TRUE(tour.isVisible());
  EXPECT_EQ(tour.step(), 0);
  click("template-digits-mlp");
  EXPECT_EQ(tour.step(), 2) << "the project is there, and so is the Design page";
  setEpochs(1);
  click("train");
  EXPECT_TRUE(eventually([&] { return tour.step() == 5; })) << "started, nine of ten right, finished: " << tour.step();
  click("tutorial-show");
  EXPECT_EQ(window->page(), MainWindow::Runs);
  EXPECT_EQ(tour.step(), 6);
  EXPECT_FALSE(tour.isFinished());
}

TEST_F(HelpTest, Tutorial_MendAShape_BreaksRepairsAndUndoes) {
  click("tutorial-2-mend-a-shape");
  panels::TutorialPanel& tour = window->tutorial();
  click("template-digits-mlp");
  EXPECT_EQ(tour.step(), 1);
  click("tutorial-do");
  ASSERT_EQ(tour.step(), 2);
  ASSERT_FALSE(window->project().prepared().ok());
  const Diagnostics problems = window->project().prepared().diagnostics;
  ASSERT_FALSE(problems.front().fixes.empty());
  EXPECT_EQ(problems.front().fixes.front().label, "Let fc2 take 128") << "as the tutorial calls it";
  window->project().applyFix(problems.front().fixes.front());
  EXPECT_EQ(tour.step(), 3);
  click("tutorial-do");
  EXPECT_EQ(tour.step(), 4);
  ASSERT_TRUE(window->isActiveWindow()) << "old rows are gone, not windows of their own";
  QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(tour.isFinished());
  EXPECT_TRUE(panels::TutorialPanel::wasFinished("2-mend-a-shape"));
  click("close-tutorial");
  EXPECT_FALSE(tour.isVisible());
}

TEST_F(HelpTest, Tutorial_GoesOnAfterARestart) {
  click("tutorial-2-mend-a-shape");
  click("template-digits-mlp");
  EXPECT_EQ(window->tutorial().step(), 1);
  const QString folder = QString::fromStdString(window->project().folder().string());
  openWindow();
  window->openProject(folder);
  ASSERT_TRUE(eventually([&] { return window->project().isOpen(); }));
  window->beginTutorial("2-mend-a-shape");
  EXPECT_EQ(window->tutorial().step(), 1);
}

TEST(Tutorials, AllAreReadAndTheirActionsExist) {
  useBuiltPrograms();
  MainWindow window;
  QStringList ids;
  for (const auto& e : window.registry().entries()) ids << e.action->objectName();
  EXPECT_GE(bridge::tutorials().size(), 2);
  for (const bridge::Tutorial& t : bridge::tutorials())
    for (const bridge::TutorialStep& step : t.steps)
      EXPECT_TRUE(step.show.isEmpty() || ids.contains(step.show)) << step.show.toStdString();
}

TEST(Tutorials, AMistakeInTheFileIsNamedByItsLine) {
  try {
    bridge::parseTutorial("t", "# T\n\n## A\nWords\ndone: moon rises\n");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.title, "t, line 5: nobody can tell whether 'moon rises'.");
  }
  EXPECT_THROW(bridge::parseTutorial("t", "# T\n## A\nWords\n"), Error);
  EXPECT_THROW(bridge::parseTutorial("t", "## A\ndone: project\n"), Error);
}

}  // namespace
}  // namespace netwright
