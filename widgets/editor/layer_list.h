// SPDX-License-Identifier: GPL-3.0-or-later
// A list of layers with their category's mark, to pick or drag from. Used by palette and quick add.
#pragma once

#include <QListWidget>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "core/layers/layer_spec.h"

namespace netwright::editor {

inline constexpr const char* kLayerMime = "application/x-netwright-layer";  // payload: the layer's id

class LayerList : public QListWidget {
  Q_OBJECT

 public:
  explicit LayerList(QWidget* parent = nullptr);

  using Misfit = std::function<QString(const layers::LayerSpec&)>;  // why a layer does not fit here; empty if it does

  // Losses belong to the run's settings and are left out. Grouped: under headings, by category, which a click folds;
  // what networks are rarely made of is folded at first. Favourites and the layers that were used last (LayerMarks)
  // come before them. What does not fit is faint and comes last; with `first`, last of that many layers, and of the
  // others after them.
  void setLayers(const std::vector<const layers::LayerSpec*>& layers, bool grouped, const Misfit& misfit = {},
                 size_t first = SIZE_MAX);
  // Ports of blocks are listed only where a block is shown, inputs and outputs of the network only outside.
  void setInsideBlock(bool inside) { inside_ = inside; }
  QString currentMisfit() const;
  const layers::LayerSpec* currentLayer() const;  // null if none
  void selectFirst();
  void step(int rows);  // to the next layer, over headings

 Q_SIGNALS:
  void picked(const QString& layer);  // Enter or double click
  // The pointer rests on this layer's row (the screen's coordinates), or the keys chose it; null: on none any more.
  void pointedAt(const layers::LayerSpec* layer, const QRect& row);

 protected:
  QMimeData* mimeData(const QList<QListWidgetItem*>& items) const override;
  void startDrag(Qt::DropActions actions) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  bool standsHere(const std::string& id) const;
  const layers::LayerSpec* layerOf(const QListWidgetItem& item) const;
  void pointAt(const QListWidgetItem* item);
  void addHeading(int section, const QString& title);
  void toggle(int section);
  void hideFolded();
  void addLayer(const layers::LayerSpec& layer, const QString& misfit, int section);
  void addMarked(int section, const QString& title, const QStringList& layers);
  bool pressStar(const QMouseEvent& event);

  std::map<QString, const layers::LayerSpec*> listed_;  // by id
  std::set<int> folded_;                                // sections: categories, favourites, recent ones
  const QListWidgetItem* pointed_ = nullptr;
  bool inside_ = false;
};

// The blocks whose name or words hold what was typed.
std::vector<const layers::LayerSpec*> blocksCalled(const std::vector<std::shared_ptr<const layers::LayerSpec>>& blocks,
                                                   const QString& words);

}  // namespace netwright::editor
