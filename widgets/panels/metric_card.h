// SPDX-License-Identifier: GPL-3.0-or-later
// One number of the last epoch, large, with how it changed since the epoch before.
#pragma once

#include <QFrame>
#include <optional>

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace netwright::panels {

class MetricCard : public QFrame {
  Q_OBJECT

 public:
  MetricCard(const QString& key, const QString& context, bool higherIsBetter);
  QString name() const { return context_ + '/' + key_; }  // as in EpochFinished: "val/loss"
  void setValue(std::optional<double> value, std::optional<double> before);

 private:
  QString key_, context_;
  bool higherIsBetter_;
  QLabel *value_, *change_;
};

}  // namespace netwright::panels
