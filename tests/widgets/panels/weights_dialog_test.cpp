// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/weights_dialog.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <QUndoStack>
#include <QUrl>

#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/convert/exporter.h"
#include "core/layers/lower_graph.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/main_window.h"
#include "widgets/panels/message_banner.h"

namespace netwright {
namespace {

class WeightsDialogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    home = qgetenv("HOME");
    qputenv("HOME", temporary.path().toLocal8Bit());
    project::createProject(folder, "digits-linear");
    window.show();
    window.openProject(QString::fromStdString(folder.string()));
    ASSERT_TRUE(eventually([&] { return window.project().isOpen(); }));
  }
  void TearDown() override {
    window.project().undoStack()->setClean();
    qputenv("HOME", home);
  }
  // A file with a tensor for each weight but the last, under a prefix, and one too many.
  QString weights() {
    std::vector<NamedTensor> tensors{{"extra", HostTensor(DType::Float32, {3})}};
    const auto& states = window.project().prepared().lowered.program.states;
    for (size_t i = 0; i + 1 < states.size(); ++i)
      tensors.push_back(
          {"model." + states[i].name,
           HostTensor(
               DType::Float32,
               *program::constants(window.project().prepared().lowered.program.tensorType(states[i].value).shape))});
    const QString file = temporary.filePath("other.safetensors");
    writeFileAtomic(file.toStdString(), safetensorsBytes(tensors));
    return file;
  }
  panels::WeightsDialog* dialog() { return window.findChild<panels::WeightsDialog*>(); }

  QTemporaryDir temporary;
  QByteArray home;
  std::filesystem::path folder = std::filesystem::path(temporary.path().toStdString()) / "mine";
  MainWindow window;
};

TEST_F(WeightsDialogTest, ADroppedFileExplainsEachWeightAndIsTakenOverAsOneStep) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(weights())});
  QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &drop);
  ASSERT_TRUE(eventually([&] { return dialog() && dialog()->findChild<QTreeWidget*>()->topLevelItemCount() > 0; }));
  auto* table = dialog()->findChild<QTreeWidget*>();
  EXPECT_EQ(table->topLevelItemCount(), 3) << "two weights and a tensor that belongs to nothing";
  EXPECT_EQ(table->topLevelItem(0)->text(2), "model." + table->topLevelItem(0)->text(0));
  EXPECT_FALSE(table->topLevelItem(0)->text(3).isEmpty());
  EXPECT_EQ(table->topLevelItem(1)->text(2), "");
  EXPECT_EQ(table->topLevelItem(2)->text(2), "extra");
  EXPECT_EQ(dialog()->findChild<QLabel*>("weights-summary")->text(),
            "1 of 2 weights are in the file; the others start as usual.");
  QTest::mouseClick(dialog()->findChild<QCheckBox*>(), Qt::LeftButton, Qt::NoModifier, {8, 8});
  EXPECT_TRUE(table->topLevelItem(0)->isHidden());
  EXPECT_FALSE(table->topLevelItem(1)->isHidden());

  const int before = window.project().undoStack()->index();
  QTest::mouseClick(dialog()->findChild<QPushButton*>("apply-weights"), Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return window.project().project().run.start != "init"; }));
  EXPECT_EQ(window.project().project().run.start, "file:weights/other.safetensors");
  EXPECT_EQ(window.project().undoStack()->index(), before + 1);
  EXPECT_TRUE(std::filesystem::exists(folder / "weights/other.safetensors"));
  EXPECT_TRUE(window.banner().message().title.startsWith("The next run starts from 1 of 2 weights of other."));
  window.project().undoStack()->undo();
  EXPECT_EQ(window.project().project().run.start, "init");
}

// With nothing open, a dropped export is the network itself.
TEST(DroppedExport, OpensItsNetwork) {
  QTemporaryDir temporary;
  const QByteArray home = qgetenv("HOME");
  qputenv("HOME", temporary.path().toLocal8Bit());
  const std::filesystem::path folder = std::filesystem::path(temporary.path().toStdString()) / "mine";
  const project::Project drawn = project::createProject(folder, "digits-linear");
  const layers::Lowered lowered = layers::lowerGraph(drawn.graph);
  std::vector<NamedTensor> weights;
  for (const program::State& s : lowered.program.states)
    weights.push_back(
        {s.name, HostTensor(DType::Float32, *program::constants(lowered.program.tensorType(s.value).shape))});
  const QString file = temporary.filePath("passed on.onnx");
  convert::findExporter("onnx")->write({lowered.program, drawn.graph, weights, "mine", "test"}, file.toStdString());
  {
    MainWindow window;
    window.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &drop);
    ASSERT_TRUE(eventually([&] { return window.project().isOpen() || window.banner().isVisible(); }));
    ASSERT_TRUE(window.project().isOpen())
        << window.banner().message().title.toStdString() << window.banner().message().why.toStdString();
    EXPECT_EQ(window.project().document(), drawn.graph);
    EXPECT_EQ(window.project().project().run.start, "file:weights/passed on.safetensors");
  }
  qputenv("HOME", home);
}

TEST_F(WeightsDialogTest, AFileThatIsNoneIsAMessageAndNothingIsTakenOver) {
  const QString file = temporary.filePath("broken.pth");
  writeFileAtomic(file.toStdString(), "no weights at all");
  window.openWeights(file);
  auto* banner = dialog()->findChild<panels::MessageBanner*>();
  ASSERT_TRUE(eventually([&] { return banner->isVisible(); }));
  EXPECT_TRUE(banner->message().title.contains("broken.pth")) << banner->message().title.toStdString();
  EXPECT_FALSE(dialog()->findChild<QPushButton*>("apply-weights")->isEnabled());
  EXPECT_EQ(window.project().project().run.start, "init");
}

}  // namespace
}  // namespace netwright
