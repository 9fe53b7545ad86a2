// SPDX-License-Identifier: GPL-3.0-or-later
// The Try page as a person uses it: mouse, keys and files, the real engine behind them.
#include "widgets/panels/try_page.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QPlainTextEdit>
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
  void opened(const char* templateId, const char* epochs = "1") {
    open(templateId);
    train(epochs);
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

// An NPY file of bytes.
QByteArray npy(const QByteArray& type, const QByteArray& shape, const QByteArray& values) {
  QByteArray head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  head = head.leftJustified(118 - 1) + '\n';
  return QByteArray("\x93NUMPY\x01\x00", 8) + char(head.size()) + '\0' + head + values;
}

// 90 pictures of 12 by 20 pixels in three classes: mostly red, green or blue, none of them bright.
void writeColours(const QString& folder) {
  QDir().mkpath(folder);
  QByteArray pixels, labels;
  for (int n = 0; n < 90; ++n) {
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 12 * 20; ++i) pixels += char((c == n % 3 ? 120 : 20) + (i * 7 + n * 13) % 40);
    labels += char(n % 3);
  }
  QFile x(folder + "/x.npy"), y(folder + "/y.npy");
  ASSERT_TRUE(x.open(QIODevice::WriteOnly) && y.open(QIODevice::WriteOnly));
  x.write(npy("|u1", "90, 3, 12, 20", pixels));
  y.write(npy("|u1", "90,", labels));
}

