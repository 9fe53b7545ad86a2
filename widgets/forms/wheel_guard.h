// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the wheel from changing values while a form is scrolled. Installed once, by the window, for the whole program.
#pragma once

#include <QObject>

namespace netwright::forms {

// The wheel never turns the choices of a closed list, and the numbers of a field only while it has the focus; it
// scrolls what is around them instead.
class WheelGuard : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace netwright::forms
