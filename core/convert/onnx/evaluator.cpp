// SPDX-License-Identifier: Apache-2.0
#include "core/convert/onnx/evaluator.h"

#include <fmt/format.h>

#include <deque>
#include <limits>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/half.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

[[noreturn]] void failNode(const Node& node, const std::string& why) {
  failInput(fmt::format("The ONNX node '{}' ({}) cannot be evaluated.", node.name, node.opType), why,
            "Check the file with another program; if Netwright wrote it, report this.");
}

const std::map<std::string, OpFunction>& opTable() {
  static const auto kTable = [] {
    std::map<std::string, OpFunction> table;
    for (auto* family : {windowOps, matrixOps, einsumOps, partOps, arrangementOps, sequenceOps, elementOps, functionOps,
                         reductionOps, normalOps, resizeOps, controlOps})
      table.merge(family());
    return table;
  }();
  return kTable;
}

// What is known so far, by name, in a graph and those around it. Weights that stay in their file are read for each node
// that uses them, and forgotten.
class Values {
 public:
  Values(const Graph& graph, const std::vector<NamedTensor>& inputs, const Values* around) : around_(around) {
    for (const TensorRef& t : graph.weights) known_[t.name] = widened(*t.tensor);
    for (const NamedTensor& t : graph.initializers) known_[t.name] = widened(t.tensor);
    for (const StoredTensor& t : graph.stored) stored_[t.name] = &t;
    for (const NamedTensor& t : inputs) known_[t.name] = t.tensor;
  }
  void set(const std::string& name, HostTensor value) { known_[name] = std::move(value); }
  // Null if nothing is called so. `read` holds what was read.
  const HostTensor* find(const std::string& name, std::deque<HostTensor>& read) const {
    if (const auto value = known_.find(name); value != known_.end()) return &value->second;
    const auto place = stored_.find(name);
    if (place == stored_.end()) return around_ ? around_->find(name, read) : nullptr;
    HostTensor tensor = place->second->load();
    const bool half = tensor.dtype == DType::Float16 || tensor.dtype == DType::BFloat16;
    return &read.emplace_back(half ? widened(tensor) : std::move(tensor));
  }

 private:
  std::unordered_map<std::string, HostTensor> known_;
  std::unordered_map<std::string, const StoredTensor*> stored_;
  const Values* around_;
};

std::vector<NamedTensor> evaluateGraph(const Graph& graph, const std::vector<NamedTensor>& inputs,
                                       const Values* around);

// As many outputs as the node names, at most.
std::vector<HostTensor> run(const Node& node, const Values& values) {
  const auto op = opTable().find(node.opType);
  if (op == opTable().end()) failNode(node, "Netwright's evaluator does not know this operator.");
  if (op->second.one && node.outputs.size() != 1)
    failNode(node, fmt::format("It has {} outputs instead of 1.", node.outputs.size()));
  std::deque<HostTensor> read;
  std::vector<const HostTensor*> inputs;
  for (const std::string& name : node.inputs) {
    inputs.push_back(name.empty() ? nullptr : values.find(name, read));
    if (!name.empty() && !inputs.back())
      failNode(node, fmt::format("Nothing before it computes its input '{}'.", name));
  }
  const OpCall call(node, std::move(inputs));
  if (op->second.one) return {op->second.one(call)};
  const auto runGraph = [&](const Graph& graph, std::vector<HostTensor> given) {
    call.require(given.size() == graph.inputs.size(),
                 fmt::format("Its graph takes {} inputs instead of {}.", graph.inputs.size(), given.size()));
    std::vector<NamedTensor> named;
    for (HostTensor& t : given) named.push_back({graph.inputs[named.size()].name, std::move(t)});
    std::vector<HostTensor> results;
    for (NamedTensor& t : evaluateGraph(graph, named, &values)) results.push_back(std::move(t.tensor));
    return results;
  };
  std::vector<HostTensor> all = op->second.all ? op->second.all(call) : op->second.control(call, runGraph);
  if (node.outputs.size() > all.size())
    failNode(node, fmt::format("It has {} outputs instead of {}.", node.outputs.size(), all.size()));
  return all;
}

}  // namespace

void OpCall::require(bool ok, const std::string& why) const {
  if (!ok) failNode(node_, why);
}

