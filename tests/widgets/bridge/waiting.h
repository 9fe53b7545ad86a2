// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for what comes later, without sleeping: returns as soon as the condition holds. Used by tests that train.
#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <functional>

namespace netwright {

inline bool eventually(const std::function<bool()>& condition, int patienceMs = 120000) {
  const QDeadlineTimer deadline(patienceMs);
  while (!condition()) {
    if (deadline.hasExpired()) return false;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
  }
  return true;
}

inline void useBuiltPrograms() {
  qputenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources");
  qputenv("NETWRIGHT_ENGINE", NETWRIGHT_BIN_DIR "/netwright-engine");
}

}  // namespace netwright
