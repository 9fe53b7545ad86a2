// SPDX-License-Identifier: GPL-3.0-or-later
// All layers, by category and searchable, to drag onto the canvas or to add with Enter or a double click.
#pragma once

#include <QFrame>
#include <QStringList>
#include <memory>
#include <vector>

#include "core/layers/layer_spec.h"

QT_BEGIN_NAMESPACE
class QLineEdit;
QT_END_NAMESPACE

namespace netwright::editor {

class LayerCard;
class LayerList;

class Palette : public QFrame {
  Q_OBJECT

 public:
  explicit Palette(QWidget* parent = nullptr);
  // The project's own blocks, listed first.
  void setBlocks(std::vector<std::shared_ptr<const layers::LayerSpec>> blocks, bool insideBlock);
  QLineEdit* field() const { return field_; }
  LayerList* list() const { return list_; }
  LayerCard* card() const { return card_; }
  QString helpTopic() const;  // the layer that the pointer or, with the focus here, the keys are on; else empty

 Q_SIGNALS:
  void picked(const QString& layer);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void search(const QString& words);
  void showMarks();
  QLineEdit* field_;
  LayerList* list_;
  std::vector<std::shared_ptr<const layers::LayerSpec>> blocks_;
  QStringList marks_;  // favourites and layers used last, as they are listed
  LayerCard* card_;
  QString pointed_;
};

}  // namespace netwright::editor
