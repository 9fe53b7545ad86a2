// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page as a person uses it: the real widgets, the real engine.
#include "widgets/panels/train_page.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QSet>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/bridge/sample_project.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/charts/chart_canvas.h"
#include "widgets/charts/confusion_matrix.h"
#include "widgets/charts/line_chart.h"
#include "widgets/charts/scatter_plot.h"
#include "widgets/panels/live_charts.h"
#include "widgets/panels/run_log.h"
#include "widgets/panels/train_page_samples.h"
#include "widgets/panels/train_page_views.h"

namespace netwright::panels {
namespace {

using State = bridge::RunModel::State;

class TrainPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
  }
  void open(const char* templateId) {
    sample = std::make_unique<bridge::SampleProject>(templateId);
    page = std::make_unique<TrainPage>(&sample->model, &run, &facts);
    page->resize(1100, 740);
    page->show();
    page->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
  }
  void start(const char* epochs) {
    run.start(sample->model.folder(), {}, {{"epochs", epochs}, {"threads", "1"}, {"checkpoint_seconds", "0"}});
  }
  template <class T>
  T* find(const char* name) const {
    T* found = page->findChild<T*>(name);
    EXPECT_TRUE(found) << name;
    return found;
  }
  bool reaches(State state) {
    return eventually([&] { return run.state() == state; });
  }
  void click(const char* name) {
    auto* button = find<QWidget>(name);
    ASSERT_TRUE(eventually([&] { return button->isVisible() && button->isEnabled(); })) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }

  QTemporaryDir temporary;
  std::unique_ptr<bridge::SampleProject> sample;
  bridge::RunModel run;
  bridge::DataFacts facts;
  std::unique_ptr<TrainPage> page;
};

TEST_F(TrainPageTest, TheLogFollowsARunUnlessSomebodyReadsAbove) {
  open("spirals-mlp");
  auto* log = page->findChild<RunLog*>();
  auto* view = log->findChild<QListView*>();
  const QScrollBar* bar = view->verticalScrollBar();
  start("100000");
  ASSERT_TRUE(eventually([&] { return run.progress().epoch >= 20; }));
  ASSERT_TRUE(eventually([&] { return bar->maximum() > 0 && bar->value() == bar->maximum(); }));
  QTest::keyClick(view, Qt::Key_Home);
  view->scrollToTop();
  ASSERT_EQ(bar->value(), 0);
  const int lines = log->lineCount();
  ASSERT_TRUE(eventually([&] { return log->lineCount() > lines + 20; }));
  EXPECT_EQ(bar->value(), 0) << "who reads is left in peace";
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
  for (int i = 1; i < log->lineCount(); ++i) EXPECT_FALSE(log->line(i).isEmpty());
}

