// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/wheel_guard.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QScrollBar>

namespace netwright::forms {

bool WheelGuard::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::Wheel) return false;
  const auto* number = qobject_cast<QAbstractSpinBox*>(watched);
  const auto* slider = qobject_cast<QScrollBar*>(watched) ? nullptr : qobject_cast<QAbstractSlider*>(watched);
  const bool held = (number && number->hasFocus()) || (slider && slider->hasFocus());
  if (!qobject_cast<QComboBox*>(watched) && (held || (!number && !slider))) return false;
  event->ignore();  // goes on to the parent
  return true;
}

}  // namespace netwright::forms
