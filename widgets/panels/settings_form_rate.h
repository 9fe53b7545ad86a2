// SPDX-License-Identifier: GPL-3.0-or-later
// A small picture of the learning rate over the run to come. A part of the settings form.
#pragma once

#include <QWidget>
#include <vector>

#include "core/run/config.h"

namespace netwright::panels {

class RatePreview : public QWidget {
  Q_OBJECT

 public:
  RatePreview();
  void display(const run::Objective& objective, int64_t epochs);
  const std::vector<double>& rates() const { return rates_; }
  QSize sizeHint() const override { return {200, 46}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<double> rates_;
};

}  // namespace netwright::panels
