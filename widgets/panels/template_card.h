// SPDX-License-Identifier: GPL-3.0-or-later
// A template on the Home page: a sketch of its network, its name, a sentence and its size. A click makes a project.
// Sketch and size come when they are known.
#pragma once

#include <QAbstractButton>
#include <QVector>

#include "core/project/project.h"
#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/template_facts.h"

namespace netwright::panels {

// One layer in the sketch, or several of a deep network.
struct SketchBlock {
  int colour = 0;       // of the palette's series
  double height = 0.5;  // share of the picture's height: how much flows out of it
};

class TemplateCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit TemplateCard(const project::Template& origin);
  QString templateId() const { return id_; }
  bool takesDigits() const { return source_ == "idx"; }
  void setFacts(const bridge::TemplateFacts& facts);
  void setDigit(const bridge::SamplePicture& digit);  // drawn as the network's input, and named at its output
  QSize sizeHint() const override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int textHeight(int width) const;
  void paintSketch(QPainter& painter, const QRectF& area) const;
  void paintInput(QPainter& painter, const QRectF& tile) const;
  void paintData(QPainter& painter, const QRectF& tile) const;  // a sign for what is no picture
  void paintOutput(QPainter& painter, const QRectF& column) const;
  QString id_, title_, text_, foot_;
  QString source_;   // of the data: "idx", "csv", ...
  int outputs_ = 1;  // numbers that come out for a sample
  QVector<SketchBlock> blocks_;
  bridge::SamplePicture digit_{{}, -1};
};

}  // namespace netwright::panels
