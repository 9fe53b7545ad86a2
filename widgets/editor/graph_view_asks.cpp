// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas asks on top of itself: a layer, a port, a value, a text; and the card of a layer's problems.
#include <algorithm>

#include "core/base/error.h"
#include "core/layers/expressions/expression.h"
#include "core/layers/node_spec.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/annotation_item.h"
#include "widgets/editor/connect_list.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/inline_editor.h"
#include "widgets/editor/metrics.h"
#include "widgets/editor/node_item.h"
#include "widgets/editor/problem_card.h"
#include "widgets/editor/quick_add.h"
#include "widgets/forms/code_form.h"
#include "widgets/forms/spec_editor.h"

namespace netwright::editor {
namespace {

// "3" also where it stands for (3, 3).
QString shortText(const ParamSpec& spec, const Attribute& value) {
  const auto* list = std::get_if<std::vector<int64_t>>(&value);
  const bool same =
      list && spec.length > 1 && std::count(list->begin(), list->end(), list->front()) == std::ssize(*list);
  return same ? QString::number(list->front()) : forms::fieldText(value);
}

}  // namespace

void GraphView::askForLayer(std::optional<QPointF> at, const std::optional<WireStart>& start) {
  if (!scene_->model().isOpen()) return;
  const bool placed = at.has_value();
  const QPointF place = at.value_or(cursorScenePos());
  delete quickAdd_;
  // What the new layer will receive: of the wire in the hand, or of the layer that it is put behind.
  const auto chosen = scene_->selectedNodes();
  const NodeItem* before = !start && !placed && chosen.size() == 1 ? scene_->item(chosen.front()) : nullptr;
  std::optional<PortRef> from;
  if (start && start->fromOutput) from = start->port;
  if (before && !before->face().outputs.empty()) from = PortRef{before->node(), before->face().outputs.front().name};
  quickAdd_ = new QuickAdd(start, from ? scene_->model().typeAt(*from) : nullptr, scene_->blocks(),
                           static_cast<bool>(scene_->model().view().block), this);
  connect(quickAdd_, &QuickAdd::picked, this, [this, place, placed, start](const QString& id) {
    const auto layer = scene_->bring(id);
    if (!layer) return;
    if (start)  // the port that was dragged from lands under the pointer
      scene_->addLayer(*layer, place - QPointF(start->fromOutput ? 0 : kNodeWidth, kFirstPort), start);
    else if (placed)
      scene_->addLayer(*layer, place - QPointF(kNodeWidth, kNodeHeight) / 2, std::nullopt);
    else
      scene_->addLayerBesideSelection(*layer, place);
    setFocus();
    keepInView(scene_->currentNode());
  });
  connect(quickAdd_, &QuickAdd::helpAsked, this, &GraphView::helpAsked);
  quickAdd_->popUp(viewport()->mapToGlobal(mapFromScene(place)));
}

QuickAdd* GraphView::quickAdd() const { return quickAdd_; }

InlineEditor* GraphView::inlineEditor() const { return editor_ && editor_->isVisible() ? editor_ : nullptr; }
ConnectList* GraphView::connectList() const {
  return connectList_ && connectList_->isVisible() ? connectList_ : nullptr;
}
ProblemCard* GraphView::problemCard() const {
  return problemCard_ && problemCard_->isVisible() ? problemCard_ : nullptr;
}

void GraphView::addFrame() {
  if (!scene_->model().isOpen()) return;
  if (const int64_t id = scene_->addFrame(cursorScenePos())) {
    ensureVisible(scene_->annotationItem(id)->sceneBody(), 20, 20);
    editAnnotation(id);
  }
}

void GraphView::addNote() {
  if (!scene_->model().isOpen()) return;
  if (const int64_t id = scene_->addNote(cursorScenePos())) {
    ensureVisible(scene_->annotationItem(id)->sceneBody(), 20, 20);
    editAnnotation(id);
  }
}

void GraphView::editSelection() {
  if (!scene_->selectedNodes().empty()) {
    Q_EMIT editAsked();
  } else {
    editHere();
  }
}

void GraphView::editHere() {
  const auto nodes = scene_->selectedNodes();
  const auto annotations = scene_->selectedAnnotations();
  if (nodes.empty() && !annotations.empty()) return editAnnotation(annotations.front());
  if (nodes.size() != 1) return;
  const auto& values = scene_->item(nodes.front())->face().values;
  if (values.empty()) return scene_->hint(tr("This layer has no main parameters; Enter goes to its form."));
  editValue(nodes.front(), QString::fromStdString(values.front().param));
}

void GraphView::openEditor(InlineEditor* editor, const QRectF& place) {
  if (editor_) editor_->finish(true);
  editor_ = editor;
  connect(editor, &InlineEditor::finished, this, [this] { setFocus(); });
  editor->open(mapFromScene(place).boundingRect());
}

void GraphView::editValue(NodeId id, const QString& param) {
  const graph::Node* node = scene_->document().find(id);
  const auto layer = node ? layers::specOf(scene_->model().root(), *node, scene_->model().view().block) : nullptr;
  const ParamSpec* found = layer ? layer->findParam(param.toStdString()) : nullptr;
  const std::shared_ptr<const ParamSpec> spec(layer, found);  // lives as long as its layer
  const NodeItem* item = scene_->item(id);
  if (!spec || !item) return;
  if (node->kind == layers::expressions::kKind && spec->name == layers::expressions::kCode)
    return forms::CodeDialog::open(&scene_->model(), id, window());
  const auto& values = item->face().values;
  const auto at = std::find_if(values.begin(), values.end(), [&](const ValueFace& v) { return v.param == spec->name; });
  if (at == values.end()) return;
  const auto index = static_cast<size_t>(at - values.begin());
  if (spec->kind == ParamKind::Bool) {
    const bool* now = std::get_if<bool>(&node->params.at(spec->name));
    scene_->send(graph::setParam(scene_->document(), id, spec->name, !(now && *now)));
    return;
  }
  keepInView(id);
  auto* editor = new InlineEditor(
      shortText(*spec, node->params.at(spec->name)),
      [spec](const QString& text) {
        try {
          spec->parse(text.toStdString());
          return QString();
        } catch (const Error& e) {
          return QString::fromStdString(e.title);
        }
      },
      viewport());
  editor->setToolTip(QString::fromStdString(spec->doc));
  editor->field()->setAccessibleName(param);
  if (!spec->choices.empty()) {
    QStringList choices;
    for (const std::string& c : spec->choices) choices << QString::fromStdString(c);
    editor->setChoices(choices);
  }
  connect(editor, &InlineEditor::committed, this, [this, id, spec](const QString& text) {
    scene_->send(graph::setParam(scene_->document(), id, spec->name, spec->parse(text.toStdString())));
  });
  connect(editor, &InlineEditor::stepAsked, this, [this, id, index](bool forward) {
    const NodeItem* now = scene_->item(id);
    const size_t count = now ? now->face().values.size() : 0;
    const size_t next = forward ? index + 1 : index - 1;  // past either end: the canvas has the keyboard again
    if (next < count) editValue(id, QString::fromStdString(now->face().values[next].param));
  });
  openEditor(editor, item->valueRect(index));
}

void GraphView::editAnnotation(int64_t id) {
  const AnnotationItem* item = scene_->annotationItem(id);
  if (!item) return;
  const QString text = QString::fromStdString(item->annotation().text);
  auto* editor = item->isFrame() ? new InlineEditor(text, nullptr, viewport()) : new InlineEditor(text, viewport());
  editor->field()->setAccessibleName(item->isFrame() ? tr("Title of the frame") : tr("Text of the note"));
  connect(editor, &InlineEditor::committed, this, [this, id](const QString& now) {
    scene_->setAnnotationText(id, now);
    if (const AnnotationItem* grown = scene_->annotationItem(id)) ensureVisible(grown->sceneBody(), 20, 20);
  });
  openEditor(editor, item->textRect());
}

void GraphView::connectByList() {
  const auto nodes = scene_->selectedNodes();
  if (nodes.size() != 1) return scene_->hint(tr("Choose one layer to connect it."));
  delete connectList_;
  connectList_ = new ConnectList(scene_->model().view(), nodes.front(), this);
  connect(connectList_, &ConnectList::picked, this, [this](const graph::Wire& wire) {
    scene_->send(graph::connect(scene_->document(), wire));
    setFocus();
  });
  const QRectF body = scene_->item(nodes.front())->sceneBody();
  connectList_->popUp(viewport()->mapToGlobal(mapFromScene(body.topRight()) + QPoint(12, 0)));
}

void GraphView::showProblems(std::optional<NodeId> node) {
  const auto nodes = scene_->selectedNodes();
  if (!node && nodes.size() == 1) node = nodes.front();
  const NodeItem* item = node ? scene_->item(*node) : nullptr;
  if (!item) return;
  delete problemCard_;
  problemCard_ = new ProblemCard(scene_->model(), *node, this);
  if (problemCard_->count() == 0) {
    delete problemCard_;
    return scene_->hint(tr("Nothing is wrong with %1.").arg(item->face().name));
  }
  problemCard_->popUp(viewport()->mapToGlobal(mapFromScene(item->sceneBody().topRight()) + QPoint(14, 4)));
}

}  // namespace netwright::editor
