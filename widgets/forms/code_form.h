// SPDX-License-Identifier: GPL-3.0-or-later
// The code of an expression node in the form of its node, and in a window of its own with the shapes beside the lines.
#pragma once

#include <QDialog>
#include <QWidget>

#include "core/base/ids.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QListWidget;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

class CodeEditor;

// The node is an expression of the shown body. Edits are applied with Ctrl+Enter or when the keys go elsewhere.
class CodeForm : public QWidget {
  Q_OBJECT

 public:
  CodeForm(bridge::ProjectModel* model, NodeId node, QWidget* parent = nullptr);
  void refresh();  // after the document changed
  CodeEditor* editor() const { return editor_; }
  void openWindow();

 private:
  void tell();
  bridge::ProjectModel* model_;
  NodeId node_;
  CodeEditor* editor_;
  QLabel* message_;
};

// OK applies the code as one step that can be undone; mistakes do not keep it from that. The window closes by itself
// when another body or project is shown.
class CodeDialog : public QDialog {
  Q_OBJECT

 public:
  CodeDialog(bridge::ProjectModel* model, NodeId node, QWidget* parent = nullptr);
  static void open(bridge::ProjectModel* model, NodeId node, QWidget* parent);  // beside the other windows
  CodeEditor* editor() const { return editor_; }
  QListWidget* mistakes() const { return mistakes_; }
  void accept() override;

 private:
  void tell();
  bridge::ProjectModel* model_;
  NodeId node_;
  CodeEditor* editor_;
  QLabel* ports_;
  QListWidget* mistakes_;
};

}  // namespace netwright::forms
