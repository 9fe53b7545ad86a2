// SPDX-License-Identifier: GPL-3.0-or-later
// What the network says about some validation samples: pictures or names, the truth and the prediction.
#pragma once

#include <QImage>
#include <QVector>
#include <QWidget>
#include <optional>
#include <utility>

#include "core/run/message.h"

namespace netwright::panels {

// An input as a picture: (H, W) or (C, H, W) with one or three channels, from its least value to its largest unless
// `range` says what is dark and what is light. A null
// image for anything else. `row`: of a tensor whose first dimension counts samples.
QImage inputPicture(const HostTensor& inputs, int64_t row, std::optional<std::pair<double, double>> range = {});

class SampleGrid : public QWidget {
  Q_OBJECT

 public:
  SampleGrid();
  void display(const run::ValidationSeen& seen);
  void clear();
  int sampleCount() const { return static_cast<int>(samples_.size()); }
  QString sentence(int index) const;  // "line 17: 4, taken for 9 (81 %)."
  bool isWrong(int index) const;
  bool hasPictures() const;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Place {
    QRectF box;
    int sample;
  };
  QString text(double value) const;
  double layOut(std::vector<Place>* places, std::vector<std::pair<QRectF, QString>>* headings) const;  // the height
  void paintSample(QPainter& painter, const Place& place) const;

  std::vector<run::ValidationSeen::Sample> samples_;
  std::vector<std::string> classes_;
  QVector<QImage> pictures_;
};

}  // namespace netwright::panels
