// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/param_form.h"

#include <fmt/format.h>

#include <QApplication>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/language/scalar.h"
#include "core/layers/expressions/expression.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/forms/block_form.h"
#include "widgets/forms/bodies_form.h"
#include "widgets/forms/code_form.h"
#include "widgets/forms/network_summary.h"
#include "widgets/forms/problem_view.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/forms/variables_form.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

void clearLayout(QLayout& layout) {
  while (QLayoutItem* item = layout.takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater(), item->widget()->hide();
    delete item;
  }
}

// Parameters that all of these nodes have, except those that the wires tell.
std::vector<ParamSpec> commonParams(const graph::View& view, const std::vector<NodeId>& nodes) {
  std::vector<ParamSpec> common;
  for (const NodeId id : nodes) {
    const graph::Node* node = view.document().find(id);
    const auto layer = node ? layers::specOf(*view.root, *node, view.block) : nullptr;
    if (!layer) return {};
    if (id == nodes.front()) common = layer->params;
    std::erase_if(common, [&](const ParamSpec& p) {
      const ParamSpec* other = layer->findParam(p.name);
      return p.kind == ParamKind::Inferred || !other || other->kind != p.kind || other->length != p.length;
    });
  }
  return common;
}

}  // namespace

ParamForm::ParamForm(bridge::ProjectModel* model, QWidget* parent) : QScrollArea(parent), model_(model) {
  setWidgetResizable(true);
  setFrameShape(NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Properties"));
  theme::setClass(*this, "panel");
  connect(model_, &bridge::ProjectModel::projectChanged, this, [this] {
    nodes_.clear();
    chosenBatch_.reset();
    rebuild();
    Q_EMIT costBatchChanged();
  });
  connect(model_, &bridge::ProjectModel::placeAboutToChange, this, [this] {
    if (QWidget* field = QApplication::focusWidget(); field && isAncestorOf(field)) field->clearFocus();
  });
  connect(model_, &bridge::ProjectModel::placeChanged, this, [this] {
    nodes_.clear();
    rebuild();
  });
  connect(model_, &bridge::ProjectModel::documentChanged, this, [this](const graph::Change& change) {
    if (change.blocks || (change.structure && nodes_.empty())) return rebuild();
    if (change.meaning) refresh();
  });
  connect(model_, &bridge::ProjectModel::settingsChanged, this, [this] {
    if (nodes_.empty() && runBatch_ != model_->settledRun().batchSize)
      rebuild();  // the default of the batch is another
    else
      refresh();
    if (!chosenBatch_) Q_EMIT costBatchChanged();
  });
  rebuild();
}

void ParamForm::setNodes(const std::vector<NodeId>& nodes) {
  if (nodes == nodes_) return;
  nodes_ = nodes;
  rebuild();
}

SpecEditor* ParamForm::editor(const std::string& param) const {
  const auto it = editors_.find(param);
  return it == editors_.end() ? nullptr : it->second;
}

void ParamForm::focusFirstField() {
  for (SpecEditor* spec : page_->findChildren<SpecEditor*>()) {
    const auto* line = qobject_cast<QLineEdit*>(spec->field());
    if (!line || !line->isReadOnly()) return spec->setFocus(Qt::TabFocusReason);  // what the wire tells is not typed
  }
  if (name_) name_->setFocus(Qt::TabFocusReason);
}

void ParamForm::rebuild() {
  std::erase_if(nodes_, [this](NodeId id) { return !model_->document().find(id); });
  editors_.clear();
  name_ = nullptr;
  batchEditor_ = nullptr;
  variables_ = nullptr;
  code_ = nullptr;
  problems_ = facts_ = nullptr;
  page_ = new QWidget;
  column_ = new QVBoxLayout(page_);
  column_->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  column_->setSpacing(theme::kSpaceSmall);
  if (nodes_.size() == 1)
    buildNode(layers::specOf(model_->root(), *model_->document().find(nodes_.front()), model_->view().block).get());
  else if (nodes_.size() > 1)
    buildSeveral();
  else
    buildSummary();
  column_->addStretch(1);
  if (QWidget* old = takeWidget()) {  // may be what handles the present event
    old->hide();
    old->deleteLater();
  }
  setWidget(page_);
  page_->show();
  refresh();
}

void ParamForm::refresh() {
  if (std::any_of(nodes_.begin(), nodes_.end(), [this](NodeId id) { return !model_->document().find(id); }))
    return rebuild();
  refreshEditors();
  refreshProblems();
  refreshFacts();
  if (variables_) variables_->refresh();
  if (code_) code_->refresh();
  if (name_ && !name_->isModified())
    name_->setText(QString::fromStdString(model_->document().find(nodes_.front())->name));
}

QLabel* ParamForm::addText(const QString& text, const QString& style) {
  auto* label = new QLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  theme::setClass(*label, style);
  column_->addWidget(label);
  return label;
}

void ParamForm::addHeading(const QString& text) {
  column_->addSpacing(theme::kSpaceSmall);
  addText(text, "strong");
}

void ParamForm::addFact(const Fact& fact) {
  auto* row = new QWidget;
  row->setToolTip(fact.explanation);
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  auto* left = new QLabel(fact.label);
  theme::setClass(*left, "muted");
  auto* right = new QLabel(fact.value);
  right->setTextInteractionFlags(Qt::TextSelectableByMouse);
  right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  line->addWidget(left);
  line->addWidget(right, 1);
  facts_->addWidget(row);
}

void ParamForm::buildTitle(const layers::LayerSpec* layer) {
  const graph::Node& node = *model_->document().find(nodes_.front());
  auto* row = new QHBoxLayout;
  auto* title = new QLabel(QString::fromStdString(layer ? layer->title : node.kind));
  theme::setClass(*title, "heading");
  auto* badge = new QLabel(layer ? QString::fromStdString(layers::title(layer->category)) : tr("Unknown kind"));
  theme::setClass(*badge, "badge muted");
  row->addWidget(title);
  row->addStretch(1);
  row->addWidget(badge);
  if (layer && layer->category != layers::Category::Block) {
    auto* help = new QToolButton;
    help->setObjectName("layer-help");
    help->setIcon(theme::icon("help", theme::IconRole::Muted));
    help->setToolTip(tr("The layer's help page (F1)"));
    help->setAccessibleName(tr("Help"));
    theme::setClass(*help, "icon");
    connect(help, &QToolButton::clicked, this,
            [this, id = layer->id] { Q_EMIT helpAsked(QString::fromStdString(id)); });
    row->addWidget(help);
  }
  column_->addLayout(row);
  addText(layer ? QString::fromStdString(layer->doc)
                : tr("This version does not know this kind of layer. It is kept as it is and written back unchanged."),
          "muted");
  if (!layer) return;
  if (!layer->formula.empty()) addText(QString::fromStdString(layer->formula), "code");
  if (!layer->torchName.empty())
    addText(tr("PyTorch: %1").arg(QString::fromStdString(layer->torchName)), "muted small");
}

void ParamForm::buildNode(const layers::LayerSpec* layer) {
  buildTitle(layer);
  problems_ = new QVBoxLayout;
  problems_->setSpacing(theme::kSpaceSmall);
  column_->addLayout(problems_);
  column_->addSpacing(theme::kSpaceXs);
  auto* row = new QHBoxLayout;
  auto* label = new QLabel(tr("Name"));
  label->setFixedWidth(104);
  name_ = new QLineEdit;
  name_->setAccessibleName(tr("Name"));
  name_->setToolTip(tr(
      "The layer's weights are named after it; names must differ. A dotted path such as layer1.conv groups layers."));
  label->setBuddy(name_);
  row->setSpacing(theme::kSpaceXs);
  row->addWidget(label);
  row->addSpacing(theme::kSpaceXs);
  row->addWidget(name_, 1);
  row->addWidget(makeFieldMargin());
  column_->addLayout(row);
  nameMessage_ = addText({}, "small error");
  nameMessage_->hide();
  connect(name_, &QLineEdit::editingFinished, this, &ParamForm::rename);
  if (const graph::Node& node = *model_->document().find(nodes_.front()); layer && node.kind == graph::kInstance)
    buildInstance(node);
  else if (layer && layer->category == layers::Category::Control)
    column_->addWidget(new BodiesForm(model_, node));
  if (layer && !layer->params.empty()) {
    addHeading(tr("Parameters"));
    buildEditors(layer->params);
  }
  addHeading(tr("Result"));
  facts_ = new QVBoxLayout;
  facts_->setSpacing(theme::kSpaceXs);
  column_->addLayout(facts_);
}

void ParamForm::buildSeveral() {
  auto* title = addText(tr("%1 layers").arg(nodes_.size()), "heading");
  title->setWordWrap(false);
  const std::vector<ParamSpec> common = commonParams(model_->view(), nodes_);
  if (common.empty()) {
    addText(
        tr("These layers have no parameters in common. Move, copy or delete them together, or choose one to edit it."),
        "muted");
    return;
  }
  addText(tr("What you change here changes in all of them."), "muted");
  buildEditors(common);
}

void ParamForm::buildEditors(const std::vector<ParamSpec>& specs) {
  for (const ParamSpec& spec : specs) {
    const graph::Node* one = nodes_.size() == 1 ? model_->document().find(nodes_.front()) : nullptr;
    if (one && one->kind == layers::expressions::kKind && spec.name == layers::expressions::kCode) {
      column_->addWidget(code_ = new CodeForm(model_, one->id));
      continue;
    }
    auto* row = new SpecEditor(spec);
    connect(row, &SpecEditor::edited, this,
            [this, name = spec.name](const Attribute& value) { setParam(name, value); });
    column_->addWidget(row);
    editors_[spec.name] = row;
  }
}

void ParamForm::refreshEditors() {
  const auto& document = model_->document();
  for (const auto& [name, row] : editors_) {
    const auto valueOf = [&](NodeId id) {
      const Attributes& params = document.find(id)->params;
      const auto it = params.find(name);
      return it == params.end() ? row->spec().fallback : it->second;
    };
    const Attribute first = valueOf(nodes_.front());
    const bool same = std::all_of(nodes_.begin(), nodes_.end(), [&](NodeId id) { return valueOf(id) == first; });
    std::optional<int64_t> inferred;
    const auto& reports = model_->prepared().lowered.nodes;
    if (const auto report = reports.find(model_->view().flat(nodes_.front())); report != reports.end())
      if (const auto it = report->second.inferred.find(name); it != report->second.inferred.end())
        inferred = it->second;
    if (same) {
      row->setValue(first, inferred);
      showResult(*row);
    } else
      row->setMixed();
  }
}

// What a formula is worth at the first of the nodes.
void ParamForm::showResult(SpecEditor& row) const {
  const auto& structure = model_->prepared().lowered.structure;
  const graph::View view = model_->view();
  Attributes names = graph::namesIn(*view.root, view.block);
  if (const NodeId flat = view.flat(nodes_.front()); structure && flat && structure->places.contains(flat))
    names = structure->namesAt(flat);
  row.showWorth(language::valuesAmong(std::move(names)));
}

void ParamForm::refreshProblems() {
  if (!problems_) return;
  clearLayout(*problems_);
  for (const Diagnostic& d : model_->prepared().diagnostics)
    if (model_->view().own(d.node) == nodes_.front())
      problems_->addWidget(new ProblemView(d, *model_, ProblemLayout::Card));
}

void ParamForm::refreshFacts() {
  if (!facts_) return;
  clearLayout(*facts_);
  const auto facts =
      nodes_.empty() ? networkFacts(*model_, costBatch()) : nodeFacts(*model_, nodes_.front(), costBatch());
  for (const Fact& fact : facts) addFact(fact);
}

void ParamForm::buildSummary() {
  if (!model_->isOpen()) {
    addText(tr("No project is open"), "heading");
    return;
  }
  if (const graph::Block* block = model_->root().findBlock(model_->view().block)) {
    addText(tr("Block"), "heading");
    addText(model_->view().path.empty() ? tr("Nothing in the network uses it yet, so shapes are unknown.")
                                        : tr("What you change here changes in all its instances."),
            "muted");
    column_->addWidget(new BlockForm(model_, *block));
    return buildVariables();
  }
  auto* title = addText(QString::fromStdString(model_->project().name), "heading");
  title->setAccessibleName(tr("Network"));
  if (!model_->project().description.empty()) addText(QString::fromStdString(model_->project().description), "muted");
  column_->addSpacing(theme::kSpaceXs);
  if (!model_->document().nodes.empty()) buildCostBatch();
  facts_ = new QVBoxLayout;
  facts_->setSpacing(theme::kSpaceXs + 2);
  column_->addLayout(facts_);
  buildVariables();
  addHeading(tr("What next"));
  addText(nextSteps(*model_), "muted");
}

void ParamForm::buildVariables() {
  addHeading(tr("Variables"));
  variables_ = new VariablesForm(model_);
  column_->addWidget(variables_);
}

// What can be done with an instance of a block beside setting its parameters.
void ParamForm::buildInstance(const graph::Node& node) {
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceXs);
  auto* open = new QPushButton(tr("Open"));
  open->setObjectName("open-block");
  connect(open, &QPushButton::clicked, this, [this, id = node.id] { model_->enter(id); });
  auto* own = new QPushButton(tr("Make unique"));
  own->setObjectName("make-unique");
  own->setToolTip(tr("Gives this instance a definition of its own, a copy that changes no other"));
  connect(own, &QPushButton::clicked, this,
          [this, id = node.id] { model_->applyAnywhere(graph::makeUnique(model_->root(), model_->view().block, id)); });
  for (QPushButton* button : {open, own}) {
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // the panel is narrow
    row->addWidget(button, 1);
  }
  column_->addLayout(row);
  std::vector<const graph::Node*> others;
  for (const graph::Node& n : model_->document().nodes)
    if (n.id != node.id && n.kind == node.kind && n.bodies == node.bodies) others.push_back(&n);
  if (others.empty()) return;
  auto* line = new QHBoxLayout;
  auto* label = new QLabel(tr("Weights"));
  label->setFixedWidth(104);
  auto* weights = new QComboBox;
  weights->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  weights->setObjectName("share-weights");
  weights->setAccessibleName(tr("Whose weights it uses"));
  weights->addItem(tr("its own"), QVariant::fromValue<qint64>(0));
  const auto shared = node.shared.find("*");
  for (const graph::Node* n : others) {
    weights->addItem(tr("those of %1").arg(QString::fromStdString(n->name)), QVariant::fromValue<qint64>(n->id.value));
    if (shared != node.shared.end() && shared->second.owner == NodePath{n->id})
      weights->setCurrentIndex(weights->count() - 1);
  }
  connect(weights, &QComboBox::activated, this, [this, weights, id = node.id] {
    try {
      model_->applyAnywhere(
          graph::shareWeights(model_->root(), model_->view().block, id, {weights->currentData().toLongLong()}));
    } catch (const Error& e) {
      nameMessage_->setText(QString::fromStdString(e.title));
      nameMessage_->show();
      weights->setCurrentIndex(0);
    }
  });
  line->addWidget(label);
  line->addWidget(weights, 1);
  column_->addLayout(line);
}

