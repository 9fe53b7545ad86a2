// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/project_model.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/project/project.h"
#include "tests/widgets/bridge/sample_project.h"

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
  EXPECT_FALSE(model.dataError().isEmpty());
  EXPECT_EQ(model.apply(graph::rename(model.document(), kFc1, "hidden")), "");
  EXPECT_EQ(model.document().find(kFc1)->name, "hidden");
  model.undoStack()->undo();
  model.undoStack()->undo();
  EXPECT_TRUE(model.dataError().isEmpty());
  EXPECT_TRUE(model.prepared().ok());
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
