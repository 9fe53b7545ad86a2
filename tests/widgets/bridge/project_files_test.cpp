// SPDX-License-Identifier: GPL-3.0-or-later
// The open project and its file: other editors, changes on the disk, a folder that vanishes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "core/base/file.h"
#include "core/project/edit_lock.h"
#include "core/project/project.h"
#include "tests/support/message_of.h"
#include "tests/widgets/bridge/sample_project.h"
#include "tests/widgets/bridge/waiting.h"

namespace netwright::bridge {
namespace {

using test::messageOf;
using testing::HasSubstr;

const NodeId kFc1{9};  // of digits-cnn

// What another program would write.
project::Project writeOther(const ProjectModel& model) {
  project::Project other = project::load(model.folder());
  other.description = "by another program";
  writeFileAtomic(project::projectFile(model.folder()), project::toText(other));
  return other;
}

TEST(ProjectFiles, TheSecondWindowIsReadOnlyUntilItTakesOver) {
  SampleProject first;
  ProjectModel second;
  second.open(first.model.folder());
  EXPECT_FALSE(first.model.isReadOnly());
  ASSERT_TRUE(second.isReadOnly());
  EXPECT_TRUE(second.readOnlyReason().startsWith("It is being edited by "));
  second.apply(graph::rename(second.document(), kFc1, "hidden"));
  EXPECT_THAT(messageOf([&] { second.save(); }), HasSubstr("project is open read-only."));
  second.takeOver();
  EXPECT_FALSE(second.isReadOnly());
  second.save();
  EXPECT_EQ(project::load(first.model.folder()), second.project());
  EXPECT_THAT(messageOf([&] { first.model.save(); }), HasSubstr("is open read-only."));
}

TEST(ProjectFiles, ClosingFreesTheProject) {
  SampleProject sample;
  const auto folder = sample.model.folder();
  EXPECT_TRUE(project::lockOwner(folder));
  sample.model.open(folder);
  EXPECT_FALSE(sample.model.isReadOnly()) << "opened again by the same window";
  sample.model.close();
  EXPECT_FALSE(project::lockOwner(folder));
}

TEST(ProjectFiles, OwnSavesAreNoChanges) {
  SampleProject sample;
  QSignalSpy changed(&sample.model, &ProjectModel::diskChanged);
  for (const char* name : {"a", "b"}) {
    sample.model.apply(graph::rename(sample.model.document(), kFc1, name));
    sample.model.save();
    QCoreApplication::processEvents();
  }
  EXPECT_EQ(changed.count(), 0);
}

TEST(ProjectFiles, AChangeIsNoticedAndReloadCanBeUndone) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  model.apply(graph::rename(model.document(), kFc1, "hidden"));
  const project::Project mine = model.project(), other = writeOther(model);
  ASSERT_TRUE(eventually([&] { return model.isChangedOnDisk(); }));
  EXPECT_THAT(messageOf([&] { model.save(); }), HasSubstr("Another program changed project.json."));
  EXPECT_EQ(project::load(model.folder()), other);
  model.reload();
  EXPECT_EQ(model.project(), other);
  EXPECT_FALSE(model.isChangedOnDisk());
  EXPECT_FALSE(model.isModified());
  model.undoStack()->undo();
  EXPECT_EQ(model.project(), mine);
  EXPECT_TRUE(model.isModified());
  model.save();
  EXPECT_EQ(project::load(model.folder()), mine);
}

TEST(ProjectFiles, KeepMineKeepsTheOtherBesideIt) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  model.apply(graph::rename(model.document(), kFc1, "hidden"));
  writeOther(model);
  ASSERT_TRUE(eventually([&] { return model.isChangedOnDisk(); }));
  const QString kept = model.keepMine();
  EXPECT_EQ(kept, "project-other-1.json");
  EXPECT_THAT(readFile(model.folder() / kept.toStdString()), HasSubstr("by another program"));
  EXPECT_FALSE(model.isChangedOnDisk());
  EXPECT_TRUE(model.isModified());
  model.save();
  EXPECT_EQ(project::load(model.folder()), model.project());
}

TEST(ProjectFiles, SavingLooksAtTheDiskFirst) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  model.apply(graph::rename(model.document(), kFc1, "hidden"));
  const project::Project other = writeOther(model);
  EXPECT_THAT(messageOf([&] { model.save(); }), HasSubstr("Another program changed project.json."));
  EXPECT_EQ(project::load(model.folder()), other);
}

TEST(ProjectFiles, ARemovedFileIsWrittenAgainIfOneKeepsIt) {
  SampleProject sample;
  ProjectModel& model = sample.model;
  std::filesystem::remove(project::projectFile(model.folder()));
  ASSERT_TRUE(eventually([&] { return model.isChangedOnDisk(); }));
  EXPECT_EQ(model.keepMine(), "");
  model.save();
  EXPECT_EQ(project::load(model.folder()), model.project());
}

TEST(ProjectFiles, AFolderThatIsGoneIsNotMadeAnew) {
  SampleProject sample;
  std::filesystem::remove_all(sample.model.folder());
  EXPECT_THAT(messageOf([&] { sample.model.save(); }), HasSubstr("is gone. It was moved or removed"));
  EXPECT_FALSE(std::filesystem::exists(sample.model.folder()));
}

}  // namespace
}  // namespace netwright::bridge
