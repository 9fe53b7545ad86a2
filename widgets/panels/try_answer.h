// SPDX-License-Identifier: GPL-3.0-or-later
// What a network answers: a bar for the probability of each class, or its numbers.
#pragma once

#include <QWidget>
#include <optional>

#include "widgets/bridge/try_network.h"

namespace netwright::panels {

class TryAnswerView : public QWidget {
  Q_OBJECT

 public:
  TryAnswerView();
  void display(const std::optional<bridge::TryAnswer>& answer);
  void setTruth(const QString& truth);  // of a sample; empty: not known
  QString headline() const;             // "7" or "3.52"
  QString rowText(int index) const;     // "7: 98.2 %"
  int rowCount() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Row {
    int index;
    double value;
  };
  std::vector<Row> rows() const;  // in the order of the classes; of many the likeliest
  void paintRow(QPainter& painter, const QRectF& box, const Row& row) const;
  double nameColumn() const;
  void describe();
  std::optional<bridge::TryAnswer> answer_;
  QString truth_;
};

}  // namespace netwright::panels
