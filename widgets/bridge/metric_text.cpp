// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/metric_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <cmath>

#include "core/base/text.h"
#include "core/run/metric_choice.h"

namespace netwright::bridge {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("bridge::MetricText", text); }

}  // namespace

QString metricName(const QString& key) {
  if (const run::MetricChoice choice = run::metricChoice(key.toStdString()); choice.spec() && !choice.wire.empty()) {
    const QString name = metricName(QString::fromStdString(choice.id)), wire = QString::fromStdString(choice.wire);
    return choice.column.empty() ? tr("%1 of %2").arg(name, wire)
                                 : tr("%1 of %2 (%3)").arg(name, wire, QString::fromStdString(choice.column));
  }
  if (key == "mae" || key == "rmse" || key == "f1") return key.toUpper();
  if (key == "r2") return QStringLiteral("R²");
  if (key == "top5") return tr("top-5 accuracy");
  return QString(key).replace('_', ' ');
}

QString metricTitle(const QString& key, const QString& context) {
  const QString name = metricName(key);
  if (context == "train") return tr("Training %1").arg(name);
  if (context == "val") return tr("Validation %1").arg(name);
  return context.isEmpty() ? name : QString("%1 %2").arg(context, name);
}

bool isShare(const QString& key) {
  QStringList parts = key.split('/');  // a context, the metric, the wire and the column that it is of
  if (parts.front() == "train" || parts.front() == "val") parts.removeFirst();
  const QString metric = parts.value(0);
  return metric.contains("accuracy") || metric.contains("precision") || metric == "recall" || metric == "top5";
}

QString metricText(const QString& key, double value) {
  if (std::isnan(value)) return QStringLiteral("–");
  if (std::isinf(value)) return QStringLiteral("∞");
  if (isShare(key)) return QString("%1 %").arg(100 * value, 0, 'f', 2);
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e5)) return QString::number(value, 'e', 2);
  return QString::number(value, 'f', size < 1 ? 4 : size < 100 ? 3 : 1);
}

QString durationText(double seconds) { return QString::fromStdString(netwright::durationText(seconds)); }

QString whenText(int64_t ms, int64_t nowMs) {
  const int64_t passed = (nowMs - ms) / 1000;
  if (passed >= 0 && passed < 60) return tr("just now");
  if (passed >= 0 && passed < 3600) return tr("%1 min ago").arg(passed / 60);
  const QDateTime then = QDateTime::fromMSecsSinceEpoch(ms), now = QDateTime::fromMSecsSinceEpoch(nowMs);
  const QLocale locale;
  const QString clock = locale.toString(then.time(), QLocale::ShortFormat);
  if (then.date() == now.date()) return tr("today %1").arg(clock);
  if (then.date().addDays(1) == now.date()) return tr("yesterday %1").arg(clock);
  return locale.toString(then.date(), QLocale::ShortFormat);
}

}  // namespace netwright::bridge
