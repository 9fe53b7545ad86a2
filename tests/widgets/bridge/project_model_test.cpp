// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/project_model.h"

#include <gtest/gtest.h>

#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/project/project.h"
#include "tests/widgets/bridge/sample_project.h"
#include "tests/widgets/bridge/waiting.h"

namespace netwright::bridge {
namespace {

const NodeId kFc1{9};  // of digits-cnn

TEST(ProjectModel, Open_AFolderWithoutAProjectChangesNothing) {
  SampleProject sample;
  const auto before = sample.model.folder();
  EXPECT_THROW(sample.model.open("/nowhere/at/all"), Error);
  EXPECT_EQ(sample.model.folder(), before);
  EXPECT_TRUE(sample.model.isOpen());
}

TEST(ProjectModel, Create_IsReadyToTrain) {
  SampleProject sample;
  EXPECT_TRUE(sample.model.prepared().ok());
  EXPECT_EQ(sample.model.columns().size(), 2u);
  EXPECT_FALSE(sample.model.isModified());
}

TEST(ProjectModel, Apply_RefreshesBeforeItTellsAndUndoTakesItBack) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  const graph::Document before = model.document();
  bool wrongWhenTold = false;
  QObject::connect(&model, &ProjectModel::documentChanged, &model,
                   [&](const graph::Change&) { wrongWhenTold = !model.prepared().ok(); });
  EXPECT_EQ(model.apply(graph::setParam(model.document(), kFc1, "in_features", int64_t{784})), "");
  EXPECT_TRUE(wrongWhenTold);
  EXPECT_TRUE(model.isModified());
  EXPECT_EQ(model.undoStack()->undoText(), "Change in_features of fc1");
  model.undoStack()->undo();
  EXPECT_EQ(model.document(), before);
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_FALSE(model.isModified());
}

TEST(ProjectModel, Apply_RefusesWhatDoesNotFitWithTheReason) {
  SampleProject sample;
  const QString why = sample.model.apply({"Rename", {graph::Rename{kFc1, "conv1"}}});
  EXPECT_EQ(why, "The name 'conv1' is taken. Names must differ; they become the names of the weights.");
  EXPECT_EQ(sample.model.undoStack()->count(), 0);
}

TEST(ProjectModel, Apply_MergesTheSameGestureAndForgetsWhatCameBack) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  const graph::Point start = model.document().find(kFc1)->position;
  for (int i = 1; i <= 5; ++i) model.apply({"Move", {graph::Move{kFc1, {start.x + i, start.y}}}}, "drag 1");
  EXPECT_EQ(model.undoStack()->count(), 1);
  model.apply({"Move", {graph::Move{kFc1, {500, 500}}}}, "drag 2");
  EXPECT_EQ(model.undoStack()->count(), 2);
  model.undoStack()->undo();
  EXPECT_EQ(model.document().find(kFc1)->position.x, start.x + 5);
  model.apply({"Move", {graph::Move{kFc1, {1, 1}}}}, "drag 3");
  model.apply({"Move", {graph::Move{kFc1, {start.x + 5, start.y}}}}, "drag 3");
  EXPECT_EQ(model.undoStack()->count(), 1);
}

TEST(ProjectModel, ApplyFix_RepairsThePinnedNumberInOneStep) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  model.apply(graph::setParam(model.document(), kFc1, "in_features", int64_t{784}));
  ASSERT_FALSE(model.prepared().ok());
  const Diagnostic problem = model.prepared().diagnostics.front();
  ASSERT_FALSE(problem.fixes.empty());
  EXPECT_EQ(model.applyFix(problem.fixes.front()), "");
  EXPECT_TRUE(model.prepared().ok());
  EXPECT_EQ(model.undoStack()->undoText().toStdString(), problem.fixes.front().label);
}

