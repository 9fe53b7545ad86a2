// SPDX-License-Identifier: GPL-3.0-or-later
// The field that opens on the canvas for a parameter of a node, a frame's title or a note's text. One at a time; made
// by GraphView, exists while something is edited only.
#pragma once

#include <QFrame>
#include <functional>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace netwright::editor {

// Enter or leaving the field commits a text that is legal; Escape closes it without. The text of a note takes Enter as
// a new line and Ctrl+Enter to commit.
class InlineEditor : public QFrame {
  Q_OBJECT

 public:
  using Check = std::function<QString(const QString&)>;  // what is wrong with the text; empty if it is legal

  InlineEditor(const QString& text, Check check, QWidget* parent);  // one line
  InlineEditor(const QString& text, QWidget* parent);               // several
  void setChoices(const QStringList& choices);
  void open(const QRect& place);  // at least as large as it needs to be
  QWidget* field() const;
  QString text() const;
  QString problem() const;
  void finish(bool commit);

 Q_SIGNALS:
  void committed(const QString& text);  // it differs from what was there
  void finished();                      // by a key: the canvas is to take the keyboard back
  void stepAsked(bool forward);         // Tab, after committed(): the next parameter

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void build(QWidget* field);
  bool pressed(class QKeyEvent& key);

  QString before_;
  Check check_;
  QLineEdit* line_ = nullptr;
  QPlainTextEdit* lines_ = nullptr;
  QLabel* message_;
  bool done_ = false;
};

}  // namespace netwright::editor
