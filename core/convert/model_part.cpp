// SPDX-License-Identifier: Apache-2.0
#include "core/convert/model_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/graph/graph_json.h"
#include "core/program/control.h"

namespace netwright::convert {
namespace {

using program::Op;
using program::Program;
using program::ValueId;

void collectTensors(const Op& op, std::set<ValueId>& used) {
  const std::vector<ValueId> read = program::valuesOf(op);
  used.insert(read.begin(), read.end());
}

std::string shapeText(const std::vector<int64_t>& shape) {
  return program::text(program::Shape(shape.begin(), shape.end()));
}

}  // namespace

ModelPart modelPart(const Program& program) {
  ModelPart part;
  std::set<ValueId> used;
  for (const Op& op : program.ops) {
    if (op.part != program::Part::Model) continue;
    (op.phase == program::Phase::Forward         ? part.ops
     : op.phase == program::Phase::BeforeForward ? part.preparations
                                                 : part.effects)
        .push_back(&op);
    collectTensors(op, used);
  }
  for (const program::Port& p : program.outputs) used.insert(p.value);
  for (const program::Port& p : program.inputs)
    if (used.contains(p.value)) part.inputs.push_back(&p);
  for (const program::State& s : program.states)
    if (used.contains(s.value)) part.states.push_back(&s);
  return part;
}

Program modelOnly(Program program) {
  const auto ofLoss = [](const auto& x) { return x.part == program::Part::Loss; };
  std::erase_if(program.ops, ofLoss);
  std::erase_if(program.indexGuards, ofLoss);
  program.losses.clear();
  program.measured.clear();
  std::vector<int> places;  // of the states that stay; -1 for the others
  int kept = 0;
  for (const program::State& s : program.states) places.push_back(ofLoss(s) ? -1 : kept++);
  const auto place = [&](int state) { return state < 0 ? state : places[static_cast<size_t>(state)]; };
  std::erase_if(program.states, ofLoss);
  std::erase_if(program.initialisation, [&](const program::InitStep& s) { return place(s.state) < 0; });
  for (program::InitStep& s : program.initialisation) {
    s.state = place(s.state);
    s.source = place(s.source);
    s.other = place(s.other);
  }
  std::erase_if(program.starts, [&](const program::Start& s) { return place(s.state) < 0; });
  for (program::Start& s : program.starts) s.state = place(s.state);
  std::set<ValueId> used;
  for (const Op& op : program.ops) collectTensors(op, used);
  for (const program::Port& p : program.outputs) used.insert(p.value);
  std::erase_if(program.inputs, [&](const program::Port& p) { return !used.contains(p.value); });
  return program;
}

void visitOps(const Program& program, const Op& op, const OpVisitor& visit) {
  visit(program, op);
  for (const auto& region : op.regions)
    for (const Op& inner : region->ops) visitOps(*region, inner, visit);
}

void visitOps(const Program& program, const OpVisitor& visit) {
  for (const Op* op : modelPart(program).ops) visitOps(program, *op, visit);
}

bool hasControl(const Program& program) {
  const std::vector<const Op*> ops = modelPart(program).ops;
  return std::any_of(ops.begin(), ops.end(), [](const Op* op) { return program::isControl(*op); });
}

std::vector<ValueId> givenTo(const Op& op) {
  if (op.info == &program::branchOp()) return program::branchOf(op).operands;
  const program::Loop loop = program::loopOf(op);
  std::vector<ValueId> all(loop.index ? 1 : 0);
  for (const auto* values : {&loop.carried, &loop.scanned, &loop.captured})
    all.insert(all.end(), values->begin(), values->end());
  return all;
}

bool isTraining(const program::Argument& argument) {
  return std::holds_alternative<program::TrainingFlag>(argument) ||
         std::holds_alternative<program::TrainingNumber>(argument);
}

const program::Argument& argument(const Op& op, const char* name) { return op.args[op.info->schema.index(name)]; }

ValueId tensorArgument(const Op& op, const char* name) {
  const auto* id = std::get_if<ValueId>(&argument(op, name));
  return id ? *id : ValueId{};
}

std::vector<const HostTensor*> weightsOf(const ExportInput& input, const std::vector<const program::State*>& states) {
  std::unordered_map<std::string, const HostTensor*> byName;
  for (const NamedTensor& t : input.weights) byName[t.name] = &t.tensor;
  std::vector<const HostTensor*> found;
  for (const program::State* s : states) {
    const auto it = byName.find(s->name);
    const program::TensorType& type = input.program.tensorType(s->value);
    const auto expected = program::constants(type.shape);
    const std::string title = fmt::format("'{}' cannot be exported.", input.modelName);
    if (it == byName.end())
      failInput(title, fmt::format("The weights have no '{}' {}.", s->name, program::text(type.shape)),
                "Use the weights of a run of this network, or start one.");
    const HostTensor& tensor = *it->second;
    const DType wanted = type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype;
    if (!expected || tensor.shape != *expected || tensor.dtype != wanted ||
        tensor.bytes.size() != static_cast<size_t>(tensor.count()) * byteSize(wanted))
      failInput(title,
                fmt::format("The weight '{}' is {} {} but the network has {} {}.", s->name, name(tensor.dtype),
                            shapeText(tensor.shape), name(wanted), program::text(type.shape)),
                "Use the weights of a run of this network as it is now.");
    found.push_back(&tensor);
  }
  return found;
}

std::vector<TensorRef> statesOf(const ExportInput& input) {
  std::vector<const program::State*> states;
  for (const program::State& s : input.program.states)
    if (s.part == program::Part::Model) states.push_back(&s);
  const auto weights = weightsOf(input, states);
  std::vector<TensorRef> list;
  for (size_t i = 0; i < states.size(); ++i) list.push_back({states[i]->name, weights[i]});
  return list;
}

std::string producer(const ExportInput& input) { return fmt::format("Netwright {}", input.producerVersion); }

TextMap originOf(const ExportInput& input) {
  return {{"netwright.graph", graph::toJson(input.drawn ? *input.drawn : input.graph).dump()},
          {"producer", producer(input)}};
}

}  // namespace netwright::convert
