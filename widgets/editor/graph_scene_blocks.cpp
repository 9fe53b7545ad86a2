// SPDX-License-Identifier: GPL-3.0-or-later
// The part of GraphScene that makes blocks, takes them apart and enters them.
#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/graph/blocks.h"
#include "core/graph/expand.h"
#include "core/layers/new_bodies.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "core/project/block_library.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"

namespace netwright::editor {
namespace {

constexpr const char *kPrefix = "block:", *kLibrary = "library:";

std::shared_ptr<const layers::LayerSpec> specOf(const graph::Block& block) {
  auto spec = std::make_shared<layers::LayerSpec>(layers::blockSpec(block));
  spec->id = kPrefix + std::to_string(block.id.value);
  return spec;
}

}  // namespace

std::shared_ptr<const layers::LayerSpec> GraphScene::layer(const QString& id) const {
  if (!id.startsWith(kPrefix)) {
    const layers::LayerSpec* known = layers::findLayer(id.toStdString());
    return known ? layers::withNewBodies(*known, model_->root()) : nullptr;
  }
  const graph::Block* block = model_->root().findBlock({id.mid(static_cast<int>(strlen(kPrefix))).toLongLong()});
  return block ? specOf(*block) : nullptr;
}

std::vector<std::shared_ptr<const layers::LayerSpec>> GraphScene::blocks() const {
  std::vector<std::shared_ptr<const layers::LayerSpec>> all;
  for (const graph::Block& block : model_->root().blocks)
    if (graph::circle(model_->root(), model_->view().block, block.id).empty()) all.push_back(specOf(block));
  for (const project::LibraryBlock& kept : project::libraryBlocks()) {
    if (model_->root().findBlockByName(kept.name)) continue;
    auto spec = std::make_shared<layers::LayerSpec>();
    spec->id = kLibrary + kept.file.string();
    spec->title = kept.name;
    spec->category = layers::Category::Block;
    spec->doc = tr("From your library: %1").arg(QString::fromStdString(kept.file.string())).toStdString();
    spec->torchName = tr("library").toStdString();  // beside the name in lists
    all.push_back(std::move(spec));
  }
  return all;
}

std::shared_ptr<const layers::LayerSpec> GraphScene::bring(const QString& id) {
  if (!id.startsWith(kLibrary)) return layer(id);
  const std::filesystem::path file = id.mid(static_cast<int>(strlen(kLibrary))).toStdString();
  BlockId here;
  attempt([&] {
    const std::vector<graph::Block> blocks = project::readBlocks(file);
    std::map<BlockId, BlockId> numbers;
    graph::Edit edit = graph::addBlocks(model_->root(), blocks, numbers);
    here = numbers.at(blocks.back().id);
    return edit;
  });
  const graph::Block* block = model_->root().findBlock(here);
  if (!block) return nullptr;
  if (graph::circle(model_->root(), model_->view().block, here).empty()) return specOf(*block);
  hint(tr("%1 holds the block that is shown here; a block cannot contain itself.")
           .arg(QString::fromStdString(block->name)));
  return nullptr;
}

void GraphScene::saveBlock() {
  const std::vector<NodeId> chosen = selectedNodes();
  const graph::Node* node = chosen.size() == 1 ? document().find(chosen.front()) : nullptr;
  const BlockId block = node && !node->bodies.empty() ? node->bodies.front() : model_->view().block;
  if (!block) return hint(tr("Choose a block to keep it for other projects."));
  try {
    const auto file = project::saveToLibrary(model_->root(), block);
    hint(tr("Kept for other projects: %1").arg(QString::fromStdString(file.string())));
    Q_EMIT layersChanged();
  } catch (const Error& e) {
    hint(QString::fromStdString(e.title + " " + e.why + " " + e.next));
  }
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

void GraphScene::showNextBody() {
  const auto step = graph::bodyStep(model_->view());
  if (!step) return;
  const graph::View outer = graph::viewAt(model_->root(), step->outer);
  const graph::Node* node = outer.document().find(step->node);
  if (!node || node->bodies.size() < 2) return hint(tr("There is no other body here."));
  model_->show(graph::enter(outer, step->node, (step->body + 1) % node->bodies.size()));
}

void GraphScene::toggleBypass() {
  const auto can = [&](NodeId id) {
    const std::string& kind = document().find(id)->kind;
    return kind != graph::kBlockInput && kind != graph::kBlockOutput && kind != "input" && kind != "output";
  };
  std::vector<NodeId> nodes = selectedNodes();
  std::erase_if(nodes, [&](NodeId id) { return !can(id); });
  if (nodes.empty()) return hint(tr("Choose layers to bypass them; inputs and outputs cannot be."));
  const bool again = std::all_of(nodes.begin(), nodes.end(), [&](NodeId id) { return document().find(id)->bypassed; });
  const std::string what =
      nodes.size() == 1 ? document().find(nodes.front())->name : std::to_string(nodes.size()) + " layers";
  graph::Edit edit{again ? "Let " + what + " take part" : "Bypass " + what, {}};
  for (const NodeId id : nodes) edit.steps.emplace_back(graph::SetBypassed{id, !again});
  send(edit);
}

// Patterns of the run's settings for each node: the names of its weights begin with its own, in every copy of a block.
void GraphScene::toggleFrozen() {
  const std::vector<NodeId> nodes = selectedNodes();
  if (nodes.empty()) return hint(tr("Choose layers to freeze them."));
  std::vector<std::string> patterns;
  const auto& structure = model_->prepared().lowered.structure;
  for (const NodeId id : nodes) {
    const std::vector<std::string> prefixes = structure ? structure->prefixes(model_->root(), model_->view().block, id)
                                                        : std::vector<std::string>{document().find(id)->name + "."};
    for (const std::string& prefix : prefixes) patterns.push_back(prefix + "*");
  }
  if (patterns.empty()) return hint(tr("Nothing uses this block yet, so it has no weights to freeze."));
  run::RunConfig run = model_->project().run;
  std::vector<std::string>& frozen = run.frozen;
  const auto has = [&](const std::string& p) { return std::find(frozen.begin(), frozen.end(), p) != frozen.end(); };
  const bool thaw = std::all_of(patterns.begin(), patterns.end(), has);
  for (const std::string& p : patterns)
    if (thaw)
      std::erase(frozen, p);
    else if (!has(p))
      frozen.push_back(p);
  const QString what = nodes.size() == 1 ? QString::fromStdString(document().find(nodes.front())->name)
                                         : tr("%1 layers").arg(nodes.size());
  model_->setRunConfig(run, thaw ? tr("Train %1 again").arg(what) : tr("Freeze %1").arg(what));
}

void GraphScene::makeSelectionUnique() {
  const std::vector<NodeId> chosen = selectedNodes();
  if (chosen.size() != 1) return hint(tr("Choose one block to make it unique."));
  attempt([&] { return graph::makeUnique(model_->root(), model_->view().block, chosen.front()); });
}

}  // namespace netwright::editor
