// SPDX-License-Identifier: Apache-2.0
#include "core/convert/first_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/base/work_folder.h"
#include "core/convert/model_part.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"

namespace netwright::convert {
namespace fs = std::filesystem;
namespace {

using program::Op;
using program::Program;

// A value among those that ops of one node compute: the engine tells them by the node's name, in order.
struct Place {
  std::string name;
  size_t turn = 0;
  auto operator<=>(const Place&) const = default;
};

using Values = std::map<Place, HostTensor>;

Values valuesOf(Evaluator& evaluator, const std::vector<NamedTensor>& inputs) {
  Values found;
  std::map<std::string, size_t> turns;
  for (NamedTensor& t : evaluator.values(inputs)) found[{t.name, turns[t.name]++}] = std::move(t.tensor);
  return found;
}

struct Computed {
  const Op* op = nullptr;
  size_t order = 0;  // among the program's ops
  Place place;
};

// First results of ops, as the engine tells them.
std::map<program::ValueId, Computed> computedBy(const Program& program) {
  std::map<program::ValueId, Computed> found;
  std::map<std::string, size_t> turns;
  for (const Op* op : modelPart(program).ops) {
    const std::string& name = program.value(op->results.at(0)).name;
    found[op->results.at(0)] = {op, found.size(), {name, turns[name]++}};
  }
  return found;
}

// The graph with an output behind each layer whose result the engine tells.
struct Tapped {
  graph::Document graph;
  std::set<std::string> taps;  // names of the new outputs
};

Tapped tapped(const ExportInput& input, const Values& known) {
  // A flat graph does not say which of its nodes stand in bodies of control flow.
  const graph::Document& graph = input.drawn && hasControl(input.program) ? *input.drawn : input.graph;
  Tapped made{graph, {}};
  const layers::Lowered lowered = layers::lowerGraph(graph);
  const auto computed = computedBy(lowered.program);
  for (const graph::Node& node : graph.nodes) {
    const auto report = lowered.nodes.find(node.id);
    if (report == lowered.nodes.end()) continue;
    for (const auto& [port, value] : report->second.values) {
      const auto by = computed.find(value);
      if (by == computed.end() || by->second.op->node != NodePath{node.id} || !known.contains(by->second.place))
        continue;
      graph::Node output = layers::newNode(*layers::findLayer("output"), made.graph, node.position);
      made.taps.insert(output.name);
      made.graph.wires.push_back({{node.id, port}, {output.id, "x"}});
      made.graph.nodes.push_back(std::move(output));
    }
  }
  return made;
}

// Tells the values of layers where the network's outputs are asked for.
class LayerEvaluator final : public Evaluator {
 public:
  LayerEvaluator(Evaluator& engine, const Program& program, const std::set<std::string>& taps)
      : engine_(engine), program_(program), taps_(taps), computed_(computedBy(program)) {}

  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    Values values = valuesOf(engine_, inputs);
    std::map<std::string, HostTensor> results;
    for (NamedTensor& t : engine_.evaluate(inputs)) results[t.name] = std::move(t.tensor);
    std::vector<NamedTensor> all;
    for (const program::Port& port : program_.outputs)
      all.push_back({port.name, taps_.contains(port.name) ? values[computed_.at(port.value).place]
                                                          : std::move(results[port.name])});
    return all;
  }
  std::vector<NamedTensor> evaluateTorchScript(const fs::path& path, const std::vector<NamedTensor>& inputs) override {
    return engine_.evaluateTorchScript(path, inputs);
  }
  std::optional<Outside> evaluateOnnx(const fs::path& path, const std::vector<NamedTensor>& inputs) override {
    return engine_.evaluateOnnx(path, inputs);
  }

