// SPDX-License-Identifier: GPL-3.0-or-later
// The Try page as a person uses it: mouse, keys and files, the real engine behind them.
#include "widgets/panels/try_page.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QUrl>

#include "tests/widgets/bridge/sample_project.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/try_answer.h"
#include "widgets/panels/try_canvas.h"
#include "widgets/panels/try_form.h"

namespace netwright::panels {
namespace {

using State = bridge::RunModel::State;

class TryPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
  }
  void open(const char* templateId) {
    sample = std::make_unique<bridge::SampleProject>(templateId);
    page = std::make_unique<TryPage>(&sample->model, &run);
    page->resize(1100, 740);
    page->show();
    page->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(page.get()));
  }
  void train(const char* epochs) { run.start(sample->model.folder(), {}, {{"epochs", epochs}, {"threads", "1"}}); }
  // A project with one trained run, shown.
  void opened(const char* templateId) {
    open(templateId);
    train("1");
    ASSERT_TRUE(eventually([&] { return run.state() == State::Finished; })) << run.problem().title.toStdString();
    ASSERT_TRUE(eventually([&] { return page->model().isReady(); })) << page->banner().message().title.toStdString();
  }
  bool answers(const std::function<bool()>& as = [] { return true; }) {
    return eventually([&] { return page->model().answer().has_value() && !page->model().isBusy() && as(); });
  }
  void stroke(const std::vector<QPoint>& points) {
    TryCanvas& canvas = page->canvas();
    QTest::mousePress(&canvas, Qt::LeftButton, {}, points.front());
    for (const QPoint& p : points) QTest::mouseMove(&canvas, p);
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, points.back());
  }
  void drop(const QString& file) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(page.get(), &enter);
    ASSERT_TRUE(enter.isAccepted()) << file.toStdString();
    QDropEvent event({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(page.get(), &event);
  }
  QString file(const char* name, const QByteArray& text) {
    QFile f(temporary.filePath(name));
    EXPECT_TRUE(f.open(QIODevice::WriteOnly));
    f.write(text);
    return f.fileName();
  }
  void trigger(const char* action) {
    auto* found = page->findChild<QAction*>(action);
    ASSERT_TRUE(found && found->isEnabled()) << action;
    found->trigger();
  }

  QTemporaryDir temporary;
  std::unique_ptr<bridge::SampleProject> sample;
  bridge::RunModel run;
  std::unique_ptr<TryPage> page;
};

TEST_F(TryPageTest, WithoutARun_SaysWhatToDo) {
  open("digits-linear");
  auto* train = page->findChild<QPushButton*>("try-train");
  ASSERT_TRUE(train && train->isVisible());
  bool asked = false;
  QObject::connect(page.get(), &TryPage::trainRequested, [&] { asked = true; });
  QTest::mouseClick(train, Qt::LeftButton);
  EXPECT_TRUE(asked);
}

TEST_F(TryPageTest, ADigit_IsDrawnClearedAndTakenBack) {
  opened("digits-linear");
  TryCanvas& canvas = page->canvas();
  ASSERT_TRUE(canvas.isVisible());
  const int c = std::min(canvas.width(), canvas.height()) / 2;
  const QPoint middle(canvas.width() / 2, c);
  stroke({middle + QPoint(0, -c / 2), middle, middle + QPoint(0, c / 2)});
  ASSERT_TRUE(answers());
  EXPECT_EQ(page->answer().rowCount(), 10);
  EXPECT_EQ(page->answer().headline(), "1") << "an upright line";
  double sum = 0;
  for (const double v : page->model().answer()->values) sum += v;
  EXPECT_NEAR(sum, 1, 1e-6);
  // As the data set has it: 20 of 28 pixels high, its weight in the middle.
  const QImage seen = canvas.seen();
  int top = 28, bottom = -1;
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x)
      if (qGray(seen.pixel(x, y)) > 100) top = std::min(top, y), bottom = std::max(bottom, y);
  EXPECT_NEAR(bottom - top + 1, 20, 2);
  EXPECT_NEAR((top + bottom) / 2.0, 13.5, 1.5);
  canvas.setFocus();
  QTest::keyClick(&canvas, Qt::Key_Delete);
  EXPECT_TRUE(canvas.isBlank());
  EXPECT_EQ(page->answer().headline(), "–");
  QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_FALSE(canvas.isBlank());
  ASSERT_TRUE(answers());
  QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_TRUE(canvas.isBlank()) << "the stroke itself";
  QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_FALSE(canvas.isBlank());
}

