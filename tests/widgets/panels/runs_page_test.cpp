// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page on a real database: filter, tags, notes, trash, comparison, views, ten thousand runs.
#include "widgets/panels/runs_page.h"

#include <gtest/gtest.h>

#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

#include "core/project/project.h"
#include "core/store/recorder.h"
#include "core/store/run_words.h"
#include "tests/widgets/bridge/waiting.h"
#include "tests/widgets/stall.h"
#include "widgets/charts/line_chart.h"
#include "widgets/panels/run_comparison.h"
#include "widgets/panels/run_curves.h"
#include "widgets/panels/runs_view.h"

namespace netwright::panels {
namespace {

class RunsPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    model.create(temporary.filePath("project").toStdString(), "spirals-mlp");
    file = project::databaseFile(model.folder());
  }
  // Finished runs called a0, a1, ... whose accuracy rises from 0.5; every second has another batch size.
  void record(int count, int points = 20) {
    store::Recorder recorder(file);
    project::Project trained = model.project();
    for (int i = 0; i < count; ++i) {
      trained.run.batchSize = i % 2 ? 32 : 64;
      store::RunStart start;
      start.name = "a" + std::to_string(i);
      start.device = "cpu";
      start.params = {{"batch_size", i % 2 ? "32" : "64"}, {"optimiser.lr", "0.001"}};
      start.graphJson = project::toText(trained);
      const store::RunId run = recorder.beginRun(start);
      for (int step = 1; step <= points; ++step) {
        recorder.metric(run, "loss", "train", step, 0, 1.0 / step);
        recorder.metric(run, "accuracy", "val", step, 0, 0.5 + 0.01 * (i % 40) + 0.001 * step);
        recorder.metric(run, "f1", "val", step, 0, 0.25);
      }
      recorder.setStatus(run, i % 3 == 2 ? store::RunStatus::Killed : store::RunStatus::Finished);
    }
  }
  void open() {
    page = std::make_unique<RunsPage>(&model, &run);
    page->resize(1190, 750);
    page->show();
    page->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
    ASSERT_TRUE(eventually([&] { return page->table().isLoaded() && page->view().filter().rowCount() > 0; }));
  }
  template <class Widget>
  Widget* find(const char* name) const {
    return page->findChild<Widget*>(name);
  }
  QStringList names() const {
    QStringList all;
    for (int row = 0; row < page->view().filter().rowCount(); ++row)
      all << page->view().filter().index(row, bridge::RunTable::Name).data().toString();
    return all;
  }
  void type(const QString& filter) {
    press("runs.find");
    find<QLineEdit>("runs-filter")->clear();
    QTest::keyClicks(find<QLineEdit>("runs-filter"), filter);
  }
  void press(const char* action) {
    QAction* a = page->findChild<QAction*>(action);
    ASSERT_TRUE(a && a->isEnabled()) << action;
    a->trigger();
  }
  void select(int64_t id) { page->view().selectRun({id}); }
  const store::RunFacts* facts(int64_t id) const { return page->table().findFacts({id}); }

  QTemporaryDir temporary;
  bridge::ProjectModel model;
  bridge::RunModel run;
  std::filesystem::path file;
  std::unique_ptr<RunsPage> page;
};

TEST_F(RunsPageTest, FilterTakesWordsAndTermsAndTellsMistakes) {
  record(6);
  open();
  EXPECT_EQ(names().size(), 6);
  type("val/accuracy > 0.555");
  EXPECT_EQ(names().size(), 2) << names().join(' ').toStdString();
  type("batch_size = 32 and status = finished");
  EXPECT_EQ(names().size(), 2) << "a1, a3";
  EXPECT_EQ(find<QLabel>("runs-count")->text().left(6), "2 of 6");
  type("a4");
  EXPECT_EQ(names(), QStringList{"a4"});
  find<QLineEdit>("runs-filter")->setText("a4 and (");
  EXPECT_EQ(names(), QStringList{"a4"}) << "what is no filter yet changes nothing";
  EXPECT_TRUE(find<QLabel>("runs-filter-error")->isVisible());
  EXPECT_EQ(find<QLabel>("runs-filter-error")->text(), "Something is missing at character 9.");
  type("");
  EXPECT_EQ(names().size(), 6);
  EXPECT_FALSE(find<QLabel>("runs-filter-error")->isVisible());
}

