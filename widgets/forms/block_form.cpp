// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/block_form.h"

#include <fmt/format.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>
#include <algorithm>

#include "core/base/error.h"
#include "core/graph/blocks.h"
#include "core/language/scalar.h"
#include "widgets/bridge/project_model.h"
#include "widgets/forms/icon_button.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

constexpr int kNameWidth = 104;

struct Kind {
  ParamKind kind;
  const char* title;
  Attribute fallback;
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kAll{{ParamKind::Int, "integer", int64_t{1}},
                                      {ParamKind::Float, "number", 0.0},
                                      {ParamKind::Bool, "yes/no", false},
                                      {ParamKind::Text, "text", std::string()},
                                      {ParamKind::IntList, "integers", std::vector<int64_t>{1, 1}},
                                      {ParamKind::FloatList, "numbers", std::vector<double>{0.0, 1.0}}};
  return kAll;
}

// Leaves the field as soon as the person is done with it.
template <class F>
void onFinished(QLineEdit& field, F f) {
  QObject::connect(&field, &QLineEdit::editingFinished, &field, [&field, f] {
    if (!field.isModified()) return;
    field.setModified(false);
    f(field.text().trimmed().toStdString());
  });
}

}  // namespace

BlockForm::BlockForm(bridge::ProjectModel* model, const graph::Block& block, QWidget* parent)
    : QWidget(parent), model_(model), block_(block.id), column_(new QVBoxLayout(this)), message_(new QLabel) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(theme::kSpaceXs);
  auto* row = new QHBoxLayout;
  auto* label = new QLabel(tr("Name"));
  label->setFixedWidth(kNameWidth);
  auto* name = new QLineEdit(QString::fromStdString(block.name));
  name->setObjectName("block-name");
  name->setAccessibleName(tr("Name of the block"));
  name->setMinimumWidth(60);
  onFinished(*name,
             [this](const std::string& text) { change("Rename block", [&](graph::Block& b) { b.name = text; }); });
  row->addWidget(label);
  row->addWidget(name, 1);
  column_->addLayout(row);
  auto* doc = new QLineEdit(QString::fromStdString(block.doc));
  doc->setObjectName("block-doc");
  doc->setPlaceholderText(tr("What it is for"));
  doc->setAccessibleName(tr("What the block is for"));
  doc->setMinimumWidth(60);
  onFinished(*doc,
             [this](const std::string& text) { change("Describe block", [&](graph::Block& b) { b.doc = text; }); });
  doc->setCursorPosition(0);
  column_->addWidget(doc);
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  theme::setClass(*message_, "small error");
  message_->hide();
  column_->addWidget(message_);
  addPorts(block, graph::kBlockInput, tr("Inputs"));
  addPorts(block, graph::kBlockOutput, tr("Outputs"));
  addParams(block);
}

void BlockForm::addHeading(const QString& text) {
  column_->addSpacing(theme::kSpaceSmall);
  auto* label = new QLabel(text);
  theme::setClass(*label, "strong");
  column_->addWidget(label);
}

void BlockForm::attempt(const std::function<QString()>& f) {
  QString refused;
  try {
    refused = f();
  } catch (const Error& e) {
    refused = QString::fromStdString(e.title);
  }
  message_->setText(refused);
  message_->setVisible(!refused.isEmpty());
}

void BlockForm::change(const std::string& name, const std::function<void(graph::Block&)>& f) {
  const graph::Block* known = model_->root().findBlock(block_);
  if (!known) return;
  graph::Block block = *known;
  f(block);
  attempt([&] {
    return model_->applyAnywhere(
        {fmt::format("{} {}", name, known->name), {graph::SetBlock{block_, block.name, block.doc, block.params}}});
  });
}

void BlockForm::addPorts(const graph::Block& block, const char* kind, const QString& title) {
  addHeading(title);
  const std::vector<std::string> names = graph::portNames(block.body, kind);
  if (names.empty()) {
    auto* none = new QLabel(tr("None yet: add “%1” from the palette.")
                                .arg(kind == std::string(graph::kBlockInput) ? tr("Block input") : tr("Block output")));
    none->setWordWrap(true);
    theme::setClass(*none, "muted");
    column_->addWidget(none);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    auto* row = new QHBoxLayout;
    row->setSpacing(theme::kSpaceXs);
    auto* field = new QLineEdit(QString::fromStdString(names[i]));
    field->setObjectName(QString("port-%1").arg(QString::fromStdString(names[i])));
    field->setAccessibleName(tr("Name of a port"));
    field->setMinimumWidth(60);
    onFinished(*field, [this, old = names[i]](const std::string& text) {
      attempt([&] {
        const graph::Block* b = model_->root().findBlock(block_);
        const graph::Node* port = b ? b->body.findByName(old) : nullptr;
        return port ? model_->applyAnywhere(graph::rename(model_->root(), block_, port->id, text)) : QString();
      });
    });
    QToolButton *up = iconButton("chevron-up", tr("Move the port up")),
                *down = iconButton("chevron-down", tr("Move the port down"));
    up->setEnabled(i > 0);
    down->setEnabled(i + 1 < names.size());
    connect(up, &QToolButton::clicked, this, [this, name = names[i]] { movePort(name, -1); });
    connect(down, &QToolButton::clicked, this, [this, name = names[i]] { movePort(name, 1); });
    row->addWidget(field, 1);
    row->addWidget(up);
    row->addWidget(down);
    column_->addLayout(row);
  }
}

