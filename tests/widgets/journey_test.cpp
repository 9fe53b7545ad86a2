// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way in one test: a network drawn with mouse and keyboard, trained by the real engine, watched and exported.
#include <gtest/gtest.h>

#include <QApplication>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include "tests/widgets/bridge/waiting.h"
#include "widgets/charts/line_chart.h"
#include "widgets/editor/design_page.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/quick_add.h"
#include "widgets/editor/wire_item.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/main_window.h"
#include "widgets/panels/export_dialog.h"
#include "widgets/panels/live_charts.h"
#include "widgets/panels/train_page.h"
#include "widgets/theme/theme.h"

namespace netwright {
namespace {

class JourneyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    theme::Theme::apply(*qApp, theme::Mode::Dark);
    project::createProject(temporary.filePath("drawn").toStdString(), "digits-linear");
    window.resize(1280, 800);
    window.show();
    window.openProject(temporary.filePath("drawn"));
    ASSERT_TRUE(eventually([&] { return window.project().isOpen(); }));
    window.showPage(MainWindow::Design);
    QApplication::processEvents();
    page = window.findChild<editor::DesignPage*>();
  }

  const graph::Document& document() { return window.project().document(); }
  NodeId id(const char* name) {
    const graph::Node* node = document().findByName(name);
    return node ? node->id : NodeId{};
  }
  QPoint port(const char* name, bool input) {
    return page->view()->mapFromScene(page->scene()->item(id(name))->portPosition(input, input ? "x" : "y"));
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    page->view()->setFocus();
    QTest::keyClick(page->view(), key, modifiers);
  }
  void addByKeyboard(const char* words) {
    key(Qt::Key_Space);
    ASSERT_NE(page->view()->quickAdd(), nullptr) << words;
    QTest::keyClicks(page->view()->quickAdd()->field(), words);
    QTest::keyClick(page->view()->quickAdd()->field(), Qt::Key_Return);
    QApplication::processEvents();
  }
  void type(const char* param, const char* value) {  // into the form of the selected layer
    for (const auto* row : page->form()->findChildren<forms::SpecEditor*>()) {
      if (row->spec().name != param || !row->isVisible()) continue;
      auto* field = qobject_cast<QLineEdit*>(row->field());
      if (!field) field = row->field()->findChild<QLineEdit*>();
      ASSERT_NE(field, nullptr);
      field->setFocus();
      field->selectAll();
      QTest::keyClicks(field, value);
      QTest::keyClick(field, Qt::Key_Return);
      return;
    }
    FAIL() << "the form has no field " << param;
  }
  void dragWire(const char* from, const char* to) {
    QWidget* canvas = page->view()->viewport();
    const QPoint start = port(from, false), end = port(to, true);
    QTest::mousePress(canvas, Qt::LeftButton, {}, start);
    for (const QPoint at : {(start + end) / 2, end}) {
      QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
      QApplication::sendEvent(canvas, &move);
    }
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, end);
  }
  bool appears(const char* name) {
    return eventually([&] {
      const auto* found = window.findChild<QWidget*>(name);
      return found && found->isVisible() && found->isEnabled();
    });
  }
  void click(const char* name) {
    ASSERT_TRUE(appears(name)) << name << ": " << window.run().problem().title.toStdString();
    QTest::mouseClick(window.findChild<QWidget*>(name), Qt::LeftButton);
  }

  QTemporaryDir temporary;
  MainWindow window;
  editor::DesignPage* page = nullptr;
};

TEST_F(JourneyTest, DrawsATwoLayerNetwork_TrainsIt_SeesPointsInTheChart_AndExportsIt) {
  ASSERT_NE(page, nullptr);
  key(Qt::Key_A, Qt::ControlModifier);
  key(Qt::Key_Delete);
  ASSERT_TRUE(document().nodes.empty());
  for (const char* words : {"input", "flatten", "nn.Linear", "relu", "nn.Linear"}) addByKeyboard(words);
  type("out_features", "10");
  addByKeyboard("output");
  page->view()->fit();
  const graph::Wire* wire = document().wireInto({id("fc2"), "x"});
  ASSERT_NE(wire, nullptr);
  const QPointF middle = page->scene()->wireItem(*wire)->path().pointAtPercent(0.5);
  QTest::mouseClick(page->view()->viewport(), Qt::LeftButton, {}, page->view()->mapFromScene(middle));
  key(Qt::Key_Delete);
  ASSERT_EQ(document().wireInto({id("fc2"), "x"}), nullptr);
  EXPECT_FALSE(window.project().prepared().ok()) << "the second layer hangs in the air";
  dragWire("relu1", "fc2");
  ASSERT_NE(document().wireInto({id("fc2"), "x"}), nullptr);
  ASSERT_TRUE(window.project().prepared().ok()) << window.project().prepared().diagnostics.front().text();

  run::RunConfig config = window.project().project().run;
  config.epochs = 1;
  config.threads = 1;
  window.project().setRunConfig(config, "One epoch");
  click("train");
  ASSERT_TRUE(appears("export-run")) << window.run().problem().title.toStdString();
  charts::LineChart& loss = window.trainPage().charts().loss();
  loss.flush();
  EXPECT_GT(loss.points(0).size(), 10u);
  EXPECT_GT(window.run().lastValues().at("val/accuracy"), 0.9);

  click("export-run");
  auto* dialog = window.findChild<panels::ExportDialog*>();
  ASSERT_NE(dialog, nullptr);
  click("start-export");
  ASSERT_TRUE(eventually([&] { return dialog->outcome().has_value(); }));
  EXPECT_TRUE(dialog->outcome()->comparison.equal) << dialog->outcome()->comparison.text();
  EXPECT_TRUE(std::filesystem::exists(window.project().folder() / "drawn.onnx"));
}

}  // namespace
}  // namespace netwright
