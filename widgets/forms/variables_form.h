// SPDX-License-Identifier: GPL-3.0-or-later
// The variables of the body that is shown: the project's, or a block's own. Each is a name and a value or formula; what
// it comes to, or why it does not, stands below it.
#pragma once

#include <QWidget>
#include <vector>

#include "core/graph/document.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

class VariablesForm : public QWidget {
  Q_OBJECT

 public:
  explicit VariablesForm(bridge::ProjectModel* model, QWidget* parent = nullptr);
  void refresh();  // after an edit; a field that is being typed in stays as it is
  int count() const { return static_cast<int>(rows_.size()); }
  QLineEdit* nameField(int row) const { return rows_[static_cast<size_t>(row)].name; }
  QLineEdit* valueField(int row) const { return rows_[static_cast<size_t>(row)].value; }
  QLabel* result(int row) const { return rows_[static_cast<size_t>(row)].result; }
  QToolButton* addButton() const { return add_; }

 private:
  struct Row {
    QWidget* box;
    QLineEdit *name, *value;
    QLabel* result;
  };
  void addRow();
  void display(size_t row);
  void add();
  void remove(size_t row);
  void rename(size_t row);
  void setValue(size_t row);
  void send(std::vector<graph::Variable> variables, const std::string& name);

  bridge::ProjectModel* model_;
  QVBoxLayout* column_;
  QToolButton* add_;
  std::vector<Row> rows_;
};

}  // namespace netwright::forms