// To the place of the next port of its kind in that direction.
void BlockForm::movePort(const std::string& name, int by) {
  const graph::Block* block = model_->root().findBlock(block_);
  const graph::Node* port = block ? block->body.findByName(name) : nullptr;
  if (!port) return;
  const auto& nodes = block->body.nodes;
  for (auto at = port - nodes.data() + by; at >= 0 && at < static_cast<long>(nodes.size()); at += by) {
    if (nodes[static_cast<size_t>(at)].kind != port->kind) continue;
    attempt([&] {
      return model_->applyAnywhere({fmt::format("Move port {}", name),
                                    {graph::Step(graph::Reorder{port->id, static_cast<size_t>(at)}, block_)}});
    });
    return;
  }
}

void BlockForm::addParams(const graph::Block& block) {
  addHeading(tr("Parameters of the block"));
  if (block.params.empty()) {
    auto* none = new QLabel(tr("None. Layers inside use a parameter by a formula: =channels * 2"));
    none->setWordWrap(true);
    theme::setClass(*none, "muted");
    column_->addWidget(none);
  }
  for (const ParamSpec& spec : block.params) addParam(spec);
  auto* add = new QToolButton;
  add->setObjectName("add-block-param");
  add->setText(tr("Add a parameter"));
  add->setIcon(theme::icon("plus", theme::IconRole::Muted));
  add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  connect(add, &QToolButton::clicked, this, [this] {
    change("Add a parameter to", [](graph::Block& b) {
      const auto taken = [&](const std::string& name) {
        return std::any_of(b.params.begin(), b.params.end(), [&](const ParamSpec& p) { return p.name == name; });
      };
      std::string name = "channels";
      for (int i = 2; taken(name); ++i) name = "channels" + std::to_string(i);
      b.params.push_back(intParam(name, 16).asMain());
    });
  });
  column_->addWidget(add, 0, Qt::AlignLeft);
}

void BlockForm::addParam(const ParamSpec& spec) {
  const auto withParam = [this, name = spec.name](const std::string& what, const std::function<void(ParamSpec&)>& f) {
    change(what, [&](graph::Block& b) {
      for (ParamSpec& p : b.params)
        if (p.name == name) f(p);
    });
  };
  auto* first = new QHBoxLayout;
  first->setSpacing(theme::kSpaceXs);
  auto* name = new QLineEdit(QString::fromStdString(spec.name));
  name->setObjectName(QString("param-%1").arg(QString::fromStdString(spec.name)));
  name->setAccessibleName(tr("Name of a parameter"));
  name->setFixedWidth(kNameWidth);
  onFinished(*name, [this, old = spec.name](const std::string& text) {
    attempt([&] {
      const std::string problem = language::nameProblem(text);
      return problem.empty() ? model_->applyAnywhere(graph::renameParam(model_->root(), block_, old, text))
                             : QString::fromStdString(problem);
    });
  });
  auto* kind = new QComboBox;
  kind->setAccessibleName(tr("Kind of the parameter"));
  kind->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // the panel is narrow
  for (const Kind& k : kinds()) kind->addItem(tr(k.title), static_cast<int>(k.kind));
  kind->setCurrentIndex(kind->findData(static_cast<int>(spec.kind)));
  connect(kind, &QComboBox::activated, this, [withParam](int index) {
    const Kind& chosen = kinds()[static_cast<size_t>(index)];
    withParam("Change a parameter of", [&](ParamSpec& p) {
      if (p.kind == chosen.kind) return;
      p.kind = chosen.kind;
      p.fallback = chosen.fallback;
      p.minimum = p.maximum = std::nullopt;
      p.choices.clear();
    });
  });
  QToolButton* gone = iconButton("trash", tr("Remove the parameter"));
  connect(gone, &QToolButton::clicked, this, [this, name = spec.name] {
    change("Remove a parameter of",
           [&](graph::Block& b) { std::erase_if(b.params, [&](const ParamSpec& p) { return p.name == name; }); });
  });
  first->addWidget(name);
  first->addWidget(kind, 1);
  first->addWidget(gone);
  column_->addLayout(first);
  auto* value = new SpecEditor(spec);
  value->setLabel(tr("Default"));
  value->setValue(spec.fallback);
  connect(value, &SpecEditor::edited, this, [withParam](const Attribute& v) {
    withParam("Change a parameter of", [&](ParamSpec& p) { p.fallback = v; });
  });
  column_->addWidget(value);
}

}  // namespace netwright::forms