 private:
  Evaluator& engine_;
  const Program& program_;
  const std::set<std::string>& taps_;
  std::map<program::ValueId, Computed> computed_;
};

// The layer, by its results; empty if all agree.
std::string firstOf(const Comparison& proof, const Program& program) {
  const auto computed = computedBy(program);
  const Computed* first = nullptr;
  for (size_t i = 0; i < proof.outputs.size(); ++i) {
    const auto by = computed.find(program.outputs[i].value);
    if (proof.outputs[i].maxRelative > proof.tolerance && by != computed.end() &&
        (!first || by->second.order < first->order))
      first = &by->second;
  }
  return first ? first->op->layer : "";
}

// The op that reads a value, within another that runs it; null if there is none.
const Op* readerOf(const std::vector<const Op*>& ops, program::ValueId value) {
  for (const Op* op : ops) {
    const std::vector<program::ValueId> read = program::valuesOf(*op);
    if (std::find(read.begin(), read.end(), value) == read.end()) continue;
    for (const auto& region : op->regions) {
      std::vector<const Op*> inside;
      for (const Op& inner : region->ops) inside.push_back(&inner);
      const std::vector<program::ValueId> given = givenTo(*op);
      for (size_t i = 0; i < given.size(); ++i)
        if (given[i] == value)
          if (const Op* reader = readerOf(inside, region->inputs[i].value)) return reader;
    }
    return op;
  }
  return nullptr;
}

// The layer that uses the first weight that differs; empty if none is known by that name.
std::string layerOfWeight(const Comparison& weights, const Program& program) {
  for (const Comparison::Output& o : weights.outputs) {
    if (o.maxRelative == 0) continue;
    const auto state = std::find_if(program.states.begin(), program.states.end(),
                                    [&](const program::State& s) { return s.name == o.name; });
    if (state == program.states.end()) continue;
    if (const Op* reader = readerOf(modelPart(program).ops, state->value)) return reader->layer;
  }
  return "";
}

bool holds(const fs::path& path, const Chunks& content) {
  std::ifstream in(path, std::ios::binary);
  std::string block;
  for (std::string_view piece : content.pieces())
    while (!piece.empty()) {
      block.resize(std::min<size_t>(piece.size(), size_t{1} << 20));
      if (!in.read(block.data(), static_cast<std::streamsize>(block.size())) || !piece.starts_with(block)) return false;
      piece.remove_prefix(block.size());
    }
  return in.peek() == std::char_traits<char>::eof();
}

// A file that is not what the exporter writes: somebody changed it, or the disk did. Empty if all are.
std::string changedFile(const Exporter& format, const ExportInput& input, const fs::path& path) {
  ExportInput named = input;
  named.fileName = path.filename().string();
  const fs::path folder = format.info().folder ? path : path.parent_path();
  for (const OutputFile& file : format.files(named))
    if (!holds(folder / file.path, file.content)) return file.path;
  return "";
}

// Empty if all layers agree; nullopt where the engine tells nothing of them.
std::optional<std::string> firstLayer(const Exporter& format, const ExportInput& input, const fs::path& path,
                                      Evaluator& evaluator, const std::stop_token& stop) {
  const Tapped made = tapped(input, valuesOf(evaluator, sampleInputs(input.program, 1)));
  const layers::Lowered lowered = layers::lowerGraph(made.graph);
  if (made.taps.empty() || !lowered.ok()) return std::nullopt;
  const ExportInput whole{lowered.program,       lowered.flat(made.graph),
                          input.weights,         input.modelName,
                          input.producerVersion, "model",
                          input.options,         input.samples,
                          input.training,        &made.graph};
  const WorkFolder work(fs::temp_directory_path() / "netwright-layers");
  const fs::path again = work.path() / path.filename();
  format.write(whole, again);
  LayerEvaluator layers(evaluator, lowered.program, made.taps);
  const Comparison proof = format.prove(whole, again, layers, stop);
  if (!proof.batches.empty()) return firstOf(proof, lowered.program);
  const std::string layer = layerOfWeight(proof, lowered.program);
  return layer.empty() ? std::nullopt : std::optional(layer);
}

}  // namespace

void locateDifference(const Exporter& format, const ExportInput& input, const fs::path& path, Evaluator& evaluator,
                      const std::stop_token& stop, Comparison& failed) {
  try {
    if (failed.batches.empty()) failed.firstDifference = layerOfWeight(failed, input.program);
    if (const std::string changed = changedFile(format, input, path); !changed.empty()) {
      failed.also.push_back(fmt::format("The file '{}' is not as it was written.", changed));
    } else if (failed.firstDifference.empty()) {
      const auto layer = firstLayer(format, input, path, evaluator, stop);
      failed.firstDifference = layer.value_or("");
      if (layer == "")
        failed.also.push_back(
            "Written again with the result of each layer as an output, it agrees: no layer is named.");
    }
  } catch (const Error& e) {
    if (stop.stop_requested()) throw;
    failed.also.push_back(fmt::format("The first layer that differs could not be found: {} {}", e.title, e.why));
  }
}

}  // namespace netwright::convert
