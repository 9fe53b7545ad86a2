// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence at the foot of the canvas: why something is refused, or what letting go would do. A child of GraphView.
#pragma once

#include <QTimer>
#include <QWidget>

namespace netwright::editor {

// Goes when there is nothing more to say, or by itself after some seconds.
class HintLabel : public QWidget {
  Q_OBJECT

 public:
  explicit HintLabel(QWidget* parent);
  void say(const QString& text);
  const QString& text() const { return text_; }
  void place();  // in the middle of the parent's foot

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString text_;
  QTimer timer_;
};

}  // namespace netwright::editor