int64_t ParamForm::costBatch() const {
  return chosenBatch_.value_or(std::max<int64_t>(1, model_->settledRun().batchSize));
}

void ParamForm::buildCostBatch() {
  runBatch_ = model_->settledRun().batchSize;
  batchEditor_ = new SpecEditor(
      intParam("batch", std::max<int64_t>(1, runBatch_))
          .min(1)
          .max(1'000'000'000)
          .withDoc(tr("Costs here and on the layers are for this many samples. The run's own setting stays.")
                       .toStdString()));
  batchEditor_->setLabel(tr("Costs for batch"));
  batchEditor_->setValue(costBatch());
  connect(batchEditor_, &SpecEditor::edited, this,
          [this](const Attribute& value) { setCostBatch(std::get<int64_t>(value)); });
  column_->addWidget(batchEditor_);
}

void ParamForm::setCostBatch(std::optional<int64_t> batch) {
  chosenBatch_ = batch == runBatch_ ? std::nullopt : batch;
  refreshFacts();
  Q_EMIT costBatchChanged();
}

void ParamForm::rename() {
  if (!name_ || nodes_.empty() || !name_->isModified()) return;
  const QString refused = model_->applyAnywhere(
      graph::rename(model_->root(), model_->view().block, nodes_.front(), name_->text().trimmed().toStdString()));
  nameMessage_->setText(refused);
  nameMessage_->setVisible(!refused.isEmpty());
  theme::setClass(*name_, refused.isEmpty() ? "" : "error");
  if (!refused.isEmpty()) return;
  name_->setModified(false);
  refresh();
}

void ParamForm::setParam(const std::string& param, const Attribute& value) {
  graph::Edit all;
  for (const NodeId id : nodes_) {
    graph::Edit one = graph::setParam(model_->document(), id, param, value);
    all.steps.insert(all.steps.end(), one.steps.begin(), one.steps.end());
    all.name = one.name;
  }
  if (nodes_.size() > 1) all.name = fmt::format("Change {} of {} layers", param, nodes_.size());
  model_->apply(all);
}

}  // namespace netwright::forms