TEST_F(TryPageTest, PicturesInColour_AreShownDroppedAndNotDrawn) {
  open("digits-linear");
  bridge::ProjectModel& model = sample->model;
  writeColours(QString::fromStdString((model.folder() / "colours").string()));
  data::DataConfig config;
  config.source = "numpy";
  config.path = "colours";
  config.transforms = {{"to_float", {}, {}}};
  model.setDataConfig(config, "Colours");
  const auto set = [&](const char* node, const char* param, const Attribute& value) {
    EXPECT_EQ(model.apply(graph::setParam(model.document(), model.document().findByName(node)->id, param, value)), "");
  };
  set("image", "shape", std::vector<int64_t>{3, 12, 20});
  set("fc", "out_features", int64_t{3});
  bridge::SampleProject::readData(model);
  ASSERT_TRUE(model.prepared().ok()) << model.prepared().diagnostics.front().text();
  model.save();
  train("30");
  ASSERT_TRUE(eventually([&] { return run.state() == State::Finished; })) << run.problem().title.toStdString();
  ASSERT_TRUE(eventually([&] { return page->model().isReady(); })) << page->banner().message().title.toStdString();

  TryCanvas& canvas = page->canvas();
  ASSERT_TRUE(canvas.isVisible());
  ASSERT_TRUE(answers()) << "a sample stands there to start from";
  EXPECT_FALSE(page->findChild<QWidget*>("try-brush")->isVisible());
  EXPECT_FALSE(page->findChild<QWidget*>("try-centred")->isVisible());
  const int truth = page->model().network()->sample("validation", 0).truth.toInt();
  const QColor corner = canvas.seen().pixelColor(0, 0);
  const int parts[3] = {corner.red(), corner.green(), corner.blue()};
  EXPECT_GT(parts[truth], 130) << "bright in the range of the data";
  EXPECT_LT(parts[(truth + 1) % 3], 90);
  EXPECT_LT(parts[(truth + 2) % 3], 90);
  EXPECT_EQ(canvas.seen().size(), QSize(20, 12));
  // Nothing is drawn on it, and what is shown is as wide as it should be.
  const QImage before = canvas.seen();
  stroke({{canvas.width() / 2, canvas.height() / 2}, {canvas.width() / 2 + 30, canvas.height() / 2}});
  EXPECT_EQ(canvas.seen(), before);
  const QImage picture = canvas.grab().toImage();
  const QColor left = picture.pixelColor(4, picture.height() / 4);
  EXPECT_LT(std::abs(left.hue() - truth * 120), 30) << "the whole width is used";

  // A photograph of another size and form, with a transparent border.
  QImage photo(300, 200, QImage::Format_ARGB32);
  photo.fill(Qt::transparent);
  QPainter(&photo).fillRect(10, 0, 280, 200, QColor(10, 10, 200));
  photo.save(temporary.filePath("blue.png"));
  drop(temporary.filePath("blue.png"));
  ASSERT_TRUE(answers([&] { return page->answer().headline() == "2"; })) << page->answer().headline().toStdString();
  EXPECT_NEAR(canvas.seen().pixelColor(10, 6).blue(), 200, 6);
  EXPECT_NEAR(canvas.seen().pixelColor(10, 6).red(), 10, 6);
  QTest::keyClick(&canvas, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(canvas.seen(), before) << "the sample is back";
  photo.fill(QColor(200, 10, 10));
  photo.save(temporary.filePath("red.png"));
  drop(temporary.filePath("red.png"));
  ASSERT_TRUE(answers([&] { return page->answer().headline() == "0"; })) << page->answer().headline().toStdString();
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

TEST_F(TryPageTest, AWord_IsTypedAndItsLanguageTold) {
  opened("words-lstm");
  auto* word = page->findChild<QLineEdit*>("field-word");
  ASSERT_TRUE(word && word->isVisible());
  ASSERT_TRUE(answers()) << "a sample is there to start from";
  EXPECT_FALSE(word->text().isEmpty());
  word->setFocus();
  word->selectAll();
  QTest::keyClicks(word, "abendstern");
  ASSERT_TRUE(answers());
  EXPECT_EQ(page->answer().rowCount(), 9);
  EXPECT_EQ(page->answer().headline(), "german");
  QTest::keyClicks(word, "9");
  EXPECT_EQ(page->answer().headline(), "–");
  EXPECT_TRUE(page->banner().message().title.startsWith("There is no '9' in the texts of 'word'"))
      << page->banner().message().title.toStdString();
  QTest::keyClick(word, Qt::Key_Backspace);
  ASSERT_TRUE(answers([&] { return page->answer().headline() == "german"; }));
  word->selectAll();
  QTest::keyClick(word, Qt::Key_Delete);
  EXPECT_EQ(page->answer().headline(), "–") << "nothing is asked";
  EXPECT_FALSE(page->banner().isVisible());
}

TEST_F(TryPageTest, DigitsAreTypedAndComeBackInOrder) {
  opened("seq2seq-attention", "3");
  auto* digits = page->findChild<QLineEdit*>("field-digits");
  ASSERT_TRUE(digits && digits->isVisible());
  digits->setFocus();
  digits->selectAll();
  QTest::keyClicks(digits, "31415");
  ASSERT_TRUE(answers());
  EXPECT_EQ(page->answer().headline(), "11345");
  EXPECT_EQ(page->answer().rowCount(), 5) << "a row for each digit of the answer";
  EXPECT_TRUE(page->answer().rowText(0).startsWith("1: ")) << page->answer().rowText(0).toStdString();
}

TEST_F(TryPageTest, AText_GoesOn) {
  open("gpt-small");
  run.start(sample->model.folder(), {}, {{"epochs", "1"}, {"threads", "1"}, {"data.stride", "256"}});
  ASSERT_TRUE(eventually([&] { return run.state() == State::Finished; })) << run.problem().title.toStdString();
  ASSERT_TRUE(eventually([&] { return page->model().isReady(); })) << page->banner().message().title.toStdString();
  auto* text = page->findChild<QPlainTextEdit*>("field-x");
  ASSERT_TRUE(text && text->isVisible());
  ASSERT_TRUE(answers()) << "of a sample";
  const QString start = "Alice was beginning to get very tired of sitting by her sister on the bank, ";
  text->setPlainText(start);
  ASSERT_TRUE(answers()) << "only its end is read";
  EXPECT_TRUE(page->model().answer()->continues);
  EXPECT_EQ(page->model().answer()->values.size(), 71u);
  trigger("try.write-on");
  ASSERT_TRUE(eventually([&] { return text->toPlainText().size() == start.size() + 100; }))
      << text->toPlainText().toStdString();
  EXPECT_TRUE(text->toPlainText().startsWith(start));
  ASSERT_TRUE(answers());
  EXPECT_EQ(text->toPlainText().size(), start.size() + 100) << "and no more";
}

TEST_F(TryPageTest, ASound_IsDropped) {
  opened("spoken-digits-cnn");
  ASSERT_TRUE(answers()) << "of a sample";
  drop(NETWRIGHT_SOURCE_DIR "/resources/data/spoken-digits/five/five_07.wav");
  ASSERT_TRUE(answers());
  EXPECT_EQ(page->answer().rowCount(), 10);
  EXPECT_EQ(page->sampleText(), "five_07.wav");
  drop(file("broken.wav", "RIFF"));
  EXPECT_TRUE(page->banner().message().title.startsWith("broken.wav is not a WAV file"));
}

}  // namespace
}  // namespace netwright::panels
