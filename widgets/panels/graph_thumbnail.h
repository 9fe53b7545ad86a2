// SPDX-License-Identifier: GPL-3.0-or-later
// A network as a small picture: nodes in the colours of their categories, wires as curves. For cards and lists.
#pragma once

#include <QWidget>

#include "widgets/bridge/graph_picture.h"

namespace netwright::panels {

// As large as it fits, in the middle, never larger than in the editor.
void paintGraph(QPainter& painter, const QRectF& area, const bridge::GraphPicture& picture);

class GraphThumbnail : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  void setPicture(const bridge::GraphPicture& picture);
  QSize sizeHint() const override { return {220, 110}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bridge::GraphPicture picture_;
};

}  // namespace netwright::panels
