// SPDX-License-Identifier: GPL-3.0-or-later
// An open project, made from a template in a folder that goes away with it. Used by the window's tests.
#pragma once

#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "tests/widgets/bridge/waiting.h"
#include "widgets/bridge/project_model.h"

namespace netwright::bridge {

struct SampleProject {
  QTemporaryDir folder;
  ProjectModel model;
  explicit SampleProject(const char* templateId = "digits-cnn") {
    model.create(folder.filePath("project").toStdString(), templateId);
    readData(model);
  }
  static void readData(ProjectModel& model) {
    EXPECT_TRUE(eventually([&] { return !model.isReadingData(); }));
  }
  // The same with an empty graph.
  static void clear(ProjectModel& model) {
    std::vector<NodeId> all;
    for (const graph::Node& node : model.document().nodes) all.push_back(node.id);
    model.apply(graph::removeNodes(model.document(), all, false));
    model.undoStack()->clear();
  }
};

}  // namespace netwright::bridge
