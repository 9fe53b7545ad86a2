// SPDX-License-Identifier: GPL-3.0-or-later
// A sheet to draw a picture for a network on, with the mouse: brush, undo, clear. Also shows pictures of samples and
// files.
#pragma once

#include <QImage>
#include <QVector>
#include <QWidget>
#include <optional>

#include "widgets/bridge/try_network.h"

namespace netwright::panels {

// What is drawn is brought to the network's size as the data set's own pictures are: as large as they are, its centre
// of mass in the middle. A picture that was put in is taken as it is, until it is drawn on.
class TryCanvas : public QWidget {
  Q_OBJECT

 public:
  TryCanvas();
  void setPicture(const bridge::TryPicture& picture);  // what the network takes; clears the sheet
  void setBrush(int percent);                          // of the sheet's width
  int brush() const { return brush_; }
  void setCentred(bool centred);
  bool isCentred() const { return centred_; }
  // The values of one sample, the batch dimension first; taken as they are.
  void showValues(const HostTensor& values);
  void showImage(const QImage& image);  // a photo or scan: grey, light on dark as the data, centred where that is on;
                                        // in colour where the network takes colours, its middle in their size
  void clear();
  void undo();
  void redo();
  bool isBlank() const;
  bool canUndo() const { return !undo_.isEmpty(); }
  bool canRedo() const { return !redo_.isEmpty(); }
  bool canDraw() const { return picture_ && picture_->channels == 1; }
  // For the network: of the column's type and shape. Background where nothing is drawn.
  HostTensor values(DType type, const std::vector<int64_t>& shape) const;
  QImage seen() const;  // the same as a picture

  QSize sizeHint() const override { return {320, 320}; }
  QSize minimumSizeHint() const override { return {200, 200}; }

 Q_SIGNALS:
  void changed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Sheet {
    QImage ink;                        // of the sheet's size: how much is drawn, 0 to 255
    std::optional<HostTensor> values;  // a sample as it is
  };
  QImage shown(const HostTensor& values) const;
  QRectF sheet() const;
  QPointF onSheet(const QPointF& at) const;
  void keep();
  void put(Sheet sheet);
  void stroke(const QPointF& from, const QPointF& to);
  void beginToDraw();
  QImage reduced() const;  // the ink in the network's size

  std::optional<bridge::TryPicture> picture_;
  Sheet now_;
  QVector<Sheet> undo_, redo_;
  int brush_ = 8;
  bool centred_ = true;
  std::optional<QPointF> last_;
};

}  // namespace netwright::panels