TEST_F(TrainPageTest, ARunIsSteppedAndItsRateChangedInFlight) {
  open("spirals-mlp");
  EXPECT_FALSE(find<QWidget>("learning-rate")->isVisible()) << "nothing to steer yet";
  start("100000");
  ASSERT_TRUE(eventually([&] { return run.progress().epoch >= 2; }));
  EXPECT_FALSE(find<QWidget>("do-train.step-batch")->isEnabled()) << "only a paused run steps";
  click("pause-training");
  ASSERT_TRUE(reaches(State::Paused));
  const int64_t step = run.progress().step;
  click("do-train.step-batch");
  ASSERT_TRUE(eventually([&] { return run.progress().step == step + 1 && run.state() == State::Paused; }));
  QTest::keyClick(page.get(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
  auto* rate = find<QLineEdit>("learning-rate");
  ASSERT_TRUE(rate->hasFocus());
  QTest::keyClicks(rate, "much");
  QTest::keyClick(rate, Qt::Key_Return);
  EXPECT_EQ(rate->text(), "much") << "what is wrong stays to be corrected";
  rate->selectAll();
  QTest::keyClicks(rate, "0.0025");
  QTest::keyClick(rate, Qt::Key_Return);
  click("do-train.step-batch");
  ASSERT_TRUE(eventually([&] { return run.learningRate() == 0.0025; })) << run.learningRate();
  ASSERT_TRUE(reaches(State::Paused));
  const int64_t epoch = run.progress().epoch;
  click("do-train.step-epoch");
  ASSERT_TRUE(
      eventually([&] { return run.progress().step % run.started()->batches == 0 && run.state() == State::Paused; }));
  EXPECT_LE(run.progress().epoch, epoch + 1);
  click("stop-training");
  ASSERT_TRUE(reaches(State::Stopped));
  EXPECT_FALSE(find<QWidget>("learning-rate")->isVisible());
}

TEST_F(TrainPageTest, EveryMetricAndTheRateHaveACurve) {
  open("spirals-mlp");
  run::RunConfig config = sample->model.project().run;
  config.metrics = {"accuracy", "f1"};
  sample->model.setRunConfig(config, "Metrics");
  sample->model.save();
  LiveCharts& charts = page->charts();
  EXPECT_EQ(charts.keys(), (QStringList{"loss", "accuracy", "f1", "lr"}));
  for (const QString& key : charts.keys()) charts.setShown(key, true);
  start("3");
  ASSERT_TRUE(reaches(State::Finished)) << run.problem().title.toStdString();
  for (const QString key : {"loss", "accuracy", "f1"}) {
    charts::LineChart* chart = charts.chart(key);
    ASSERT_TRUE(chart) << key.toStdString();
    chart->flush();
    EXPECT_EQ(chart->points(1).size(), 3u) << "validation, one for each epoch: " << key.toStdString();
    EXPECT_EQ(chart->canvas().marks().size(), 3u) << "where epochs end";
  }
  const auto& accuracy = run.series("accuracy", "val");
  const auto best = std::max_element(accuracy.values.begin(), accuracy.values.end()) - accuracy.values.begin();
  EXPECT_EQ(charts.loss().best(), accuracy.steps[static_cast<size_t>(best)]) << "the first metric decides";
  charts.chart("lr")->flush();
  EXPECT_FALSE(charts.chart("lr")->points(0).empty());
  EXPECT_TRUE(charts.keys().contains("epoch_seconds")) << "whatever a run tells can be shown";
  EXPECT_FALSE(charts.isShown("epoch_seconds"));
  QTest::mouseClick(find<QToolButton>("curve-epoch_seconds"), Qt::LeftButton);
  charts::LineChart* seconds = charts.chart("epoch_seconds");
  ASSERT_TRUE(seconds && seconds->isVisible());
  seconds->flush();
  EXPECT_EQ(seconds->points(0).size(), 3u) << "with the points that came before it was shown";
  QTest::mouseClick(find<QToolButton>("curve-epoch_seconds"), Qt::LeftButton);
  EXPECT_FALSE(seconds->isVisible());
}

TEST_F(TrainPageTest, SamplesAndConfusionOfClassesStayWhenTheRunIsOver) {
  open("penguins");
  start("2");
  ASSERT_TRUE(reaches(State::Finished)) << run.problem().title.toStdString();
  TrainViews& views = page->views();
  QTest::keyClick(page.get(), Qt::Key_2, Qt::AltModifier);
  EXPECT_EQ(views.current(), 1);
  EXPECT_TRUE(views.samples().isVisible());
  EXPECT_GE(views.samples().sampleCount(), 12);
  EXPECT_TRUE(views.samples().sentence(0).contains("penguins.csv")) << views.samples().sentence(0).toStdString();
  QTest::keyClick(page.get(), Qt::Key_3, Qt::AltModifier);
  ASSERT_TRUE(views.matrix().isVisible());
  ASSERT_EQ(views.matrix().classCount(), 3);
  int64_t sum = 0, right = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) sum += views.matrix().count(i, j), right += i == j ? views.matrix().count(i, j) : 0;
  EXPECT_EQ(sum, run.started()->validationSamples);
  EXPECT_NEAR(static_cast<double>(right) / static_cast<double>(sum), run.lastValues().at("val/accuracy"), 1e-9);
}

TEST_F(TrainPageTest, NumbersArePlottedAgainstTheTruth) {
  open("diabetes");
  start("1");
  ASSERT_TRUE(reaches(State::Finished)) << run.problem().title.toStdString();
  find<QAction>("train.show-matrix")->trigger();
  EXPECT_TRUE(page->views().scatter().isVisible());
  EXPECT_EQ(static_cast<int64_t>(page->views().scatter().pointCount()), run.started()->validationSamples);
  EXPECT_EQ(find<QAction>("train.show-matrix")->text(), "Against truth");
}

TEST_F(TrainPageTest, AStoredRunThatWasStoppedIsOfferedAndGoesOn) {
  open("spirals-mlp");
  start("100000");
  ASSERT_TRUE(eventually([&] { return run.progress().epoch >= 2; }));
  run.stop();
  ASSERT_TRUE(reaches(State::Stopped));
  EXPECT_TRUE(find<QPushButton>("resume-stopped")->isVisible());
  bridge::RunModel later;  // another start of the window
  TrainPage other(&sample->model, &later, &facts);
  other.resize(1100, 740);
  other.show();
  auto* resume = other.findChild<QPushButton*>("resume-stored");
  ASSERT_TRUE(eventually([&] { return resume->isVisible(); }));
  EXPECT_EQ(resume->text(), "Resume run-1");
  QTest::mouseClick(resume, Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return later.started() && later.started()->resumedAt > 0; }));
  EXPECT_FALSE(resume->isVisible());
  ASSERT_TRUE(eventually([&] { return later.progress().step > later.started()->resumedAt; }));
  later.stop();
  ASSERT_TRUE(eventually([&] { return later.state() == State::Stopped; }));
}

TEST_F(TrainPageTest, ActionsHaveNamesTipsAndKeysOfTheirOwn) {
  open("spirals-mlp");
  QSet<QString> ids, keys;
  for (const QAction* action : page->pageActions()) {
    EXPECT_TRUE(action->objectName().startsWith("train.")) << action->objectName().toStdString();
    EXPECT_FALSE(action->text().isEmpty() || action->toolTip().isEmpty() || action->icon().isNull());
    EXPECT_FALSE(ids.contains(action->objectName()));
    ids << action->objectName();
    if (action->shortcut().isEmpty()) continue;
    EXPECT_FALSE(keys.contains(action->shortcut().toString()));
    keys << action->shortcut().toString();
  }
  EXPECT_EQ(ids.size(), 9);
}

}  // namespace
}  // namespace netwright::panels
