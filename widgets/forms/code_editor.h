// SPDX-License-Identifier: GPL-3.0-or-later
// The editor of an expression node's code: colours, proposals, parameters of the function at the cursor, the shape that
// each line gives beside it, and mistakes underlined. Knows no project: it is told what flows in and which names there
// are.
#pragma once

#include <QPlainTextEdit>
#include <map>
#include <string>

#include "core/layers/expressions/expression.h"

QT_BEGIN_NAMESPACE
class QCompleter;
class QLabel;
class QStandardItemModel;
QT_END_NAMESPACE

namespace netwright::forms {

class CodeEditor : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit CodeEditor(QWidget* parent = nullptr);

  // What the code may use; shapes and mistakes are told anew.
  void setSurroundings(std::map<std::string, program::ValueType> inputs, Attributes names);
  void setCode(const std::string& code);
  std::string code() const { return toPlainText().toStdString(); }
  void setShapesShown(bool shown);  // beside the lines; needs some width

  const layers::expressions::Described& described() const { return described_; }
  QString shapeOf(int line) const;  // from 1; empty: none
  QString hint() const;             // parameters at the cursor, as shown; empty: none
  QCompleter* completer() const { return completer_; }

 Q_SIGNALS:
  void redescribed();  // shapes and mistakes are told anew
  void committed();    // Ctrl+Enter, or the keys go elsewhere

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  class Margin;
  void describe();
  void underline();
  void propose(bool asked);
  void insertProposal(const QString& text);
  void showHint();
  void placeMargin();
  void paintMargin(QPaintEvent* event);
  void indentLine();
  size_t bytesBefore(int position) const;  // of the UTF-8 text
  int positionOf(size_t byte) const;       // in the document

  std::map<std::string, program::ValueType> inputs_;
  Attributes names_;
  layers::expressions::Described described_;
  QCompleter* completer_;
  QStandardItemModel* proposals_;
  QLabel* hint_;
  Margin* margin_;
  bool shapesShown_ = false, setting_ = false;
};

}  // namespace netwright::forms