const HostTensor& OpCall::tensor(size_t input) const {
  require(has(input), fmt::format("Its input {} is missing.", input));
  return *inputs_[input];
}

const HostTensor& OpCall::floats(size_t input) const {
  const HostTensor& t = tensor(input);
  require(t.dtype == DType::Float32, fmt::format("Its input {} is {}, not float32.", input, name(t.dtype)));
  return t;
}

Ints OpCall::ints(size_t input) const {
  const HostTensor& t = tensor(input);
  require(t.dtype == DType::Int64 && t.shape.size() == 1 && t.count() <= 64,
          fmt::format("Its input {} is no short list of int64 numbers.", input));
  return {t.as<int64_t>().begin(), t.as<int64_t>().end()};
}

int64_t OpCall::whole(size_t input) const {
  const HostTensor& t = tensor(input);
  require(t.dtype == DType::Int64 && t.count() == 1, fmt::format("Its input {} is not one int64 number.", input));
  return t.as<int64_t>()[0];
}

template <class T>
const T* OpCall::find(const char* attribute) const {
  for (const Attribute& a : node_.attributes) {
    if (a.name != attribute) continue;
    const T* value = std::get_if<T>(&a.value);
    require(value != nullptr, fmt::format("Its attribute '{}' is of the wrong kind.", attribute));
    return value;
  }
  return nullptr;
}

bool OpCall::truth(size_t input) const {
  const HostTensor& t = tensor(input);
  require(t.dtype == DType::Bool && t.count() == 1, fmt::format("Its input {} is not one bool.", input));
  return t.as<uint8_t>()[0] != 0;
}

int64_t OpCall::integer(const char* attribute, int64_t fallback) const {
  const auto* value = find<int64_t>(attribute);
  return value ? *value : fallback;
}

float OpCall::number(const char* attribute, float fallback) const {
  const auto* value = find<float>(attribute);
  return value ? *value : fallback;
}

Ints OpCall::list(const char* attribute, Ints fallback) const {
  const auto* value = find<Ints>(attribute);
  return value ? *value : fallback;
}

std::string OpCall::text(const char* attribute, std::string fallback) const {
  const auto* value = find<std::string>(attribute);
  return value ? *value : fallback;
}

const Graph& OpCall::graph(const char* attribute) const {
  const auto* value = find<std::shared_ptr<Graph>>(attribute);
  require(value != nullptr, fmt::format("Its graph '{}' is missing.", attribute));
  return **value;
}

int64_t OpCall::axis(int64_t value, size_t rank) const {
  const auto n = static_cast<int64_t>(rank);
  require(value >= -n && value < n, fmt::format("It names the axis {} of a tensor with {} dimensions.", value, n));
  return value < 0 ? value + n : value;
}

HostTensor OpCall::result(Ints shape, DType dtype) const {
  uint64_t count = 1;
  for (const int64_t d : shape)
    require(d >= 0 && !__builtin_mul_overflow(count, static_cast<uint64_t>(d), &count) && count <= kMaxElements,
            "Its result would have a negative size or more than 2^28 elements.");
  return HostTensor(dtype, std::move(shape));
}

namespace {

std::vector<NamedTensor> evaluateGraph(const Graph& graph, const std::vector<NamedTensor>& inputs,
                                       const Values* around) {
  Values values(graph, inputs, around);
  for (const Node& node : graph.nodes) {
    std::vector<HostTensor> results = run(node, values);
    for (size_t i = 0; i < node.outputs.size(); ++i)
      if (!node.outputs[i].empty()) values.set(node.outputs[i], std::move(results[i]));
  }
  std::vector<NamedTensor> outputs;
  std::deque<HostTensor> read;
  for (const ValueInfo& out : graph.outputs) {
    const HostTensor* value = values.find(out.name, read);
    if (!value)
      failInput("The ONNX graph cannot be evaluated.", fmt::format("Nothing computes its output '{}'.", out.name),
                "Write or download the file again.");
    outputs.push_back({out.name, *value});
  }
  return outputs;
}

}  // namespace

std::vector<NamedTensor> evaluate(const Model& model, const std::vector<NamedTensor>& inputs) {
  return evaluateGraph(model.graph, inputs, nullptr);
}

}  // namespace netwright::convert::onnx
