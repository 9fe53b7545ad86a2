// SPDX-License-Identifier: GPL-3.0-or-later
// Work that would hold up the window: done by a pool thread, its result handed back on the GUI thread.
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <memory>
#include <optional>
#include <utility>

#include "widgets/bridge/message.h"

namespace netwright::bridge {

// Calls work() on a pool thread; then, on the GUI thread and only if `receiver` still lives, done(result) or, if work()
// threw an Error, failed(message). work() must own what it reads.
template <class Work, class Done, class Failed>
void inBackground(QObject* receiver, Work work, Done done, Failed failed) {
  QPointer<QObject> alive(receiver);
  QThreadPool::globalInstance()->start(
      [alive, work = std::move(work), done = std::move(done), failed = std::move(failed)]() mutable {
        using Result = decltype(work());
        auto result = std::make_shared<std::optional<Result>>();
        Message problem;
        try {
          result->emplace(work());
        } catch (const Error& e) {
          problem = messageOf(e);
        } catch (const std::exception& e) {
          problem = {QCoreApplication::translate("bridge", "Something failed that should not have."),
                     QString::fromLocal8Bit(e.what()), QCoreApplication::translate("bridge", "Please report it.")};
        }
        if (!qApp) return;
        QMetaObject::invokeMethod(
            qApp,
            [alive, result, problem, done = std::move(done), failed = std::move(failed)]() mutable {
              if (!alive) return;
              if (result->has_value()) {
                done(std::move(**result));
              } else {
                failed(problem);
              }
            },
            Qt::QueuedConnection);
      });
}

}  // namespace netwright::bridge
