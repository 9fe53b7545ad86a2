// SPDX-License-Identifier: GPL-3.0-or-later
// The window onto the canvas: zoom, pan, keyboard, quick add and what is dropped from the palette.
#pragma once

#include <QGraphicsView>
#include <QPointer>
#include <optional>

#include "widgets/editor/design_actions.h"
#include "widgets/editor/edits.h"

namespace netwright::editor {

class ConnectList;
class FindBar;
class GraphScene;
class HintLabel;
class InlineEditor;
class Minimap;
class ProblemCard;
class QuickAdd;

class GraphView : public QGraphicsView {
  Q_OBJECT

 public:
  explicit GraphView(GraphScene* scene, QWidget* parent = nullptr);

  double zoom() const { return transform().m11(); }
  void setZoom(double zoom, QPointF viewportAnchor);
  void zoomBy(double factor);  // about the middle
  void resetZoom();
  void fit();  // everything, at most 120 %
  void fitSelection();
  void centreOn(NodeId node);
  void goTo(QPointF scenePoint);  // into the middle
  // What the canvas does at a key, and what its context menu offers.
  void setActions(const DesignActions& actions) { actions_ = actions; }
  bool wheelZooms() const { return wheelZooms_; }  // without Ctrl; remembered
  void setWheelZooms(bool on);
  Minimap* minimap() const { return minimap_; }
  FindBar* findBar() const { return findBar_; }
  HintLabel* hint() const { return hint_; }

  void addFrame();                                     // round the selection, and asks for its title
  void addNote();                                      // where the pointer is, and asks for its text
  void editSelection();                                // Enter: the form of a layer, the text of an annotation
  void editHere();                                     // on the canvas itself
  void editValue(NodeId node, const QString& param);   // a parameter in its node
  void editAnnotation(int64_t annotation);             // title or text in its place
  void connectByList();                                // the selected node
  void showProblems(std::optional<NodeId> node = {});  // of it or the selected one, in a card beside it
  InlineEditor* inlineEditor() const;                  // null while nothing is edited
  ConnectList* connectList() const;                    // null while closed
  ProblemCard* problemCard() const;                    // null while closed
  void askForLayer(std::optional<QPointF> at = {}, const std::optional<WireStart>& start = {});  // opens quick add
  QuickAdd* quickAdd() const;                                                                    // null while closed

 Q_SIGNALS:
  void zoomChanged(double zoom);
  void editAsked();                      // Enter on a node: go to its form
  void helpAsked(const QString& layer);  // F1 in quick add

 protected:
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  void fitTo(const QRectF& area);
  void openEditor(InlineEditor* editor, const QRectF& place);
  void placeOverlays();
  QAction* actionFor(const QKeyEvent& event) const;  // null if no enabled one has this shortcut
  bool runCommand(QKeyEvent& event);
  bool moveByKey(QKeyEvent& event);
  bool walk(bool forward);
  void walkAlong(bool forward);   // to a neighbour along a wire
  void walkBeside(bool forward);  // to another node that the same one feeds, or that feeds the same one
  void keepInView(NodeId node);
  void startPan(QPoint at);
  void describe();
  QPointF cursorScenePos() const;

  GraphScene* scene_;
  DesignActions actions_;
  Minimap* minimap_;
  FindBar* findBar_;
  HintLabel* hint_;
  QPointer<QuickAdd> quickAdd_;
  QPointer<InlineEditor> editor_;
  QPointer<ConnectList> connectList_;
  QPointer<ProblemCard> problemCard_;
  bool wheelZooms_ = false;
  bool fitted_ = true;  // nothing touched since fit(): it follows the size of the window
  bool panning_ = false, spaceHeld_ = false, spaceUsed_ = false;
  QPoint panFrom_;
};

}  // namespace netwright::editor