TEST_F(RunsPageTest, HeadersSortByEveryColumn) {
  record(6);
  open();
  page->view().sortByColumn(bridge::RunTable::Accuracy, Qt::DescendingOrder);
  EXPECT_EQ(names().front(), "a5");
  page->view().sortByColumn(bridge::RunTable::Name, Qt::AscendingOrder);
  EXPECT_EQ(names().front(), "a0");
  for (int column = 0; column < bridge::RunTable::kColumns; ++column) {
    page->view().sortByColumn(column, Qt::AscendingOrder);
    EXPECT_EQ(names().size(), 6);
  }
}

TEST_F(RunsPageTest, TagsAndNotesAreWrittenFilteredAndUndone) {
  record(2);
  open();
  select(1);
  auto* add = find<QLineEdit>("add-tag");
  ASSERT_TRUE(add->isVisible());
  QTest::keyClicks(add, "team = blue");
  QTest::keyClick(add, Qt::Key_Return);
  ASSERT_TRUE(eventually([&] { return facts(1)->tags.size() == 1; }));
  EXPECT_EQ(facts(1)->tags[0], (std::pair<std::string, std::string>{"team", "blue"}));
  ASSERT_TRUE(find<QToolButton>("tag-team"));
  auto* notes = find<QPlainTextEdit>("run-notes");
  notes->setFocus();
  QTest::keyClicks(notes, "slow start");
  add->setFocus();
  ASSERT_TRUE(eventually([&] { return facts(1)->notes == "slow start"; }));
  type("tag.team = blue and note ~ slow");
  EXPECT_EQ(names(), QStringList{"a0"});
  type("");
  page->undoStack()->undo();
  ASSERT_TRUE(eventually([&] { return facts(1)->notes.empty(); }));
  QTest::mouseClick(find<QToolButton>("tag-team"), Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return facts(1)->tags.empty(); }));
  EXPECT_EQ(page->undoStack()->undoText(), "Remove tag team");
  page->undoStack()->undo();
  ASSERT_TRUE(eventually([&] { return facts(1)->tags.size() == 1; }));
}

TEST_F(RunsPageTest, DeletedRunsComeBackByUndoAndFromTheTrash) {
  record(4);
  open();
  select(2);
  page->view().setFocus();
  QTest::keyClick(&page->view(), Qt::Key_Delete);
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 3; }));
  EXPECT_EQ(page->undoStack()->undoText(), "Delete a1");
  page->undoStack()->undo();
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 4; }));
  page->undoStack()->redo();
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 3; }));
  press("runs.trash");
  ASSERT_TRUE(eventually([&] { return page->table().isLoaded() && page->table().rowCount() == 1; }));
  select(2);
  EXPECT_FALSE(page->findChild<QAction*>("runs.export")->isEnabled());
  press("runs.restore");
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 0; }));
  press("runs.trash");
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 4; }));
}

TEST_F(RunsPageTest, EmptyTrashTellsWhatItFreesAndAsks) {
  record(3);
  open();
  select(1);
  press("runs.delete");
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 2; }));
  press("runs.trash");
  ASSERT_TRUE(eventually([&] { return page->table().isLoaded() && page->table().rowCount() == 1; }));
  QString asked;
  QTimer timer;
  QObject::connect(&timer, &QTimer::timeout, [&] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    if (!box) return;
    asked = box->text() + ' ' + box->informativeText();
    timer.stop();
    for (QAbstractButton* b : box->buttons())
      if (b->text() == "Empty trash") QTest::mouseClick(b, Qt::LeftButton);
  });
  timer.start(10);
  press("runs.empty-trash");
  ASSERT_TRUE(eventually([&] { return page->table().rowCount() == 0; }));
  EXPECT_TRUE(asked.startsWith("Remove 1 runs and")) << asked.toStdString();
  EXPECT_TRUE(asked.contains("cannot be undone"));
  EXPECT_TRUE(store::runFacts(file, store::Database::Which::Trashed).empty());
}

