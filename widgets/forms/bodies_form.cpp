// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/bodies_form.h"

#include <fmt/format.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/graph/blocks.h"
#include "core/graph/edit.h"
#include "core/graph/expand.h"
#include "core/layers/new_bodies.h"
#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/forms/icon_button.h"
#include "widgets/theme/metrics.h"

namespace netwright::forms {

QString bodyName(const graph::Node& node, size_t body) {
  if (node.bodies.size() == 1 && node.kind != "switch") return BodiesForm::tr("body");
  if (node.kind == graph::kIf) return body == 0 ? BodiesForm::tr("then") : BodiesForm::tr("otherwise");
  return QString::number(body);
}

BodiesForm::BodiesForm(bridge::ProjectModel* model, const graph::Node& node, QWidget* parent)
    : QWidget(parent), model_(model), node_(node.id), column_(new QVBoxLayout(this)) {
  setObjectName("bodies-form");
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(theme::kSpaceXs);
  for (size_t body = 0; body < node.bodies.size(); ++body) addRow(node, body);
  if (node.kind == "switch") addMore(node);
}

void BodiesForm::addRow(const graph::Node& node, size_t body) {
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceXs);
  const QString name = bodyName(node, body);
  auto* label = new QLabel(name);
  label->setFixedWidth(64);
  auto* blocks = new QComboBox;
  blocks->setObjectName(QString("body-%1").arg(body));
  blocks->setAccessibleName(tr("What runs as %1").arg(name));
  blocks->setToolTip(tr("The block that runs here; its ports are those of the node"));
  blocks->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // the panel is narrow
  for (const graph::Block& b : model_->root().blocks) {
    if (!graph::circle(model_->root(), model_->view().block, b.id).empty()) continue;
    blocks->addItem(QString::fromStdString(b.name), QVariant::fromValue<qint64>(b.id.value));
    if (b.id == node.bodies[body]) blocks->setCurrentIndex(blocks->count() - 1);
  }
  if (!model_->root().findBlock(node.bodies[body])) {
    blocks->insertItem(0, tr("a block that is gone"), QVariant::fromValue<qint64>(node.bodies[body].value));
    blocks->setCurrentIndex(0);
  }
  blocks->insertSeparator(blocks->count());
  blocks->addItem(tr("A new block"), QVariant::fromValue<qint64>(0));
  connect(blocks, &QComboBox::activated, this,
          [this, blocks, body] { choose(body, {blocks->currentData().toLongLong()}); });
  auto* open = new QPushButton(tr("Open"));
  open->setObjectName(QString("open-body-%1").arg(body));
  open->setToolTip(tr("Shows what runs as %1").arg(name));
  connect(open, &QPushButton::clicked, this, [this, body] { model_->enter(node_, body); });
  label->setBuddy(blocks);
  row->addWidget(label);
  row->addWidget(blocks, 1);
  row->addWidget(open);
  if (node.kind == "switch" && node.bodies.size() > 1) {
    QToolButton* away = iconButton("close", tr("Take body %1 away; those behind it move up").arg(body));
    away->setObjectName(QString("remove-body-%1").arg(body));
    connect(away, &QToolButton::clicked, this, [this, body] {
      std::vector<BlockId> bodies = model_->document().find(node_)->bodies;
      bodies.erase(bodies.begin() + static_cast<std::ptrdiff_t>(body));
      send(std::move(bodies), {});
    });
    row->addWidget(away);
  }
  column_->addLayout(row);
}

void BodiesForm::addMore(const graph::Node& node) {
  auto* more = new QPushButton(tr("Add a body"));
  more->setObjectName("add-body");
  more->setToolTip(tr("One more way; it starts as a copy of the last one"));
  connect(more, &QPushButton::clicked, this, [this, last = node.bodies.back()] {
    const graph::Block* block = model_->root().findBlock(last);
    std::vector<BlockId> bodies = model_->document().find(node_)->bodies;
    if (!block) return choose(bodies.size(), {});
    graph::Block copy = *block;
    copy.id = model_->root().freshBlockId();
    copy.name = graph::freshBlockName(model_->root(), block->name);
    bodies.push_back(copy.id);
    send(std::move(bodies), {std::move(copy)});
  });
  column_->addWidget(more);
}

void BodiesForm::choose(size_t body, BlockId block) {
  const graph::Node& node = *model_->document().find(node_);
  std::vector<BlockId> bodies = node.bodies;
  bodies.resize(std::max(bodies.size(), body + 1));
  std::vector<graph::Block> fresh;
  if (!block) {
    const std::vector<graph::Block> made = layers::newBodies(*layers::findLayer(node.kind), model_->root());
    fresh = {made[std::min(body, made.size() - 1)]};
    fresh.front().id = model_->root().freshBlockId();
    block = fresh.front().id;
  }
  if (bodies[body] == block) return;
  bodies[body] = block;
  send(std::move(bodies), std::move(fresh));
}

void BodiesForm::send(std::vector<BlockId> bodies, std::vector<graph::Block> fresh) {
  graph::Edit edit{fmt::format("Choose what {} runs", model_->document().find(node_)->name), {}};
  for (graph::Block& block : fresh) edit.steps.emplace_back(graph::AddBlock{std::move(block)});
  edit.steps.emplace_back(graph::SetBodies{node_, std::move(bodies)}, model_->view().block);
  model_->applyAnywhere(edit);
}

}  // namespace netwright::forms
