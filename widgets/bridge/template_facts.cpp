// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/template_facts.h"

#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "core/project/project.h"

namespace netwright::bridge {
namespace {

double numbersPerSample(const program::ValueType& type) {
  if (!type.isTensor()) return 1;
  double count = 1;
  for (const program::Dim& d : type.tensor().shape) count *= static_cast<double>(d.constant().value_or(1));
  return count;
}

TemplateFacts factsOf(const project::Template& origin) {
  const project::Project p = origin.project();
  const layers::Lowered lowered = layers::lowerGraph(p.graph);
  TemplateFacts facts{.id = QString::fromStdString(origin.id), .source = QString::fromStdString(p.data.source)};
  if (p.data.params.contains("text")) facts.source = "text";
  facts.parameters = lowered.program.parameterCount();
  if (!lowered.program.outputs.empty())
    facts.outputs = static_cast<int>(numbersPerSample(lowered.program.type(lowered.program.outputs.front().value)));
  for (const NodeId id : graph::topologicalOrder(lowered.flat(p.graph))) {
    const layers::LayerSpec* layer = layers::findLayer(lowered.flat(p.graph).find(id)->kind);
    if (!layer || layer->category == layers::Category::InputOutput || layer->outputs.empty()) continue;
    const program::ValueType* type = lowered.typeAt({id, layer->outputs.front().name});
    facts.layers.append({layer->category, type ? numbersPerSample(*type) : 1});
  }
  return facts;
}

}  // namespace

QVector<TemplateFacts> templateFacts() {
  QVector<TemplateFacts> all;
  for (const project::Template& t : project::templates()) all.append(factsOf(t));
  return all;
}

}  // namespace netwright::bridge
