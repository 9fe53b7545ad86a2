// SPDX-License-Identifier: Apache-2.0
// The peer of P9: a Qt window with nothing in it.
#include <QApplication>
#include <QMainWindow>

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  QMainWindow window;
  window.setWindowTitle("plain");
  window.resize(1280, 800);
  window.show();
  return app.exec();
}