TEST_F(RunsPageTest, TwoRunsAreComparedInSettingsNetworkAndResults) {
  record(1);
  {
    graph::Document g = model.document();
    const graph::Node* linear = nullptr;
    for (const graph::Node& n : g.nodes)
      if (n.kind == "linear" && !linear) linear = &n;
    model.apply(graph::setParam(g, linear->id, "out_features", int64_t{99}));
    store::Recorder recorder(file);
    store::RunStart start;
    start.name = "b";
    start.params = {{"batch_size", "16"}, {"optimiser.lr", "0.001"}};
    start.graphJson = project::toText(model.project());
    const store::RunId second = recorder.beginRun(start);
    recorder.metric(second, "loss", "train", 1, 0, 0.125);
    recorder.setStatus(second, store::RunStatus::Finished);
  }
  open();
  page->view().selectAll();
  ASSERT_TRUE(eventually([&] { return !page->comparison().lines().isEmpty(); }));
  EXPECT_TRUE(page->comparison().isVisible());
  const QString lines = page->comparison().lines().join('\n');
  EXPECT_TRUE(lines.contains("Settings: batch_size: 16 | 64")) << lines.toStdString();
  EXPECT_FALSE(lines.contains("optimiser.lr"));
  EXPECT_TRUE(lines.contains(".out_features: 99 |")) << lines.toStdString();
  EXPECT_TRUE(lines.contains("Best results: Training loss: 0.1250 | 0.0500")) << lines.toStdString();
  EXPECT_EQ(page->curves().loss().seriesCount(), 2);
}

TEST_F(RunsPageTest, TwoRunsNetworks_AreShownWithWhatDiffersAndARowFindsItsNode) {
  const auto store = [&](const char* name) {
    store::Recorder recorder(file);
    store::RunStart start;
    start.name = name;
    start.graphJson = project::toText(model.project());
    recorder.setStatus(recorder.beginRun(start), store::RunStatus::Finished);
  };
  store("before");
  const graph::Document g = model.document();
  std::vector<graph::Node> linear;
  std::copy_if(g.nodes.begin(), g.nodes.end(), std::back_inserter(linear),
               [](const graph::Node& n) { return n.kind == "linear"; });
  ASSERT_GE(linear.size(), 1u);
  model.apply(graph::setParam(g, linear[0].id, "bias", false));
  const graph::Node* relu = nullptr;
  for (const graph::Node& n : g.nodes)
    if (n.kind == "relu" || n.kind == "flatten") relu = &n;
  ASSERT_TRUE(relu);
  model.apply(graph::removeNodes(model.document(), {relu->id}, true));
  store("after");
  open();
  page->view().selectAll();
  ASSERT_TRUE(eventually([&] { return !page->comparison().lines().isEmpty(); }));
  ComparedNetworks& networks = *page->comparison().networks();
  EXPECT_FALSE(networks.isVisible());
  QTest::mouseClick(page->findChild<QToolButton*>("compare-networks"), Qt::LeftButton);
  ASSERT_TRUE(networks.isVisible());
  EXPECT_FALSE(page->curves().isVisible());
  const editor::NetworkPicture &after = networks.picture(0), &before = networks.picture(1);  // the newest comes first
  EXPECT_EQ(after.markOf(linear[0].name), editor::Mark::Changed);
  EXPECT_EQ(before.markOf(linear[0].name), editor::Mark::Changed);
  EXPECT_EQ(before.markOf(relu->name), editor::Mark::OnlySecond);
  EXPECT_EQ(after.markOf(relu->name), std::nullopt);
  EXPECT_EQ(after.network()->project.graph.nodes.size() + 1, before.network()->project.graph.nodes.size());

  auto* tree = page->comparison().findChild<QTreeWidget*>();
  const auto press = [&](const QString& row) {
    const QList<QTreeWidgetItem*> rows = tree->findItems(row, Qt::MatchExactly | Qt::MatchRecursive);
    ASSERT_EQ(rows.size(), 1) << row.toStdString();
    tree->scrollToItem(rows[0]);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualItemRect(rows[0]).center());
  };
  press(QString::fromStdString(linear[0].name) + ".bias");
  EXPECT_EQ(after.chosen(), std::vector<std::string>{linear[0].name});
  EXPECT_EQ(before.chosen(), std::vector<std::string>{linear[0].name});
  press(QString::fromStdString(relu->name));
  EXPECT_TRUE(after.chosen().empty());
  EXPECT_EQ(before.chosen(), std::vector<std::string>{relu->name});
  page->view().clearSelection();
  EXPECT_TRUE(page->curves().isVisible());
  page->view().selectAll();
  EXPECT_TRUE(networks.isVisible()) << "as it was left";
}

