// SPDX-License-Identifier: Apache-2.0
#include "core/engine/control.h"

#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>

#include "core/base/text.h"
#include "core/engine/guards.h"
#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/engine/tensor.h"
#include "core/program/control.h"

namespace netwright::engine {
namespace {

using program::ValueId;
using Tensors = std::vector<at::Tensor>;

// One run after another of a region, in slots of its own.
class Frame {
 public:
  Frame(const RegionPlan& region, const Execution& execution, const program::Bindings* sizes)
      : region_(region), slots_(region.program->values.size()), execution_(execution) {
    execution_.sizes = sizes;
  }
  at::Tensor& input(size_t place) { return slots_[static_cast<size_t>(region_.inputs[place])]; }
  const at::Tensor& output(size_t place) const { return slots_[static_cast<size_t>(region_.outputs[place])]; }
  void run(const RandomKey& key) {
    for (const auto& [place, guard] : region_.guards) checkIndices(*guard, toHost(input(place)));
    execution_.key = key;
    engine::run(region_.instructions, slots_, execution_);
  }

 private:
  const RegionPlan& region_;
  Tensors slots_;
  Execution execution_;
};

[[noreturn]] void refuse(const program::Op& op, const char* code, std::map<std::string, std::string> args) {
  args["layer"] = op.layer;
  throw NodeError(op.node, code, std::move(args));
}

int64_t whole(const at::Tensor& t) { return t.item().to<int64_t>(); }

class Run {
 public:
  Run(const Instruction& instruction, Tensors& slots, const Execution& execution, const program::Bindings* sizes)
      : instruction_(instruction),
        op_(*instruction.op),
        regions_(instruction.control->regions),
        slots_(slots),
        execution_(execution),
        sizes_(sizes) {}

  void operator()(const program::Branch& branch) {
    const at::Tensor& choice = slot(branch.choice);
    const int64_t chosen = choice.scalar_type() == at::kBool ? (choice.item<bool>() ? 0 : 1) : whole(choice);
    const auto count = static_cast<int64_t>(regions_.size());
    if (chosen < 0 || chosen >= count) refuse(op_, "NW-R030", {{"index", grouped(chosen)}, {"count", grouped(count)}});
    Frame frame(regions_[static_cast<size_t>(chosen)], execution_, sizes_);
    for (size_t i = 0; i < branch.operands.size(); ++i) frame.input(i) = slot(branch.operands[i]);
    frame.run(execution_.key);
    for (size_t i = 0; i < instruction_.results.size(); ++i) result(i) = frame.output(i);
    note(static_cast<size_t>(chosen), 1);
  }

  void operator()(const program::Loop& loop) {
    const RegionPlan& region = regions_.front();
    const int64_t count = countOf(loop);
    const size_t index = loop.index ? 1 : 0, again = loop.again ? 1 : 0;
    const size_t scanned = index + loop.carried.size(), fixed = scanned + loop.scanned.size();
    Frame frame(region, execution_, sizes_);
    for (size_t i = 0; i < loop.captured.size(); ++i) frame.input(fixed + i) = slot(loop.captured[i]);
    Tensors carried;
    for (const ValueId v : loop.carried) carried.push_back(slot(v));
    std::vector<Tensors> stacks(loop.stacked);
    bool goesOn = !loop.start || slot(loop.start).item<bool>();
    const auto numbers = at::TensorOptions().dtype(at::kLong).device(device());
    int64_t step = 0;
    for (; goesOn && (count < 0 || step < count); ++step) {
      if (execution_.interrupt && execution_.interrupt->load(std::memory_order_relaxed)) throw Interrupted();
      if (loop.limit > 0 && step >= loop.limit) refuse(op_, "NW-R031", {{"limit", grouped(loop.limit)}});
      if (loop.index) frame.input(0) = at::scalar_tensor(step, numbers);
      for (size_t i = 0; i < carried.size(); ++i) frame.input(index + i) = std::move(carried[i]);
      for (size_t i = 0; i < loop.scanned.size(); ++i)
        frame.input(scanned + i) = slot(loop.scanned[i]).select(loop.dim, step);
      frame.run(region.random ? atStep(execution_.key, op_.id, step) : execution_.key);
      if (loop.again) goesOn = frame.output(0).item<bool>();
      for (size_t i = 0; i < carried.size(); ++i) carried[i] = frame.output(again + i);
      for (size_t i = 0; i < stacks.size(); ++i) stacks[i].push_back(frame.output(again + carried.size() + i));
    }
    for (size_t i = 0; i < carried.size(); ++i) result(i) = std::move(carried[i]);
    for (size_t i = 0; i < stacks.size(); ++i) {
      if (step == 0) refuse(op_, "NW-R032", {{"port", region.program->outputs[again + carried.size() + i].name}});
      result(carried.size() + i) = at::stack(stacks[i], loop.dim);
    }
    note(0, step);
  }

 private:
  at::Tensor& slot(ValueId v) { return slots_[static_cast<size_t>(v.index)]; }
  at::Tensor& result(size_t i) { return slots_[static_cast<size_t>(instruction_.results[i])]; }

  at::Device device() {
    const std::vector<ValueId> read = program::valuesOf(op_);
    return read.empty() ? at::Device(at::kCPU) : slot(read.front()).device();
  }

  // Negative: until the body says no.
  int64_t countOf(const program::Loop& loop) {
    if (!loop.scanned.empty()) return slot(loop.scanned.front()).size(loop.dim);
    if (loop.liveCount) return std::max<int64_t>(0, whole(slot(loop.liveCount)));
    if (!loop.count) return -1;
    return loop.count->evaluate(sizes_ ? *sizes_ : program::Bindings()).value_or(-1);
  }

  void note(size_t body, int64_t times) {
    if (!execution_.runs) return;
    std::vector<int64_t>& runs = (*execution_.runs)[op_.node];
    runs.resize(op_.regions.size());
    runs[body] += times;
  }

  const Instruction& instruction_;
  const program::Op& op_;
  const std::vector<RegionPlan>& regions_;
  Tensors& slots_;
  const Execution& execution_;
  const program::Bindings* sizes_;
};

}  // namespace

void runControl(const Instruction& instruction, std::vector<at::Tensor>& slots, const Execution& execution,
                const program::Bindings* sizes) {
  std::visit(Run(instruction, slots, execution, sizes), instruction.control->way);
}

}  // namespace netwright::engine