TEST(ProjectModel, Settings_AreUndoable) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  QSignalSpy changed(&model, &ProjectModel::settingsChanged);
  run::RunConfig config = model.project().run;
  config.epochs = 9;
  model.setRunConfig(config, "Change epochs");
  model.setRunConfig(config, "Change epochs");
  EXPECT_EQ(changed.count(), 1);
  EXPECT_EQ(model.project().run.epochs, 9);
  model.undoStack()->undo();
  EXPECT_EQ(model.project().run.epochs, 5);
}

TEST(ProjectModel, UnreadableData_SaysWhyAndEditingGoesOn) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  data::DataConfig config = model.project().data;
  config.path = "no/such/folder";
  model.setDataConfig(config, "Change data");
  SampleProject::readData(model);
  EXPECT_FALSE(model.dataError().isEmpty());
  EXPECT_EQ(model.apply(graph::rename(model.document(), kFc1, "hidden")), "");
  EXPECT_EQ(model.document().find(kFc1)->name, "hidden");
  model.undoStack()->undo();
  model.undoStack()->undo();
  SampleProject::readData(model);
  EXPECT_TRUE(model.dataError().isEmpty());
  EXPECT_TRUE(model.prepared().ok());
}

// One thread in the pool, and that one held up: what the model is asked for waits as behind a slow disk.
TEST(ProjectModel, Data_IsReadElsewhereAndAnswersThatCameTooLateAreDropped) {
  SampleProject sample("penguins");
  ProjectModel& model = sample.model;
  QThreadPool& pool = *QThreadPool::globalInstance();
  pool.waitForDone();
  const int threads = pool.maxThreadCount();
  pool.setMaxThreadCount(1);
  QSemaphore disk;
  pool.start([&] { disk.acquire(); });
  QSignalSpy read(&model, &ProjectModel::dataRead);
  const auto table = [&](const char* name, const char* text) {
    const QString path = sample.folder.filePath(name);
    writeFileAtomic(path.toStdString(), text);
    data::DataConfig config = model.project().data;
    config.source = "csv";
    config.path = path.toStdString();
    config.params = {};
    config.transforms = {};
    model.setDataConfig(config, "Change data");
  };
  table("older.csv", "a,b,c,y\n1,2,3,x\n4,5,6,z\n7,8,9,x\n");
  EXPECT_TRUE(model.isReadingData());
  EXPECT_TRUE(model.columns().empty());
  EXPECT_TRUE(model.prepared().ok()) << "what is not known is no mistake";
  EXPECT_EQ(model.apply(graph::rename(model.document(), model.document().nodes[1].id, "edited")), "");
  table("newer.csv", "a,b,y\n1,2,x\n4,5,z\n7,8,x\n");
  EXPECT_EQ(read.count(), 0);
  disk.release();
  ASSERT_TRUE(eventually([&] { return !model.isReadingData(); }));
  pool.waitForDone();
  QCoreApplication::processEvents();
  pool.setMaxThreadCount(threads);
  EXPECT_EQ(read.count(), 1) << "the older table was told, too";
  ASSERT_FALSE(model.columns().empty());
  EXPECT_EQ(model.columns().front().shape, std::vector<int64_t>{2});
  EXPECT_FALSE(model.prepared().ok()) << "two features where the network wants more";
}

TEST(ProjectModel, Save_MarksTheStateAndComesBackEqual) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  model.apply(graph::rename(model.document(), kFc1, "hidden"));
  QSignalSpy modified(&model, &ProjectModel::modifiedChanged);
  model.save();
  EXPECT_FALSE(model.isModified());
  EXPECT_EQ(modified.count(), 1);
  EXPECT_EQ(project::load(model.folder()), model.project());
}

TEST(ProjectModel, Close_LeavesNothing) {
  SampleProject sample;
  sample.model.close();
  EXPECT_FALSE(sample.model.isOpen());
  EXPECT_TRUE(sample.model.document().nodes.empty());
  EXPECT_TRUE(sample.model.prepared().diagnostics.empty());
}

}  // namespace
}  // namespace netwright::bridge
