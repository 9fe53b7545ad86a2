// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/variables_form.h"

#include <fmt/format.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include "core/base/error.h"
#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/language/scalar.h"
#include "widgets/bridge/project_model.h"
#include "widgets/forms/icon_button.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

constexpr int kNameWidth = 104;

}  // namespace

VariablesForm::VariablesForm(bridge::ProjectModel* model, QWidget* parent)
    : QWidget(parent), model_(model), column_(new QVBoxLayout(this)), add_(new QToolButton) {
  setAccessibleName(tr("Variables"));
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(theme::kSpaceXs);
  add_->setText(tr("Add a variable"));
  add_->setIcon(theme::icon("plus", theme::IconRole::Muted));
  add_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  add_->setToolTip(tr("A name for a value that parameters use: write =hidden in a field."));
  connect(add_, &QToolButton::clicked, this, &VariablesForm::add);
  column_->addWidget(add_, 0, Qt::AlignLeft);
  refresh();
}

void VariablesForm::addRow() {
  const size_t index = rows_.size();
  Row row;
  row.box = new QWidget;
  auto* both = new QVBoxLayout(row.box);
  both->setContentsMargins(0, 0, 0, 0);
  both->setSpacing(theme::kSpaceXs);
  auto* line = new QHBoxLayout;
  line->setSpacing(theme::kSpaceXs);
  row.name = new QLineEdit;
  row.name->setFixedWidth(kNameWidth);
  row.name->setAccessibleName(tr("Name of the variable"));
  row.value = new QLineEdit;
  row.value->setAccessibleName(tr("Value of the variable"));
  row.value->setMinimumWidth(60);
  row.value->setToolTip(tr("A number, a text in quotes, a list (3, 3), or a formula over other variables: hidden * 2"));
  row.result = new QLabel;
  row.result->setWordWrap(true);
  row.result->setTextFormat(Qt::PlainText);
  row.result->setContentsMargins(kNameWidth + 3 * theme::kSpaceXs, 0, 0, 0);
  QToolButton* gone = iconButton("trash", tr("Remove the variable"));
  line->addWidget(row.name);
  line->addWidget(new QLabel("="));
  line->addWidget(row.value, 1);
  line->addWidget(gone);
  both->addLayout(line);
  both->addWidget(row.result);
  connect(row.name, &QLineEdit::editingFinished, this, [this, index] { rename(index); });
  connect(row.value, &QLineEdit::editingFinished, this, [this, index] { setValue(index); });
  connect(gone, &QToolButton::clicked, this, [this, index] { remove(index); });
  column_->insertWidget(static_cast<int>(index), row.box);
  rows_.push_back(row);
}

void VariablesForm::refresh() {
  const size_t wanted = model_->document().variables.size();
  while (rows_.size() < wanted) addRow();
  while (rows_.size() > wanted) {
    rows_.back().box->hide();
    rows_.back().box->deleteLater();
    rows_.pop_back();
  }
  for (size_t i = 0; i < wanted; ++i) display(i);
}

void VariablesForm::display(size_t index) {
  const Row& row = rows_[index];
  const graph::Variable& variable = model_->document().variables[index];
  const auto set = [](QLineEdit& field, const std::string& text) {
    if (field.hasFocus() && field.isModified()) return;
    if (field.text() != QString::fromStdString(text)) field.setText(QString::fromStdString(text));
    field.setModified(false);
  };
  set(*row.name, variable.name);
  set(*row.value, graph::sourceText(variable.value));
  QString text = QString::fromStdString(language::nameProblem(variable.name));
  bool wrong = !text.isEmpty();
  if (const auto* formula = std::get_if<Formula>(&variable.value); formula && !wrong) {
    const graph::View view = model_->view();
    const Attributes names = graph::namesIn(*view.root, view.block);
    const auto known = names.find(variable.name);
    wrong = known == names.end();
    if (!wrong)
      text = "= " + QString::fromStdString(graph::sourceText(known->second));
    else if (const auto result = language::evaluate(formula->text, names); !result.ok())
      text = QString::fromStdString(result.mistake->message);
    else
      text = tr("It needs itself in a circle.");
  }
  row.result->setText(text);
  row.result->setVisible(!text.isEmpty());
  theme::setClass(*row.result, wrong ? "small error" : "small muted");
}

void VariablesForm::send(std::vector<graph::Variable> variables, const std::string& name) {
  model_->apply({name, {graph::SetVariables{std::move(variables)}}});
}

void VariablesForm::add() {
  std::vector<graph::Variable> all = model_->document().variables;
  const auto taken = [&](const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&](const graph::Variable& v) { return v.name == name; });
  };
  std::string name = "hidden";
  for (int i = 2; taken(name); ++i) name = "hidden" + std::to_string(i);
  all.push_back({name, int64_t{128}, ""});
  send(std::move(all), fmt::format("Add variable {}", name));
  if (rows_.empty()) return;
  rows_.back().name->setFocus();
  rows_.back().name->selectAll();
}

void VariablesForm::remove(size_t index) {
  std::vector<graph::Variable> all = model_->document().variables;
  if (index >= all.size()) return;
  const std::string name = all[index].name;
  all.erase(all.begin() + static_cast<long>(index));
  send(std::move(all), fmt::format("Remove variable {}", name));
}

void VariablesForm::rename(size_t index) {
  const auto& all = model_->document().variables;
  if (index >= all.size() || !rows_[index].name->isModified()) return;
  const std::string to = rows_[index].name->text().trimmed().toStdString();
  QString refused = QString::fromStdString(language::nameProblem(to));
  if (refused.isEmpty()) {
    rows_[index].name->setModified(false);
    refused = model_->renameVariable(all[index].name, to);
  }
  if (refused.isEmpty()) return refresh();
  rows_[index].result->setText(refused);
  rows_[index].result->show();
  theme::setClass(*rows_[index].result, "small error");
}

void VariablesForm::setValue(size_t index) {
  std::vector<graph::Variable> all = model_->document().variables;
  if (index >= all.size() || !rows_[index].value->isModified()) return;
  const graph::View view = model_->view();
  rows_[index].value->setModified(false);
  all[index].value =
      graph::valueFromSource(rows_[index].value->text().toStdString(), graph::namesIn(*view.root, view.block));
  send(std::move(all), fmt::format("Set {}", model_->document().variables[index].name));
  refresh();
}

}  // namespace netwright::forms
