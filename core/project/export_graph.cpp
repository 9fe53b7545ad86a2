// SPDX-License-Identifier: Apache-2.0
#include "core/project/export_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/graph/edit.h"
#include "core/layers/registry.h"

namespace netwright::project {
namespace {

std::vector<const graph::Node*> nodesOf(const graph::Document& graph, const char* kind) {
  std::vector<const graph::Node*> nodes;
  for (const graph::Node& n : graph.nodes)
    if (n.kind == kind) nodes.push_back(&n);
  return nodes;
}

template <class T>
T option(const Attributes& options, const char* name, T fallback) {
  const auto it = options.find(name);
  return it == options.end() ? fallback : std::get<T>(it->second);
}

// Gives the nodes of a kind the names of a list "a, b"; returns new name -> old name.
std::map<std::string, std::string> renamed(graph::Document& graph, const char* kind, const std::string& list) {
  std::map<std::string, std::string> names;
  const std::vector<const graph::Node*> nodes = nodesOf(graph, kind);
  std::vector<std::string> old;
  for (const graph::Node* n : nodes) old.push_back(n->name);
  std::vector<std::string> wanted = old;
  if (const auto given = words(list); !given.empty()) wanted = given;
  if (wanted.size() != old.size())
    failInput(fmt::format("{} name(s) were given for {} {}(s).", wanted.size(), old.size(), kind),
              fmt::format("The network has: {}.", joined(old, ", ")), "Give one name for each, in this order.");
  const std::set<std::string> different(wanted.begin(), wanted.end());
  if (different.size() != wanted.size() || different.contains(""))
    failInput(fmt::format("The names '{}' are not all different.", list), "", "Give each a name of its own.");
  graph::Edit edit{"", {}};
  for (size_t i = 0; i < old.size(); ++i) {  // in two steps, so that names may be exchanged
    names[wanted[i]] = old[i];
    if (wanted[i] != old[i]) edit.steps.emplace_back(graph::Rename{nodes[i]->id, fmt::format("\x01{}", i)});
  }
  for (size_t i = 0; i < old.size(); ++i)
    if (wanted[i] != old[i]) edit.steps.emplace_back(graph::Rename{nodes[i]->id, wanted[i]});
  graph::apply(graph, edit);
  return names;
}

// The ending that turns an output's scores into probabilities, by the loss that it was trained with.
std::string endingOf(const Project& project, const std::string& output) {
  const std::string loss = lossOf(project, output);
  return loss == "cross_entropy" ? "softmax" : loss == "bce_with_logits" ? "sigmoid" : "";
}

void insertBefore(graph::Document& graph, NodeId output, const std::string& kind) {
  const graph::Node& target = *graph.find(output);
  const auto wire =
      std::find_if(graph.wires.begin(), graph.wires.end(), [&](const graph::Wire& w) { return w.to.node == output; });
  if (wire == graph.wires.end()) return;
  const layers::LayerSpec& layer = *layers::findLayer(kind);
  graph::Node node;
  node.id = graph.freshId();
  node.kind = kind;
  node.version = layer.version;
  node.name = graph.freshName(layer.stem);
  node.params = layer.defaults();
  if (kind == "softmax") node.params["dim"] = int64_t{1};
  node.position = {target.position.x, target.position.y + 80};
  const graph::Wire before = *wire;
  graph::Edit edit{"",
                   {graph::Disconnect{before}, graph::AddNode{node},
                    graph::Connect{{before.from, {node.id, layer.inputs.front().name}}},
                    graph::Connect{{{node.id, layer.outputs.front().name}, before.to}}}};
  graph::apply(graph, edit);
}

}  // namespace

std::string lossOf(const Project& project, const std::string& output) {
  const graph::Document& graph = project.graph;
  const graph::Node* end = graph.findByName(output);
  const graph::Wire* into = end ? graph.wireInto({end->id, "x"}) : nullptr;
  for (const graph::Wire& w : graph.wires) {
    const graph::Node* reader = into && w.from == into->from && w.to.port == "input" ? graph.find(w.to.node) : nullptr;
    const layers::LayerSpec* layer = reader ? layers::findLayer(reader->kind) : nullptr;
    if (layer && layer->category == layers::Category::Loss) return layer->id;
  }
  const bool only = nodesOf(graph, "output").size() == 1;
  for (const run::Objective& objective : project.run.objectives)
    for (const run::LossTerm& term : objective.terms)
      if (term.output == output || (term.output.empty() && only)) return term.loss;
  return "";
}

const std::vector<ParamSpec>& graphOptions() {
  static const std::vector<ParamSpec> kOptions{
      boolParam("probabilities", false)
          .withDoc("Put a softmax behind outputs that were trained with cross entropy, and a sigmoid behind those "
                   "trained with binary cross entropy: the file then gives probabilities, not scores."),
      textParam("input_names", "").withDoc("Other names for the inputs, in their order: image, mask."),
      textParam("output_names", "").withDoc("Other names for the outputs, in their order.")};
  return kOptions;
}

ExportGraph exportGraph(const Project& project, const Attributes& options) {
  ExportGraph made{project.graph, {}, {}, {}};
  std::map<std::string, std::string> endings;  // by the project's name
  if (option(options, "probabilities", false)) {
    const auto outputs = nodesOf(project.graph, "output");
    for (const graph::Node* n : outputs) {
      const std::string ending = endingOf(project, n->name);
      if (ending.empty()) continue;
      insertBefore(made.graph, n->id, ending);
      endings[n->name] = ending;
    }
    if (endings.empty())
      failInput("No output gives probabilities.",
                "None was trained with cross entropy or binary cross entropy, whose scores become probabilities.",
                "Export without the option 'probabilities'.");
  }
  made.inputs = renamed(made.graph, "input", option<std::string>(options, "input_names", ""));
  made.outputs = renamed(made.graph, "output", option<std::string>(options, "output_names", ""));
  for (const auto& [name, old] : made.outputs)
    if (endings.contains(old)) made.endings[name] = endings.at(old);
  return made;
}

HostTensor ended(const HostTensor& scores, const std::string& ending) {
  HostTensor result = scores;
  if (scores.dtype != DType::Float32 || ending.empty()) return result;
  const auto values = result.as<float>();
  if (ending == "sigmoid") {
    for (float& v : values) v = static_cast<float>(1 / (1 + std::exp(-static_cast<double>(v))));
    return result;
  }
  const int64_t classes = scores.shape.size() > 1 ? scores.shape[1] : 1;
  int64_t inner = 1;
  for (size_t d = 2; d < scores.shape.size(); ++d) inner *= scores.shape[d];
  const int64_t outer = classes * inner == 0 ? 0 : scores.count() / (classes * inner);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      const auto at = [&](int64_t c) -> float& { return values[static_cast<size_t>((o * classes + c) * inner + i)]; };
      double highest = -INFINITY, sum = 0;
      for (int64_t c = 0; c < classes; ++c) highest = std::max<double>(highest, at(c));
      for (int64_t c = 0; c < classes; ++c) sum += std::exp(at(c) - highest);
      for (int64_t c = 0; c < classes; ++c) at(c) = static_cast<float>(std::exp(at(c) - highest) / sum);
    }
  return result;
}

}  // namespace netwright::project
