// SPDX-License-Identifier: GPL-3.0-or-later
// The search box that adds a layer where the pointer is: type, Enter, done. Opened by GraphView; closes itself.
#pragma once

#include <QFrame>
#include <map>
#include <memory>
#include <optional>

#include "core/program/type.h"
#include "widgets/editor/edits.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
QT_END_NAMESPACE

namespace netwright::editor {

class LayerList;

class QuickAdd : public QFrame {
  Q_OBJECT

 public:
  // With `start`, only layers that the wire in the hand can be joined to. With `type`, the value that the new layer
  // will receive, those that take it come first.
  QuickAdd(const std::optional<WireStart>& start, const program::ValueType* type,
           std::vector<std::shared_ptr<const layers::LayerSpec>> blocks, bool insideBlock, QWidget* parent);
  void popUp(QPoint globalPosition);
  QLineEdit* field() const { return field_; }

 Q_SIGNALS:
  void picked(const QString& layer);
  void helpAsked(const QString& layer);  // F1; closes it

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search(const QString& words);
  void pick(const QString& layer);

  std::optional<WireStart> start_;
  std::vector<std::shared_ptr<const layers::LayerSpec>> blocks_;  // listed as layers are
  std::map<const layers::LayerSpec*, QString> misfits_;
  QLineEdit* field_;
  LayerList* list_;
  QLabel* doc_;
};

}  // namespace netwright::editor