TEST_F(RunsPageTest, EveryMetricHasAChart) {
  record(1);
  open();
  select(1);
  ASSERT_TRUE(eventually([&] { return page->curves().shownKeys().size() == 3; }));
  EXPECT_EQ(page->curves().shownKeys(), (QStringList{"loss", "accuracy", "f1"}));
  ASSERT_TRUE(page->curves().chart("f1"));
  EXPECT_TRUE(page->curves().chart("f1")->isVisible());
  EXPECT_EQ(page->curves().chart("f1")->seriesCount(), 1);
  page->view().clearSelection();
  EXPECT_EQ(page->curves().shownKeys(), QStringList{"loss"});
}

TEST_F(RunsPageTest, FiltersAreKeptByNameInTheProject) {
  record(3);
  open();
  type("status = stopped");
  EXPECT_EQ(names(), QStringList{"a2"});
  QTimer::singleShot(50, [&] {
    auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
    ASSERT_TRUE(dialog);
    dialog->setTextValue("cut short");
    dialog->accept();
  });
  press("runs.keep-view");
  ASSERT_TRUE(eventually([&] { return !store::savedViews(file).empty(); }));
  EXPECT_EQ(store::savedViews(file)[0], (store::SavedView{"cut short", "status = stopped"}));
  open();  // another page on the same project
  QMenu* menu = find<QToolButton>("runs-views")->menu();
  ASSERT_TRUE(eventually([&] {
    Q_EMIT menu->aboutToShow();
    return menu->actions().front()->text() == "cut short";
  }));
  menu->actions().front()->trigger();
  EXPECT_EQ(names(), QStringList{"a2"});
}

TEST_F(RunsPageTest, ARunIsTakenUpAgainAndAStoppedOneResumed) {
  record(3);
  open();
  QList<QVariant> asked;
  QObject::connect(page.get(), &RunsPage::takeRequested,
                   [&](const QString& id, RunsPage::Take how) { asked << id << static_cast<int>(how); });
  select(1);
  press("runs.again");
  press("runs.network");
  EXPECT_EQ(asked, (QList<QVariant>{"1", int(RunsPage::Take::RunAgain), "1", int(RunsPage::Take::Show)}));
  EXPECT_FALSE(page->findChild<QAction*>("runs.branch")->isEnabled()) << "there is no checkpoint";
  EXPECT_FALSE(page->findChild<QAction*>("runs.resume")->isEnabled());
}

// J7: ten thousand runs are listed, filtered, sorted and scrolled while the window stays awake.
TEST_F(RunsPageTest, TenThousandRunsScroll) {
  record(10000, 1);
  QElapsedTimer timer;
  timer.start();
  {
    const StallWatch watch("listing 10,000 runs");
    open();
  }
  std::printf("Listed 10,000 runs in %lld ms\n", static_cast<long long>(timer.restart()));
  ASSERT_EQ(page->table().rowCount(), 10000);
  {
    const StallWatch watch("scrolling 10,000 runs");
    QScrollBar* bar = page->view().verticalScrollBar();
    for (int i = 0; i <= 40; ++i) {
      bar->setValue(bar->maximum() * i / 40);
      QCoreApplication::processEvents();
    }
  }
  {
    const StallWatch watch("filtering 10,000 runs");
    type("accuracy > 0.8 and batch_size = 32");
    EXPECT_GT(names().size(), 1000);
    type("");
  }
  {
    const StallWatch watch("sorting 10,000 runs");
    for (const int column : {0, 3, 5, 2}) {
      page->view().sortByColumn(column, Qt::AscendingOrder);
      QCoreApplication::processEvents();
    }
  }
  const StallWatch watch("refreshing 10,000 runs");
  bool again = false;
  QObject::connect(&page->table(), &bridge::RunTable::refreshed, [&] { again = true; });
  page->table().refresh();
  EXPECT_TRUE(eventually([&] { return again; }));
}

}  // namespace
}  // namespace netwright::panels
