// SPDX-License-Identifier: GPL-3.0-or-later
// The window program: netwright [PROJECT FOLDER].
#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>
#include <cstdio>

#include "widgets/main_window.h"
#include "widgets/panels/screenshot_tour.h"
#include "widgets/theme/theme.h"

namespace {

constexpr const char* kDescription = "Netwright: draw a network, watch it learn, take it anywhere.";

// Before any display is needed: --help and --version work everywhere.
void readArguments(QCommandLineParser& parser, const QStringList& arguments) {
  parser.setApplicationDescription(kDescription);
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument("project", "Folder of the project to open.", "[project]");
  parser.addOption({"screenshots",
                    "For developers: make a project in a temporary place, train it, save a picture of each page "
                    "in FOLDER and quit. See tools/screenshots.",
                    "FOLDER"});
  parser.addOption({"actions", "For developers: print docs/actions.md, made from the window's actions, and quit."});
  parser.addOption({"size", "With --screenshots: the window's size.", "WIDTHxHEIGHT"});
  parser.process(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication::setApplicationName("netwright");
  QCoreApplication::setApplicationVersion(QString("%1 (Qt %2)").arg(NETWRIGHT_VERSION, qVersion()));
  for (int i = 1; i < argc; ++i) {
    const QString argument = QString::fromLocal8Bit(argv[i]);
    if (argument != "--help" && argument != "-h" && argument != "--version" && argument != "-v") continue;
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    readArguments(parser, app.arguments());
  }
  QApplication app(argc, argv);
  QCommandLineParser parser;
  readArguments(parser, app.arguments());
  netwright::theme::Theme::apply(app, netwright::theme::Theme::rememberedMode());
  netwright::MainWindow window;
  if (const QStringList size = parser.value("size").split('x'); size.size() == 2)
    window.resize(size[0].toInt(), size[1].toInt());
  if (parser.isSet("actions")) {
    std::fputs(qPrintable(window.registry().markdown()), stdout);
    return 0;
  }
  window.show();
  const QStringList projects = parser.positionalArguments();
  if (!projects.isEmpty()) QTimer::singleShot(0, &window, [&] { window.openProject(projects.front()); });
  if (parser.isSet("screenshots")) netwright::panels::startScreenshotTour(window, parser.value("screenshots"));
  return app.exec();
}
