// SPDX-License-Identifier: GPL-3.0-or-later
// A network as on the canvas, to be looked at only, with marks on what is different from another. Used by the
// comparison of runs.
#pragma once

#include <QGraphicsView>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/project/prepare.h"
#include "widgets/editor/wire_layout.h"

namespace netwright::editor {

// How a node or wire differs: it is only here, as the first or the second of two networks, or its settings differ.
enum class Mark { OnlyFirst, OnlySecond, Changed };
QColor markColour(Mark mark);
QChar markSign(Mark mark);  // not told by colour alone

// What is drawn; made on a pool thread.
struct SeenNetwork {
  project::Project project;
  project::Prepared prepared;
};

// Wheel and pinch zoom, the hand moves, a double click shows all.
class NetworkPicture : public QGraphicsView {
  Q_OBJECT

 public:
  explicit NetworkPicture(QWidget* parent = nullptr);
  ~NetworkPicture() override;
  void display(std::shared_ptr<const SeenNetwork> network);  // without marks; null: nothing
  void mark(const std::string& node, Mark mark);
  void markWire(const graph::Wire& wire, Mark mark);
  std::optional<Mark> markOf(const std::string& node) const;
  // Selects these nodes, as far as they are here, and brings them into view.
  void choose(const std::vector<std::string>& nodes);
  std::vector<std::string> chosen() const;
  QRectF content() const;  // of all nodes and wires
  const SeenNetwork* network() const { return network_.get(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void drawBackground(QPainter* painter, const QRectF& rect) override;

 private:
  void clear();
  void fit();
  NodeItem* item(const std::string& node) const;
  std::shared_ptr<const SeenNetwork> network_;
  QGraphicsScene* scene_;
  NodeItems nodes_;
  WireItems wires_;
  std::map<std::string, Mark> marks_;
  std::vector<QGraphicsItem*> signs_;
  bool fitted_ = true;  // follows the size until somebody zooms
};

}  // namespace netwright::editor
