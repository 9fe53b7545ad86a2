// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/undo_commands.h"

#include <algorithm>

namespace netwright::bridge {
namespace {

using graph::Step;

// Steps of the kind "set this to that", of which only the last one per target counts.
bool sameTarget(const Step& a, const Step& b) {
  if (a.body != b.body) return false;
  if (const auto *x = std::get_if<graph::Move>(&a), *y = std::get_if<graph::Move>(&b); x && y)
    return x->node == y->node;
  if (std::holds_alternative<graph::SetVariables>(a) && std::holds_alternative<graph::SetVariables>(b)) return true;
  if (const auto *x = std::get_if<graph::SetAnnotation>(&a), *y = std::get_if<graph::SetAnnotation>(&b); x && y)
    return x->annotation.id == y->annotation.id;
  const auto *x = std::get_if<graph::SetParam>(&a), *y = std::get_if<graph::SetParam>(&b);
  return x && y && x->node == y->node && x->param == y->param;
}

bool isAssignment(const Step& s) {
  return std::holds_alternative<graph::Move>(s) || std::holds_alternative<graph::SetParam>(s) ||
         std::holds_alternative<graph::SetAnnotation>(s) || std::holds_alternative<graph::SetVariables>(s);
}

bool sameValue(const Step& a, const Step& b) {
  if (!sameTarget(a, b)) return false;
  if (const auto* x = std::get_if<graph::Move>(&a)) return x->position == std::get<graph::Move>(b).position;
  if (const auto* x = std::get_if<graph::SetVariables>(&a))
    return x->variables == std::get<graph::SetVariables>(b).variables;
  if (const auto* x = std::get_if<graph::SetAnnotation>(&a))
    return x->annotation == std::get<graph::SetAnnotation>(b).annotation;
  return std::get<graph::SetParam>(a).value == std::get<graph::SetParam>(b).value;
}

void dropOverwritten(std::vector<Step>& steps) {
  if (!std::all_of(steps.begin(), steps.end(), isAssignment)) return;
  std::vector<Step> kept;
  for (auto it = steps.rbegin(); it != steps.rend(); ++it)
    if (std::none_of(kept.begin(), kept.end(), [&](const Step& later) { return sameTarget(*it, later); }))
      kept.push_back(std::move(*it));
  std::reverse(kept.begin(), kept.end());
  steps = std::move(kept);
}

bool changesNothing(const std::vector<Step>& steps, const std::vector<Step>& inverse) {
  return std::all_of(steps.begin(), steps.end(), [&](const Step& s) {
    return std::any_of(inverse.begin(), inverse.end(), [&](const Step& back) { return sameValue(s, back); });
  });
}

}  // namespace

EditCommand::EditCommand(ProjectModel& model, graph::Edit edit, graph::Edit inverse, QString key)
    : model_(model), edit_(std::move(edit)), inverse_(std::move(inverse)), key_(std::move(key)) {
  setText(QString::fromStdString(edit_.name));
}

bool EditCommand::mergeWith(const QUndoCommand* command) {
  const auto* other = dynamic_cast<const EditCommand*>(command);
  if (!other || other->key_ != key_) return false;
  edit_.steps.insert(edit_.steps.end(), other->edit_.steps.begin(), other->edit_.steps.end());
  inverse_.steps.insert(inverse_.steps.begin(), other->inverse_.steps.begin(), other->inverse_.steps.end());
  dropOverwritten(edit_.steps);
  dropOverwritten(inverse_.steps);
  setObsolete(changesNothing(edit_.steps, inverse_.steps));
  return true;
}

SettingsCommand::SettingsCommand(ProjectModel& model, Settings after, const QString& name)
    : QUndoCommand(name), model_(model), before_{model.project().run, model.project().data}, after_(std::move(after)) {}

}  // namespace netwright::bridge
