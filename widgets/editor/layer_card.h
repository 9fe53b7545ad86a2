// SPDX-License-Identifier: GPL-3.0-or-later
// What a layer is, in a few lines: title, PyTorch's name, sentence, formula, ports. Shown beside the palette while the
// pointer rests on a layer or the keys choose one, and below the list of quick add.
#pragma once

#include <QFrame>
#include <QTimer>

#include "core/layers/layer_spec.h"

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace netwright::editor {

// Rich text; `misfit`: why it does not fit where it is wanted, empty if it does.
QString cardHtml(const layers::LayerSpec& layer, const QString& misfit = {});

// Lies over other widgets and takes no events.
class LayerCard : public QFrame {
  Q_OBJECT

 public:
  explicit LayerCard(QWidget* parent);
  // Right of this area (in the screen's coordinates), or left where there is no room. After a moment, unless it is seen
  // already.
  void showBeside(const QRect& area, const layers::LayerSpec& layer, const QString& misfit);
  void dismiss();

 private:
  void place();
  QLabel* text_;
  QTimer delay_;
  QRect area_;
};

}  // namespace netwright::editor
