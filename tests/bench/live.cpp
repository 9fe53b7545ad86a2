// SPDX-License-Identifier: Apache-2.0
// nw_bench_live: trains a project in a window that is seen, for tests/bench/live (P8). PAGE is train (curves and cards)
// or design (statistics of the nodes). Ends with the run. Usage: nw_bench_live PROJECT train|design
#include <QAction>
#include <QApplication>
#include <cstdio>

#include "widgets/main_window.h"
#include "widgets/theme/theme.h"

using namespace netwright;

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  if (argc != 3) return std::puts("usage: nw_bench_live PROJECT train|design"), 2;
  theme::Theme::apply(app, theme::Mode::Light);
  MainWindow window;
  window.resize(1280, 800);
  window.show();
  const bool design = QByteArray(argv[2]) == "design";
  QObject::connect(&window.run(), &bridge::RunModel::ended, &app, &QCoreApplication::quit);
  QObject::connect(&window.run(), &bridge::RunModel::runStarted, &window, [&] {
    if (!design) return;
    window.showPage(MainWindow::Design);
    for (const auto& e : window.registry().entries())
      if (e.action->objectName() == "design.node-statistics") e.action->setChecked(true);
  });
  window.openProject(argv[1], [&] { window.startTraining(); });
  app.exec();
  if (window.run().state() == bridge::RunModel::State::Finished) return 0;
  std::fprintf(stderr, "the run did not finish: %s\n", qPrintable(window.run().problem().title));
  return 1;
}
