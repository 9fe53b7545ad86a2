// SPDX-License-Identifier: GPL-3.0-or-later
// A design page with an open project, driven with real mouse and key events. Used by the editor's tests.
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QLineEdit>
#include <QTest>

#include "tests/widgets/bridge/sample_project.h"
#include "widgets/editor/design_page.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/quick_add.h"
#include "widgets/editor/wire_item.h"

namespace netwright::editor {

class EditorTest : public ::testing::Test {
 protected:
  bridge::SampleProject sample;
  bridge::ProjectModel& model = sample.model;
  DesignPage page{&model};
  GraphScene& scene = *page.scene();
  GraphView& view = *page.view();

  void SetUp() override {
    page.resize(1280, 800);
    page.show();
    view.setFocus();
    QApplication::processEvents();
  }
  const graph::Document& document() const { return model.document(); }
  NodeId id(const char* name) const {
    const graph::Node* node = document().findByName(name);
    return node ? node->id : NodeId{};
  }
  const graph::Node& node(const char* name) const { return *document().findByName(name); }

  QPoint at(QPointF scenePoint) const { return view.mapFromScene(scenePoint); }
  QPoint body(const char* name) const { return at(scene.item(id(name))->sceneBody().center() + QPointF(0, -25)); }
  QPoint input(const char* name, const char* port = "x") const {
    return at(scene.item(id(name))->portPosition(true, port));
  }
  QPoint output(const char* name) const { return at(scene.item(id(name))->portPosition(false, "y")); }
  QPoint onWireInto(const char* name) const {
    const WireItem* wire = scene.wireItem(*document().wireInto({id(name), "x"}));
    return at(wire->path().pointAtPercent(0.5));
  }

  void press(QPoint p) { QTest::mousePress(view.viewport(), Qt::LeftButton, {}, p); }
  void move(QPoint p) {  // QTest::mouseMove sends no buttons with offscreen windows
    QMouseEvent event(QEvent::MouseMove, p, view.viewport()->mapToGlobal(p), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(view.viewport(), &event);
  }
  void release(QPoint p) { QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, p); }
  void drag(QPoint from, QPoint to) {
    press(from);
    move((from + to) / 2);
    move(to);
    release(to);
  }
  void click(QPoint p, Qt::KeyboardModifiers modifiers = {}) {
    QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, p);
  }
  void key(Qt::Key k, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&view, k, modifiers); }
  void addByName(const char* words) {  // the open quick add
    ASSERT_NE(view.quickAdd(), nullptr);
    QTest::keyClicks(view.quickAdd()->field(), words);
    QTest::keyClick(view.quickAdd()->field(), Qt::Key_Return);
    QApplication::processEvents();
  }
  void clearGraph() { bridge::SampleProject::clear(model); }
  bool wired(const char* from, const char* to, const char* port = "x") const {
    const graph::Wire* wire = document().wireInto({id(to), port});
    return wire && wire->from.node == id(from);
  }
};

}  // namespace netwright::editor
