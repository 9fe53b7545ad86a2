// SPDX-License-Identifier: Apache-2.0
// A person at the window, for the journeys: every click and key goes through the X server by xdotool, and is counted.
// Needs a display (tests/journeys/run gives one).
#pragma once

#include <QAbstractScrollArea>
#include <QProcess>
#include <QRegion>
#include <QWidget>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "tests/widgets/bridge/waiting.h"

namespace netwright {

class Hand {
 public:
  explicit Hand(QWidget& window) : window_(window) {}
  int actions() const { return actions_; }
  void forget() { actions_ = 0; }

  // What has to come by itself; ends the program with what was missing.
  static void await(const char* what, const std::function<bool()>& condition) {
    if (eventually(condition)) return;
    std::fprintf(stderr, "journeys: this did not come: %s\n", what);
    std::exit(1);
  }
  QWidget* seen(const QString& name) const {
    QWidget* found = nullptr;
    await(qPrintable(name), [&] {
      for (QWidget* widget : window_.findChildren<QWidget*>(name))
        if (widget->isVisible() && widget->isEnabled() && !widget->visibleRegion().isEmpty()) found = widget;
      return found != nullptr;
    });
    return found;
  }
  void click(const QString& name, const char* modifier = nullptr) {
    QWidget* widget = seen(name);
    QPoint before;
    do {  // until the page around it has come to rest
      before = widget->mapToGlobal(QPoint());
      for (int i = 0; i < 10; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    } while (widget->mapToGlobal(QPoint()) != before);
    click(*widget, modifier);
  }
  // Where it can be seen: nothing is clicked that a person would have to scroll to.
  void click(QWidget& widget, const char* modifier = nullptr) {
    const QRect room = widget.visibleRegion().boundingRect();
    if (room.isEmpty())
      std::fprintf(stderr, "journeys: %s is out of sight\n", qPrintable(widget.objectName())), exit(1);
    clickAt(widget.mapToGlobal(room.center()), modifier);
  }
  void clickAt(QPoint at, const char* modifier = nullptr) {
    QStringList words{"mousemove", QString::number(at.x()), QString::number(at.y())};
    if (modifier) words << "keydown" << modifier;
    words << "click" << "1";
    if (modifier) words << "keyup" << modifier;
    act(words);
  }
  void key(const QString& key) { act({"key", key}); }
  void type(const QString& text) { act({"type", text}); }  // one action, however long
  // Without a file browser there is nothing to drag from: the drop itself is sent, and counts as one.
  void drop(const QString& file);

 private:
  void act(const QStringList& words) {
    ++actions_;
    if (QProcess::execute("xdotool", words) != 0) std::fprintf(stderr, "journeys: xdotool failed\n"), std::exit(1);
    for (int i = 0; i < 5; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
  }
  QWidget& window_;
  int actions_ = 0;
};

}  // namespace netwright
