// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/code_form.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTextBlock>
#include <QVBoxLayout>

#include "core/graph/edit.h"
#include "core/graph/expand.h"
#include "widgets/bridge/project_model.h"
#include "widgets/forms/code_editor.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

namespace expressions = layers::expressions;

std::string codeOf(const bridge::ProjectModel& model, NodeId id) {
  const graph::Node* node = model.document().find(id);
  const auto it = node ? node->params.find(expressions::kCode) : Attributes::const_iterator{};
  const auto* text = node && it != node->params.end() ? std::get_if<std::string>(&it->second) : nullptr;
  return text ? *text : "";
}

// What flows into the node, and the names that its code may use where it stands.
void tellSurroundings(CodeEditor& editor, const bridge::ProjectModel& model, NodeId id) {
  std::map<std::string, program::ValueType> inputs;
  for (const graph::Wire& wire : model.document().wires)
    if (wire.to.node == id)
      if (const program::ValueType* type = model.typeAt(wire.from)) inputs[wire.to.port] = *type;
  const graph::View view = model.view();
  Attributes names = graph::namesIn(*view.root, view.block);
  const auto& structure = model.prepared().lowered.structure;
  if (const NodeId flat = view.flat(id); structure && flat && structure->places.contains(flat))
    names = structure->namesAt(flat);
  editor.setSurroundings(std::move(inputs), std::move(names));
}

void applyCode(bridge::ProjectModel& model, NodeId id, const std::string& code) {
  if (model.document().find(id) && code != codeOf(model, id))
    model.apply(graph::setParam(model.document(), id, expressions::kCode, code));
}

QString textOf(const language::Mistake& m) {
  return QObject::tr("Line %1: %2").arg(m.position.line).arg(QString::fromStdString(m.message));
}

QString namesOf(const std::vector<layers::PortSpec>& ports) {
  QStringList names;
  for (const layers::PortSpec& p : ports) names << QString::fromStdString(p.name);
  return names.isEmpty() ? QObject::tr("none") : names.join(", ");
}

}  // namespace

CodeForm::CodeForm(bridge::ProjectModel* model, NodeId node, QWidget* parent)
    : QWidget(parent), model_(model), node_(node), editor_(new CodeEditor), message_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceXs);
  editor_->setMinimumHeight(editor_->fontMetrics().lineSpacing() * 8);
  editor_->setToolTip(tr("Ctrl+Space proposes, Ctrl+Enter applies"));
  column->addWidget(editor_);
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  column->addWidget(message_);
  auto* row = new QHBoxLayout;
  auto* open = new QPushButton(tr("Edit in a window…"));
  open->setObjectName("edit-code");
  connect(open, &QPushButton::clicked, this, &CodeForm::openWindow);
  row->addWidget(open);
  row->addStretch(1);
  column->addLayout(row);
  setFocusProxy(editor_);
  connect(editor_, &CodeEditor::redescribed, this, &CodeForm::tell);
  connect(editor_, &CodeEditor::committed, this, [this] { applyCode(*model_, node_, editor_->code()); });
  refresh();
}

void CodeForm::refresh() {
  if (!editor_->hasFocus() || !editor_->document()->isModified()) editor_->setCode(codeOf(*model_, node_));
  tellSurroundings(*editor_, *model_, node_);
}

// The first mistake, or what the last lines give.
void CodeForm::tell() {
  const expressions::Described& all = editor_->described();
  if (!all.mistakes.empty()) {
    message_->setText(textOf(all.mistakes.front()));
    theme::setClass(*message_, "small error");
    return;
  }
  QStringList shapes;
  for (const auto& [line, text] : all.lines) shapes << tr("%1: %2").arg(line).arg(QString::fromStdString(text));
  message_->setText(shapes.join('\n'));
  theme::setClass(*message_, "small muted");
}

void CodeForm::openWindow() {
  applyCode(*model_, node_, editor_->code());
  CodeDialog::open(model_, node_, window());
}

CodeDialog::CodeDialog(bridge::ProjectModel* model, NodeId node, QWidget* parent)
    : QDialog(parent),
      model_(model),
      node_(node),
      editor_(new CodeEditor),
      ports_(new QLabel),
      mistakes_(new QListWidget) {
  const graph::Node* found = model->document().find(node);
  setWindowTitle(tr("Code of %1").arg(found ? QString::fromStdString(found->name) : QString()));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(theme::kSpaceSmall);
  editor_->setShapesShown(true);
  editor_->setMinimumSize(620, editor_->fontMetrics().lineSpacing() * 16);
  column->addWidget(editor_, 1);
  ports_->setTextFormat(Qt::PlainText);
  theme::setClass(*ports_, "muted small");
  column->addWidget(ports_);
  mistakes_->setAccessibleName(tr("Mistakes"));
  mistakes_->setMaximumHeight(mistakes_->fontMetrics().lineSpacing() * 5);
  mistakes_->setWordWrap(true);
  column->addWidget(mistakes_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &CodeDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(editor_, &CodeEditor::redescribed, this, &CodeDialog::tell);
  connect(mistakes_, &QListWidget::itemActivated, this, [this](QListWidgetItem* item) {
    QTextCursor cursor(editor_->document()->findBlockByNumber(item->data(Qt::UserRole).toInt() - 1));
    editor_->setTextCursor(cursor);
    editor_->setFocus();
  });
  connect(model, &bridge::ProjectModel::projectChanged, this, &QDialog::reject);
  connect(model, &bridge::ProjectModel::placeChanged, this, &QDialog::reject);
  editor_->setCode(codeOf(*model, node));
  tellSurroundings(*editor_, *model, node);
  editor_->setFocus();
}

void CodeDialog::open(bridge::ProjectModel* model, NodeId node, QWidget* parent) {
  auto* dialog = new CodeDialog(model, node, parent);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->show();
}

void CodeDialog::tell() {
  const expressions::Described& all = editor_->described();
  ports_->setText(
      tr("Inputs: %1 · Outputs: %2 · Ctrl+Space proposes").arg(namesOf(all.ports.inputs), namesOf(all.ports.outputs)));
  mistakes_->clear();
  for (const language::Mistake& m : all.mistakes) {
    auto* item = new QListWidgetItem(textOf(m), mistakes_);
    item->setData(Qt::UserRole, m.position.line);
  }
  mistakes_->setVisible(!all.mistakes.empty());
}

void CodeDialog::accept() {
  applyCode(*model_, node_, editor_->code());
  QDialog::accept();
}

}  // namespace netwright::forms
