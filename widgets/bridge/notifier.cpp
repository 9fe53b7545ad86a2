// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/notifier.h"

#include <QApplication>
#include <QWidget>

#include "widgets/bridge/metric_text.h"

#ifdef NETWRIGHT_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#endif

namespace netwright::bridge {
namespace {

// Never waits for an answer; without a session bus nothing is tried, because looking for one may start a program.
void desktopNotification([[maybe_unused]] const QString& title, [[maybe_unused]] const QString& text) {
#ifdef NETWRIGHT_DBUS
  if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
  QDBusMessage call = QDBusMessage::createMethodCall("org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                                                     "org.freedesktop.Notifications", "Notify");
  call.setArguments(
      {QStringLiteral("Netwright"), 0u, QStringLiteral("netwright"), title, text, QStringList(), QVariantMap(), -1});
  QDBusConnection::sessionBus().call(call, QDBus::NoBlock);
#endif
}

}  // namespace

Notifier::Notifier(RunModel* run, QWidget* window) : run_(run), window_(window) {
  connect(run_, &RunModel::ended, this, &Notifier::tellEnd);
  connect(run_, &RunModel::troubled, this, &Notifier::tellTrouble);
}

void Notifier::tellEnd() {
  const QString name = run_->started() ? QString::fromStdString(run_->started()->name) : tr("The run");
  if (run_->state() == RunModel::State::Failed) return notify(tr("%1 has failed").arg(name), run_->problem().title);
  if (run_->state() != RunModel::State::Finished) return;
  QStringList values;
  for (const auto& [metric, value] : run_->lastValues())
    if (metric.startsWith("val/"))
      values << QString("%1 %2").arg(metricTitle(metric.mid(4), "val"), metricText(metric.mid(4), value));
  notify(tr("%1 is finished").arg(name), values.join(QStringLiteral(" · ")));
}

void Notifier::tellTrouble() { notify(tr("A run has paused by itself"), run_->problem().title); }

void Notifier::notify(const QString& title, const QString& text) {
  if (window_->isActiveWindow()) return;
  QApplication::alert(window_);
  desktopNotification(title, text);
  Q_EMIT notified(title, text);
}

}  // namespace netwright::bridge
