// SPDX-License-Identifier: GPL-3.0-or-later
// A developer's tool: walks through the window by clicking its real widgets and saves a picture of each page, light and
// dark. Used by tools/screenshots.
#pragma once

#include <QMainWindow>
#include <QObject>
#include <functional>
#include <vector>

namespace netwright::panels {

// Steps that each wait for a condition, then act. Quits the program after the last one, with status 1 if a step never
// came.
class ScreenshotTour : public QObject {
  Q_OBJECT

 public:
  ScreenshotTour(QMainWindow& window, const QString& folder);
  void run();

 private:
  struct Step {
    QString name;
    std::function<bool()> ready;
    std::function<void()> act;
  };
  void plan();
  void next();
  void click(const QString& objectName);
  void scrollTo(const QString& objectName);
  void trigger(const QString& action);
  void shoot(const QString& name);  // the window, or the dialog over it, in both looks
  QMainWindow& window_;
  QString folder_;
  std::vector<Step> steps_;
  size_t at_ = 0;
  int waited_ = 0;
};

void startScreenshotTour(QMainWindow& window, const QString& folder);

}  // namespace netwright::panels