TEST_F(TryPageTest, Samples_AreTakenByKeysAndPicturesDropped) {
  opened("digits-linear");
  QTest::keyClick(page.get(), Qt::Key_Right, Qt::AltModifier);
  ASSERT_TRUE(answers());
  const auto sampleOne = page->model().network()->sample("test", 1);
  EXPECT_FALSE(sampleOne.truth.isEmpty());
  const auto& column = page->model().network()->columns()[page->model().network()->picture()->column];
  EXPECT_EQ(page->canvas().values(column.dtype, column.shape), sampleOne.values[0]) << "byte by byte";
  // The same picture as a file, dark on light as a scan is.
  QImage scan = page->canvas().seen().scaled(140, 140);
  scan.invertPixels();
  scan.save(temporary.filePath("scan.png"));
  const QString headline = page->answer().headline();
  drop(temporary.filePath("scan.png"));
  ASSERT_TRUE(answers());
  EXPECT_EQ(page->answer().headline(), headline);
  drop(file("broken.png", "no picture"));
  EXPECT_EQ(page->banner().message().title, "The picture could not be read.");
  EXPECT_FALSE(page->canvas().isBlank()) << "what was there stays";
  drop(file("broken.npy", "\x93NUMPY nonsense"));
  EXPECT_TRUE(page->banner().isVisible());
}

TEST_F(TryPageTest, ATable_IsFilledIn) {
  opened("penguins");
  TryForm& form = page->form();
  ASSERT_TRUE(form.isVisible());
  auto* island = form.findChild<QComboBox*>("field-island");
  ASSERT_TRUE(island) << "a category is one field";
  EXPECT_EQ(island->count(), 3);
  ASSERT_TRUE(answers()) << "the first sample stands there to start from";
  EXPECT_EQ(page->answer().rowCount(), 3);
  EXPECT_TRUE(page->sampleText().contains("penguins.csv")) << page->sampleText().toStdString();
  auto* bill = form.findChild<QLineEdit*>("field-bill_length_mm");
  ASSERT_TRUE(bill);
  const auto before = page->model().answer()->values;
  bill->selectAll();
  QTest::keyClicks(bill, "999");
  ASSERT_TRUE(answers([&] { return page->model().answer()->values != before; }));
  bill->selectAll();
  QTest::keyClicks(bill, "long");
  EXPECT_EQ(page->banner().message().title, "bill_length_mm: “long” is not a number.");
  EXPECT_EQ(page->answer().headline(), "–") << "no answer to what was not asked";
  bill->selectAll();
  QTest::keyClick(bill, Qt::Key_Delete);
  ASSERT_TRUE(answers()) << "missing numbers are filled in as in training";
  EXPECT_FALSE(page->banner().isVisible());
  drop(file("one.csv", "island,bill_length_mm,other\nDream,45.5,7\n"));
  EXPECT_EQ(island->currentText(), "Dream");
  EXPECT_EQ(bill->text(), "45.5");
  drop(file("other.csv", "a,b\n1,2\n"));
  EXPECT_EQ(page->banner().message().title, "None of the file's columns is one of the network's.");
}

TEST_F(TryPageTest, ANumber_IsPredicted) {
  opened("diabetes");
  ASSERT_TRUE(answers());
  EXPECT_TRUE(page->model().answer()->classes.isEmpty());
  bool number = false;
  page->answer().headline().toDouble(&number);
  EXPECT_TRUE(number) << page->answer().headline().toStdString();
}

TEST_F(TryPageTest, ASeries_IsTakenFromItsSamples) {
  opened("sunspots-lstm");
  if (!page->model().network()->fields().empty()) return;
  ASSERT_TRUE(answers() || page->model().network()->picture());
}

TEST_F(TryPageTest, ARunThatGoesOn_AnswersLiveAndThenFromItsCheckpoint) {
  open("spirals-mlp");
  train("100000");
  ASSERT_TRUE(eventually([&] { return page->model().isReady(); })) << page->banner().message().title.toStdString();
  EXPECT_TRUE(page->model().isLive());
  ASSERT_TRUE(answers());
  const int64_t step = page->model().answeredStep();
  ASSERT_TRUE(answers([&] { return page->model().answeredStep() > step; })) << "asked again by itself";
  EXPECT_TRUE(page->findChild<QLabel*>("try-state")->text().startsWith("Live, after step "));
  ASSERT_TRUE(eventually([&] { return run.progress().epoch >= 2; }));
  run.stop();
  ASSERT_TRUE(eventually([&] { return run.state() == State::Stopped && !page->model().isLive(); }));
  ASSERT_TRUE(answers([&] { return page->model().answeredStep() == 0; })) << "from the stored run";
  EXPECT_EQ(page->findChild<QLabel*>("try-state")->text(), "From its last checkpoint");
}

TEST_F(TryPageTest, AnotherRunIsChosen) {
  opened("spirals-mlp");
  run.clear();
  train("1");
  ASSERT_TRUE(eventually([&] { return run.state() == State::Finished && page->model().runs().size() == 2; }));
  ASSERT_TRUE(eventually([&] { return page->model().isReady(); }));
  auto* box = page->findChild<QComboBox*>("try-run");
  ASSERT_TRUE(eventually([&] { return box->currentText() == "run-2"; })) << box->currentText().toStdString();
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Down);
  EXPECT_EQ(box->currentText(), "run-1");
  ASSERT_TRUE(eventually([&] { return page->model().isReady() && page->model().chosen() == 1; }));
  ASSERT_TRUE(answers());
}

}  // namespace
}  // namespace netwright::panels
