// SPDX-License-Identifier: Apache-2.0
// nw_bench_editor: how the canvas behaves with many nodes (P11): opening, panning, zooming, dragging, an edit. One
// table, CPU milliseconds, median and 95th percentile; and how long opening them holds up the window. Usage:
// nw_bench_editor [NODES ...] (1000 and 10000). Offscreen.
#include <fmt/format.h>

#include <QApplication>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTemporaryDir>
#include <algorithm>
#include <functional>
#include <vector>

#include "core/layers/registry.h"
#include "core/project/project.h"
#include "tests/bench/cpu_time.h"
#include "tests/support/longest_turn.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/design_page.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/node_item.h"
#include "widgets/main_window.h"
#include "widgets/panels/try_page.h"
#include "widgets/theme/theme.h"

using namespace netwright;
using bench::measure;

namespace {

// Residual blocks of Linear, ReLU and Add, in rows of 40.
project::Project network(int nodes) {
  project::Project project = project::findTemplate("digits-mlp").project();
  graph::Document d;
  const auto add = [&](const char* kind) {
    const auto at = static_cast<int>(d.nodes.size());
    const layers::LayerSpec& layer = *layers::findLayer(kind);
    graph::Node node;
    node.id = {at + 1};
    node.kind = kind;
    node.version = layer.version;
    node.name = fmt::format("{}{}", layer.stem.empty() ? layer.id : layer.stem, at + 1);
    node.params = layer.defaults();
    node.position = {(at % 40) * 270.0, (at / 40) * 150.0};
    d.nodes.push_back(node);
    return node.id;
  };
  const auto wire = [&](NodeId from, NodeId to, const char* port) { d.wires.push_back({{from, "y"}, {to, port}}); };
  NodeId at = add("input");
  d.nodes.front().params["shape"] = std::vector<int64_t>{128};
  while (static_cast<int>(d.nodes.size()) + 4 <= nodes) {
    const NodeId linear = add("linear"), relu = add("relu"), sum = add("add");
    wire(at, linear, "x");
    wire(linear, relu, "x");
    wire(relu, sum, layers::findLayer("add")->inputs[0].name.c_str());
    wire(at, sum, layers::findLayer("add")->inputs[1].name.c_str());
    at = sum;
  }
  wire(at, add("output"), "x");
  std::sort(d.wires.begin(), d.wires.end(),
            [](auto& a, auto& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
  project.graph = d;
  return project;
}

void mouse(editor::GraphView& view, QEvent::Type type, QPoint at) {
  const bool move = type == QEvent::MouseMove, release = type == QEvent::MouseButtonRelease;
  QMouseEvent event(type, at, view.viewport()->mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton,
                    release ? Qt::NoButton : Qt::LeftButton, {});
  QApplication::sendEvent(view.viewport(), &event);
}

void canvas(int nodes) {
  QTemporaryDir home;
  const std::filesystem::path folder = (home.path() + "/p").toStdString();
  project::save(network(nodes), folder);
  bridge::ProjectModel model;
  editor::DesignPage page(&model);
  page.resize(1920, 1080);
  page.show();
  QApplication::processEvents();
  editor::GraphView& view = *page.view();
  editor::GraphScene& scene = *page.scene();
  const auto paint = [&] { view.viewport()->repaint(); };
  fmt::print("{} nodes\n  {:34} {:>9} {:>9}\n", nodes, "", "median", "p95");
  measure("open, first picture", 1, [&](int) {
    model.open(folder);
    QApplication::processEvents();
    paint();
  });
  view.fit();
  fmt::print("  (fits at {:.0f} %)\n", view.zoom() * 100);
  measure("paint, all in view", 20, [&](int) { paint(); });
  measure("pan, all in view", 60, [&](int i) {
    view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() + (i % 20 < 10 ? 7 : -7));
    paint();
  });
  measure("zoom from all to 100 %", 60, [&](int i) {
    view.setZoom(view.zoom() * (i < 30 ? 1.08 : 1 / 1.08), {600, 400});
    paint();
  });
  const NodeId middle{nodes / 2};
  view.resetZoom();
  view.centreOn(middle);
  measure("pan at 100 %", 100, [&](int i) {
    view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() + (i % 20 < 10 ? 17 : -17));
    paint();
  });
  view.centreOn(middle);
  const QPoint grip = view.mapFromScene(scene.item(middle)->sceneBody().topLeft() + QPointF(90, 10));
  mouse(view, QEvent::MouseButtonPress, grip);
  measure("drag a node at 100 %", 60, [&](int i) {
    mouse(view, QEvent::MouseMove, grip + QPoint(10 * (i % 12) + 8, 10 * (i % 9) + 8));
    paint();
  });
  measure("let it go", 1, [&](int) { mouse(view, QEvent::MouseButtonRelease, grip + QPoint(60, 30)); });
  measure("hover at 100 %", 60, [&](int i) {
    QMouseEvent event(QEvent::MouseMove, grip + QPoint(i * 5, i), view.viewport()->mapToGlobal(grip), Qt::NoButton,
                      Qt::NoButton, {});
    QApplication::sendEvent(view.viewport(), &event);
  });
  scene.select({middle});
  measure("undo or redo of a parameter", 10, [&](int i) {
    const NodeId linear{2};
    model.apply(graph::setParam(model.document(), linear, "bias", i % 2 != 0));
    paint();
  });
  measure("select all", 5, [&](int) {
    scene.selectAll();
    scene.clearSelection();
  });
  view.fit();
  scene.selectAll();
  const QPoint first = view.mapFromScene(scene.item({1})->sceneBody().center());
  mouse(view, QEvent::MouseButtonPress, first);
  measure("drag all of them", 20, [&](int i) {
    mouse(view, QEvent::MouseMove, first + QPoint(5 * (i % 12) + 8, 8));
    paint();
  });
  mouse(view, QEvent::MouseButtonRelease, first);
  measure("arrange all", 1, [&](int) { scene.arrange({1400, 900}); });
}

// A window that was just started and opens the project before its pages are made.
void opening(int nodes) {
  QTemporaryDir home;
  const std::filesystem::path folder = (home.path() + "/p").toStdString();
  project::save(network(nodes), folder);
  MainWindow window;
  window.resize(1920, 1080);
  window.show();
  QApplication::processEvents();
  LongestTurn turn;
  window.openProject(QString::fromStdString(folder.string()));
  while (!window.findChild<panels::TryPage*>()) QApplication::processEvents();  // the last page to be made
  turn.look();
  fmt::print("  opened in a new window, longest turn of its events: {} ms, {:.0f} ms of processor time (goal 100)\n",
             turn.ms(), turn.cpuMs());
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  QApplication app(argc, argv);
  theme::Theme::apply(app, theme::Mode::Dark);
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::max(8, QByteArray(argv[i]).toInt()));
  if (sizes.empty()) sizes = {1000, 10000};
  for (const int nodes : sizes) {
    canvas(nodes);
    opening(nodes);
  }
}
