// SPDX-License-Identifier: Apache-2.0
#include "core/engine/plan.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/engine/control.h"
#include "core/engine/guards.h"
#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/engine/passes.h"
#include "core/engine/tensor.h"
#include "core/program/control.h"
#include "core/program/promotion.h"

namespace netwright::engine {
namespace {

using program::Argument;
using program::Op;
using program::ValueId;

bool opTrains(const Op& op, Mode run) { return op.mode == Mode::Follow ? run == Mode::Train : op.mode == Mode::Train; }

int64_t number(const program::Dim& dim) {
  const auto c = dim.constant();
  if (!c) failEnvironment(fmt::format("The size {} is not known when the program is planned.", dim.text()), "", "");
  return *c;
}

// A constant argument as the schema's type wants it: wrong kinds hit internal asserts of LibTorch.
c10::IValue constant(const Argument& argument, const std::string& type, bool training, DType floats) {
  if (std::holds_alternative<None>(argument)) return {};
  if (std::holds_alternative<program::TrainingFlag>(argument)) return training;
  if (const auto* n = std::get_if<program::TrainingNumber>(&argument)) return training ? n->value : 0.0;
  if (const auto* b = std::get_if<bool>(&argument)) return *b;
  if (const auto* s = std::get_if<std::string>(&argument)) return *s;
  if (const auto* t = std::get_if<DType>(&argument)) return torchType(program::resolved(*t, floats));
  if (const auto* d = std::get_if<double>(&argument)) return *d;
  if (const auto* d = std::get_if<program::Dim>(&argument)) {
    if (type == "float") return static_cast<double>(number(*d));
    if (type.find('[') != std::string::npos) return c10::List<int64_t>({number(*d)});
    return number(*d);
  }
  c10::List<int64_t> list;
  for (const program::Dim& d : std::get<program::Shape>(argument)) list.push_back(number(d));
  return list;
}

Instruction translate(const Op& op, Mode run, DType floats) {
  Instruction instruction;
  instruction.op = &op;
  if (!program::isControl(op))
    instruction.handle = c10::Dispatcher::singleton().findSchemaOrThrow(("aten::" + op.info->schema.name).c_str(),
                                                                        op.info->schema.overload.c_str());
  for (size_t i = 0; i < op.args.size(); ++i) {
    instruction.arguments.emplace_back();
    if (const auto* value = std::get_if<ValueId>(&op.args[i])) {
      instruction.tensors.emplace_back(i, value->index);
    } else if (const auto* list = std::get_if<std::vector<ValueId>>(&op.args[i])) {
      instruction.lists.emplace_back(i, std::vector<int>());
      for (const ValueId v : *list) instruction.lists.back().second.push_back(v.index);
    } else if (const auto* sizes = std::get_if<program::Shape>(&op.args[i]); sizes && !program::constants(*sizes)) {
      instruction.sizes.emplace_back(i, sizes);
    } else if (instruction.handle) {
      instruction.arguments.back() = constant(op.args[i], op.info->schema.arguments[i].type, opTrains(op, run), floats);
    }
  }
  for (const ValueId r : op.results) instruction.results.push_back(r.index);
  return instruction;
}

// Values that come from outside are checked before the run, those that ops compute as soon as they are there.
void attachGuards(std::vector<Instruction>& instructions, const program::Program& program) {
  for (const program::IndexGuard& guard : program.indexGuards)
    for (Instruction& i : instructions)
      if (std::find(i.results.begin(), i.results.end(), guard.value.index) != i.results.end())
        i.guards.push_back(&guard);
}

// The arguments of one call: constants as planned, tensors from their slots, sizes of this batch.
void fill(torch::jit::Stack& stack, const Instruction& instruction, const std::vector<at::Tensor>& slots,
          const program::Bindings* bindings) {
  stack = instruction.arguments;
  for (const auto& [argument, slot] : instruction.tensors) stack[argument] = slots[static_cast<size_t>(slot)];
  for (const auto& [argument, list] : instruction.lists) {
    c10::List<at::Tensor> tensors;
    for (const int slot : list) tensors.push_back(slots[static_cast<size_t>(slot)]);
    stack[argument] = std::move(tensors);
  }
  for (const auto& [argument, sizes] : instruction.sizes) {
    const auto known = bindings ? program::evaluate(*sizes, *bindings) : std::nullopt;
    if (!known) failEnvironment(fmt::format("The size {} is not known in this batch.", program::text(*sizes)), "", "");
    stack[argument] = c10::List<int64_t>(*known);
  }
}

void markLastUses(Plan& plan, std::set<int> kept) {
  for (auto it = plan.forward.rbegin(); it != plan.forward.rend(); ++it) {
    for (const int slot : inputs(*it))
      if (kept.insert(slot).second) it->lastUses.push_back(slot);
    for (const int slot : it->results)
      if (kept.insert(slot).second) it->lastUses.push_back(slot);
  }
}

uint64_t mixed(uint64_t a, uint64_t b) {  // splitmix64 of a combination
  uint64_t z = a + 0x9e3779b97f4a7c15ull * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

void reseed(const Op& op, const RandomKey& key) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
  const std::lock_guard lock(generator.mutex());
  generator.set_current_seed(randomSeed(key, op.id));
}

void restrideGradient(const at::Tensor& t) {
  if (t.requires_grad() && t.dim() == 4)
    t.register_hook([](const at::Tensor& gradient) { return gradient.contiguous(at::MemoryFormat::ChannelsLast); });
}

// Takes the sizes that only the results of control flow tell among those that are known.
void bindDecided(const Instruction& instruction, const std::vector<at::Tensor>& slots, program::Bindings& sizes) {
  for (const program::DecidedSize& d : instruction.control->decides)
    sizes[d.symbol] = slots[static_cast<size_t>(instruction.results[d.result])].size(static_cast<int64_t>(d.dim));
}

// Results are there: they are checked and shown, and what nothing reads any more is let go.
void finish(const Instruction& instruction, std::vector<at::Tensor>& slots, const Execution& execution) {
  for (const program::IndexGuard* guard : instruction.guards)
    checkIndices(*guard, toHost(slots[static_cast<size_t>(guard->value.index)]));
  if (execution.seen)
    for (const int slot : instruction.results) execution.seen(instruction, slots[static_cast<size_t>(slot)]);
  for (const int slot : instruction.lastUses) slots[static_cast<size_t>(slot)] = at::Tensor();
}

RegionPlan planRegion(const std::shared_ptr<const program::Program>& program, const PlanOptions& options) {
  RegionPlan region;
  region.program = program;
  PlanOptions own = options;
  own.keepInputs = true;  // of one step and the next
  own.withLoss = true;    // what only losses need runs where they are wanted
  region.instructions = makePlan(*program, own).forward;
  for (const program::Port& p : program->inputs) region.inputs.push_back(p.value.index);
  for (const program::Port& p : program->outputs) region.outputs.push_back(p.value.index);
  for (const program::IndexGuard& guard : program->indexGuards)
    for (size_t i = 0; i < region.inputs.size(); ++i)
      if (region.inputs[i] == guard.value.index) region.guards.emplace_back(i, &guard);
  for (const Instruction& i : region.instructions)
    region.random = region.random || (i.handle && i.op->info->random) ||
                    (i.control && std::any_of(i.control->regions.begin(), i.control->regions.end(),
                                              [](const RegionPlan& r) { return r.random; }));
  return region;
}

std::shared_ptr<const ControlPlan> planControl(const program::Program& program, const Op& op,
                                               const PlanOptions& options) {
  auto control = std::make_shared<ControlPlan>();
  for (const auto& region : op.regions) control->regions.push_back(planRegion(region, options));
  if (op.info == &program::branchOp())
    control->way = program::branchOf(op);
  else
    control->way = program::loopOf(op);
  control->decides = program::decidedSizes(program, op);
  return control;
}

}  // namespace

RandomKey atStep(const RandomKey& key, uint64_t op, int64_t step) {
  RandomKey own = key;
  own.seed = mixed(mixed(key.seed, op), static_cast<uint64_t>(step));
  return own;
}

uint64_t randomSeed(const RandomKey& key, uint64_t op) {
  const uint64_t place = mixed(key.seed, static_cast<uint64_t>(key.step));
  return mixed(key.invocation ? mixed(place, static_cast<uint64_t>(key.invocation)) : place, op);
}

std::vector<int> inputs(const Instruction& instruction) {
  std::vector<int> slots;
  for (const auto& [argument, slot] : instruction.tensors) slots.push_back(slot);
  for (const auto& [argument, list] : instruction.lists) slots.insert(slots.end(), list.begin(), list.end());
  return slots;
}

Plan makePlan(const program::Program& program, const PlanOptions& options) {
  Plan plan;
  plan.training = options.mode == Mode::Train;
  for (const Op& op : program.ops) {
    if (op.part == program::Part::Loss && !options.withLoss) continue;
    const bool late = op.phase == program::Phase::AfterBackward;
    if (op.phase != program::Phase::Forward && !opTrains(op, options.mode)) continue;
    (late ? plan.afterBackward : plan.forward).push_back(translate(op, options.mode, options.floats));
    if (program::isControl(op)) plan.forward.back().control = planControl(program, op, options);
  }
  std::set<int> kept;  // states stay; outputs and losses are read afterwards
  for (const program::State& s : program.states) kept.insert(s.value.index);
  for (const program::Port& p : program.inputs)
    if (options.keepInputs) kept.insert(p.value.index);
  for (const program::Port& p : program.outputs) kept.insert(p.value.index);
  for (const program::LossTerm& t : program.losses) kept.insert(t.value.index);
  if (options.withLoss)
    for (const program::Port& p : program.measured) kept.insert(p.value.index);
  for (const Instruction& i : plan.afterBackward)
    for (const int slot : inputs(i)) kept.insert(slot);
  attachGuards(plan.forward, program);
  if (options.rewrite) rewrite(plan, program, options, kept);
  markLastUses(plan, std::move(kept));
  return plan;
}

void run(const std::vector<Instruction>& instructions, std::vector<at::Tensor>& slots, const Execution& execution) {
  torch::jit::Stack stack;
  const program::Bindings* sizes = execution.sizes;
  program::Bindings extended;  // with those that ops of control flow decide
  for (const Instruction& instruction : instructions) {
    if (execution.interrupt && execution.interrupt->load(std::memory_order_relaxed)) throw Interrupted();
    if (!instruction.handle) {
      runControl(instruction, slots, execution, sizes);
      if (!instruction.control->decides.empty()) {
        if (sizes && sizes != &extended) extended = *sizes;
        bindDecided(instruction, slots, extended);
        sizes = &extended;
      }
      finish(instruction, slots, execution);
      continue;
    }
    fill(stack, instruction, slots, sizes);
    for (const int slot : instruction.restrided) restrideGradient(slots[static_cast<size_t>(slot)]);
    if (instruction.op->info->random && execution.key.reseed) reseed(*instruction.op, execution.key);
    try {
      std::optional<at::NoGradGuard> off;  // writing to a weight
      if (!instruction.op->info->differentiable && !instruction.op->info->mutates.empty()) off.emplace();
      instruction.handle->callBoxed(stack);
    } catch (const c10::Error& e) {
      failCompute(instruction.op->node, instruction.op->layer, instruction.op->info->id(), e);
    }
    for (size_t i = 0; i < instruction.results.size(); ++i)
      slots[static_cast<size_t>(instruction.results[i])] = stack[i].toTensor();
    finish(instruction, slots, execution);
  }
}

}  // namespace netwright::engine
