// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that makes blocks, takes them apart and enters them.
#include <cstring>

#include "core/base/error.h"
#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"

namespace netwright::editor {
namespace {

constexpr const char* kPrefix = "block:";

std::shared_ptr<const layers::LayerSpec> specOf(const graph::Block& block) {
  auto spec = std::make_shared<layers::LayerSpec>(layers::blockSpec(block));
  spec->id = kPrefix + std::to_string(block.id.value);
  return spec;
}

}  // namespace

std::shared_ptr<const layers::LayerSpec> GraphScene::layer(const QString& id) const {
  if (!id.startsWith(kPrefix)) return {std::shared_ptr<void>(), layers::findLayer(id.toStdString())};
  const graph::Block* block = model_->root().findBlock({id.mid(static_cast<int>(strlen(kPrefix))).toLongLong()});
  return block ? specOf(*block) : nullptr;
}

std::vector<std::shared_ptr<const layers::LayerSpec>> GraphScene::blocks() const {
  std::vector<std::shared_ptr<const layers::LayerSpec>> all;
  for (const graph::Block& block : model_->root().blocks)
    if (graph::circle(model_->root(), model_->view().block, block.id).empty()) all.push_back(specOf(block));
  return all;
}

bool GraphScene::sendAnywhere(const graph::Edit& edit) {
  ++moves_;
  const QString refused = model_->applyAnywhere(edit);
  Q_EMIT hinted(refused);
  return refused.isEmpty();
}

void GraphScene::attempt(const std::function<graph::Edit()>& edit) {
  try {
    sendAnywhere(edit());
  } catch (const Error& e) {
    Q_EMIT hinted(QString::fromStdString(e.title + (e.next.empty() ? "" : " " + e.next)));
  }
}

void GraphScene::packSelection() {
  NodeId instance;
  attempt([&] {
    graph::Packed packed = graph::pack(model_->root(), model_->view().block, selectedNodes(), selectedAnnotations(),
                                       graph::freshBlockName(model_->root(), "Block"));
    instance = packed.instance;
    return std::move(packed.edit);
  });
  if (instance && item(instance)) select({instance});
}

void GraphScene::unpackSelection() {
  const std::vector<NodeId> chosen = selectedNodes();
  if (chosen.size() != 1) return hint(tr("Choose one block to unpack it."));
  std::vector<NodeId> inside;
  attempt([&] {
    graph::Edit edit = graph::unpack(model_->root(), model_->view().block, chosen.front());
    for (const graph::Step& step : edit.steps)
      if (const auto* add = std::get_if<graph::AddNode>(&step)) inside.push_back(add->node.id);
    return edit;
  });
  if (!inside.empty() && item(inside.front())) select(inside);
}

void GraphScene::enterSelection() {
  const std::vector<NodeId> chosen = selectedNodes();
  const graph::Node* node = chosen.size() == 1 ? document().find(chosen.front()) : nullptr;
  if (!node || node->bodies.empty()) return hint(tr("Choose a block to enter it."));
  model_->enter(node->id);
}

void GraphScene::makeSelectionUnique() {
  const std::vector<NodeId> chosen = selectedNodes();
  if (chosen.size() != 1) return hint(tr("Choose one block to make it unique."));
  attempt([&] { return graph::makeUnique(model_->root(), model_->view().block, chosen.front()); });
}

}  // namespace netwright::editor
