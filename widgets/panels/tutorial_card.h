// SPDX-License-Identifier: GPL-3.0-or-later
// A tutorial on the Home page: its name, a sentence, and how far one has come.
#pragma once

#include <QAbstractButton>

#include "widgets/bridge/tutorial.h"

namespace netwright::panels {

class TutorialCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit TutorialCard(const bridge::Tutorial& tutorial);
  const QString& tutorialId() const { return id_; }
  void refresh();  // whether it was finished or begun
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString id_, summary_, foot_;
  int steps_;
  bool done_ = false;
};

}  // namespace netwright::panels
