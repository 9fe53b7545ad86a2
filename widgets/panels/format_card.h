// SPDX-License-Identifier: GPL-3.0-or-later
// One export format in the dialog: its name, what reads it, and a mark when it is chosen.
#pragma once

#include <QAbstractButton>

#include "core/convert/exporter.h"

namespace netwright::panels {

class FormatCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit FormatCard(const convert::Exporter& format);
  const convert::Exporter& format() const { return format_; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const convert::Exporter& format_;
  QString doc_, extension_;
};

}  // namespace netwright::panels
