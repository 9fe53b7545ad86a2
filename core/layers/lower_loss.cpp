// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lower_loss.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/layers/check_params.h"
#include "core/layers/fixes.h"
#include "core/layers/lowering.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using graph::Node;

Diagnostic complaint(const char* code, std::map<std::string, std::string> args) {
  Diagnostic d;
  d.code = code;
  d.args = std::move(args);
  return d;
}

// The layer of the category Loss; null after a complaint.
const LayerSpec* findLoss(const LossScope& scope, const std::string& kind) {
  const LayerSpec* layer = findLayer(kind);
  if (layer && comparesOutputs(*layer)) return layer;
  std::vector<std::string> known;
  for (const LayerSpec& l : registry())
    if (comparesOutputs(l)) known.push_back(l.id);
  scope.diagnostics.push_back(complaint(
      "NW-R002",
      {{"what", "The loss"}, {"name", kind}, {"nearest", nearest(kind, known)}, {"known", joined(known, ", ")}}));
  return nullptr;
}

// The Output node that is compared; null after a complaint, or where the graph has none, which is said elsewhere.
const Node* findEnd(const LossScope& scope, const LossRequest& request, const LayerSpec& layer) {
  std::vector<std::string> names;
  const Node* end = nullptr;
  for (const Node& n : scope.document.nodes) {
    if (n.kind != "output") continue;
    names.push_back(n.name);
    if (request.output.empty() || n.name == request.output) end = &n;
  }
  const bool several = request.output.empty() && names.size() > 1, unknown = !end && !names.empty();
  if (several)
    scope.diagnostics.push_back(complaint(
        "NW-R004", {{"count", std::to_string(names.size())}, {"loss", layer.title}, {"outputs", joined(names, ", ")}}));
  if (unknown)
    scope.diagnostics.push_back(
        complaint("NW-R009", {{"loss", layer.title}, {"output", request.output}, {"outputs", joined(names, ", ")}}));
  return several ? nullptr : end;
}

// Stands for the loss in messages and names its buffers; it is no node of the document.
Node standIn(const LossScope& scope, const LossRequest& request, const LayerSpec& layer, int64_t index) {
  Node node;
  node.id = {-1 - index};
  node.kind = layer.id;
  node.name = fmt::format("{}.{}", layer.id, request.target);
  const auto taken = [&](const std::string& name) {
    const auto& states = scope.builder.program().states;
    return scope.document.findByName(name) || std::any_of(states.begin(), states.end(), [&](const program::State& s) {
             return s.name.rfind(name + ".", 0) == 0;
           });
  };
  while (taken(node.name)) node.name += "_";
  node.params = layer.defaults();
  for (const auto& [name, value] : request.params) node.params[name] = value;
  return node;
}

}  // namespace

program::ValueId targetInput(program::Builder& builder, const std::string& column, TensorType type) {
  for (const program::Port& p : builder.program().inputs)
    if (p.name == column) return p.value;
  type.shape.insert(type.shape.begin(), Dim::symbol("N"));
  if (isFloating(type.dtype)) type.dtype = DType::DefaultFloat;
  return builder.input(column, std::move(type));
}

void lowerLoss(const LossScope& scope, const LossRequest& request, int64_t index) {
  const LayerSpec* layer = findLoss(scope, request.kind);
  const Node* end = layer ? findEnd(scope, request, *layer) : nullptr;
  if (!end) return;
  const Node node = standIn(scope, request, *layer, index);
  const std::string name = fmt::format("{} on '{}'", layer->title, end->name);
  const auto report = [&](Diagnostic d) {
    d.args["layer"] = name;
    d.node = {end->id};
    scope.diagnostics.push_back(std::move(d));
  };
  const Diagnostics problems = checkParams(*layer, node);
  for (Diagnostic d : problems) {
    d.fixes.clear();  // they would change a node, which the loss is not
    report(std::move(d));
  }
  const auto& outputs = scope.builder.program().outputs;
  const auto port = std::find_if(outputs.begin(), outputs.end(), [&](const auto& p) { return p.name == end->name; });
  if (hasErrors(problems) || port == outputs.end()) return;  // without the port: an error before it was reported
  const program::ValueId scores = port->value;
  scope.builder.enter({{end->id}, node.name, name, Mode::Follow, program::Part::Loss});
  const program::ValueId target = targetInput(scope.builder, request.target, request.targetType);
  Lowering lowering(scope.builder, *layer, node, {{"input", scores}, {"target", target}});
  layer->lower(lowering);
  for (Diagnostic& d : lowering.diagnostics) {
    if (d.param.empty() && d.args.contains("param")) d.param = d.args["param"];
    d.fixes.clear();
    addLossFixes(scope.document, scope.nodes, end->id, scope.builder.program().tensorType(target).shape, d);
    report(std::move(d));
  }
  const auto loss = lowering.outputs.find("loss");
  if (loss == lowering.outputs.end() || !loss->second) return;
  if (!scope.builder.program().tensorType(loss->second).shape.empty()) {
    Diagnostic d = complaint(
        "NW-P001", {{"param", "reduction"}, {"problem", "must be mean or sum: what is trained is one number"}});
    d.param = "reduction";
    return report(std::move(d));
  }
  scope.builder.loss({loss->second, layer->id, request.weight, request.objective});
  scope.losses.push_back({layer->id, node.params, scores, request.target, {}});
}

}  // namespace netwright::layers
