// SPDX-License-Identifier: Apache-2.0
#include "core/program/memory.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "core/program/kept.h"

namespace netwright::program {
namespace {

int64_t widthOf(DType type) { return static_cast<int64_t>(byteSize(type)); }

bool isFloating(const TensorType& type) { return netwright::isFloating(type.dtype); }

// Targets of losses belong to Output nodes: they are no activations.
bool isTarget(const Program& program, const Port& input) {
  return std::any_of(program.outputs.begin(), program.outputs.end(),
                     [&](const Port& output) { return output.node == input.node; });
}

// Plays one step: what is allocated, how long it is held, and by whom.
class Step {
 public:
  Step(const Program& program, const Bindings& sizes)
      : program_(program),
        sizes_(sizes),
        root_(program.values.size()),
        holders_(program.values.size()),
        bytes_(program.values.size()),
        needs_(program.values.size()),
        gradients_(program.values.size()),
        disordered_(program.values.size()),
        lastUse_(program.values.size(), -1),
        kept_(program.ops.size()),
        extra_(program.ops.size()),
        scratch_(program.ops.size()) {
    for (size_t i = 0; i < root_.size(); ++i) root_[i] = i;
  }

  bool play(TrainingMemory& out) {
    if (!measure()) return false;
    for (const State& s : program_.states) {
      out.weights += bytes_[at(s.value)];
      isState_.insert(at(s.value));
      if (s.kind != StateKind::Parameter || s.frozen) continue;
      out.gradients += bytes_[at(s.value)];
      needs_[at(s.value)] = true;
    }
    for (const Port& p : program_.inputs) hold(p.value);
    findLastUses();
    for (size_t i = 0; i < program_.ops.size(); ++i)
      if (program_.ops[i].phase == Phase::Forward && !forward(i, out)) return false;
    out.activations = live_;
    for (size_t i = program_.ops.size(); i-- > 0;)
      if (program_.ops[i].phase == Phase::Forward) backward(i);
    out.peak = peak_;
    return true;
  }

 private:
  static size_t at(ValueId value) { return static_cast<size_t>(value.index); }

  bool measure() {
    for (size_t i = 0; i < program_.values.size(); ++i)
      for (const TensorType& t : program_.values[i].type.tensors) {
        const auto count = product(t.shape).evaluate(sizes_);
        if (!count) return false;
        bytes_[i] += *count * widthOf(t.dtype);
      }
    return true;
  }

  void findLastUses() {
    for (size_t i = 0; i < program_.ops.size(); ++i) {
      for (const ValueId v : valuesOf(program_.ops[i])) lastUse_[at(v)] = static_cast<int>(i);
      for (const ValueId v : program_.ops[i].results) lastUse_[at(v)] = static_cast<int>(i);
    }
    const int never = static_cast<int>(program_.ops.size());
    for (const Port& p : program_.outputs) lastUse_[at(p.value)] = never;
    for (const LossTerm& t : program_.losses) lastUse_[at(t.value)] = never;
  }

  void change(int64_t bytes) {
    live_ += bytes;
    peak_ = std::max(peak_, live_);
  }
  void hold(ValueId value) {
    const size_t root = root_[at(value)];
    if (isState_.contains(root)) return;
    if (holders_[root]++ == 0) change(bytes_[root]);
  }
  void letGo(ValueId value) {
    const size_t root = root_[at(value)];
    if (isState_.contains(root)) return;
    if (--holders_[root] == 0) change(-bytes_[root]);
  }

  bool trains(const Op& op) const { return op.mode != Mode::Eval; }
  bool needs(ValueId value) const { return value && needs_[at(value)]; }

  bool forward(size_t index, TrainingMemory& out) {
    const Op& op = program_.ops[index];
    const std::vector<ValueId> arguments = valuesOf(op);
    const bool wanted = op.info->differentiable && op.info->schema.name != "detach" &&
                        std::any_of(arguments.begin(), arguments.end(), [&](ValueId v) { return needs(v); });
    const bool disordered = !arguments.empty() && disordered_[at(arguments.front())];
    const bool copies = (op.info->schema.name == "reshape" || op.info->schema.name == "flatten") && disordered;
    const bool view = isView(op) && !arguments.empty() && !copies;
    for (const ValueId r : op.results) {
      if (view) root_[at(r)] = root_[at(arguments.front())];
      disordered_[at(r)] = view && (disordered || reorders(op));
      const ValueType& type = program_.type(r);
      needs_[at(r)] = wanted && std::all_of(type.tensors.begin(), type.tensors.end(), isFloating);
      hold(r);
    }
    if (wanted) {
      Kept kept = keptForBackward(program_, op, [this](ValueId v) { return needs(v); }, trains(op));
      const auto extra = kept.bytes.evaluate(sizes_);
      if (!extra) return false;
      int64_t added = *extra;
      std::set<size_t> roots;
      for (const ValueId v : kept.values) {
        const size_t root = root_[at(v)];
        if (!isState_.contains(root) && roots.insert(root).second && owned_.insert(root).second) added += bytes_[root];
        hold(v);
      }
      if (!op.node.empty() && op.part == Part::Model) out.kept[op.node.back()] += added;
      kept_[index] = std::move(kept.values);
      change(extra_[index] = *extra);
      scratch_[index] = kept.scratch.evaluate(sizes_).value_or(0);
    }
    std::set<int> done;
    const auto release = [&](ValueId v) {
      if (lastUse_[at(v)] == static_cast<int>(index) && done.insert(v.index).second && !isState_.contains(at(v)))
        letGo(v);
    };
    for (const ValueId v : arguments) release(v);
    for (const ValueId v : op.results) release(v);
    return true;
  }

  // Gradients of the arguments come, those of the results and what was kept for them go.
  void backward(size_t index) {
    const Op& op = program_.ops[index];
    int64_t gone = 0;
    for (const ValueId r : op.results) gone += std::exchange(gradients_[at(r)], 0);
    change(scratch_[index]);
    std::set<int> seen;
    const bool reached = gone > 0 || op.part == Part::Loss;
    for (const ValueId v : valuesOf(op)) {
      if (!reached || !needs(v) || !seen.insert(v.index).second) continue;
      const int64_t size = bytes_[at(v)];
      const bool parameter = isState_.contains(at(v));
      if (!parameter && passesGradient(op) && gone >= size) {  // it is handed on
        gone -= size;
        if (gradients_[at(v)] == 0)
          gradients_[at(v)] = size;
        else
          change(-size);  // added to the one that is there
        continue;
      }
      change(size);
      if (gradients_[at(v)] == 0)
        gradients_[at(v)] = size;
      else
        change(-size);
    }
    change(-scratch_[index] - gone);
    for (const ValueId v : kept_[index]) letGo(v);
    change(-extra_[index]);
  }

  const Program& program_;
  const Bindings& sizes_;
  std::vector<size_t> root_;  // value -> the value whose memory it looks at
  std::vector<int> holders_;  // of that memory: slots and what is kept
  std::vector<int64_t> bytes_;
  std::vector<bool> needs_;         // a gradient
  std::vector<int64_t> gradients_;  // bytes of the gradient that is there
  std::vector<bool> disordered_;
  std::vector<int> lastUse_;
  std::vector<std::vector<ValueId>> kept_;
  std::vector<int64_t> extra_, scratch_;
  std::set<size_t> isState_, owned_;
  int64_t live_ = 0, peak_ = 0;
};

}  // namespace

std::map<NodeId, Dim> activationBytes(const Program& program) {
  std::map<NodeId, Dim> bytes;
  const auto add = [&](const NodePath& node, ValueId value, bool free) {
    if (node.empty()) return;
    Dim& sum = bytes[node.back()];
    if (free) return;
    for (const TensorType& t : program.type(value).tensors) sum = sum + product(t.shape) * Dim(widthOf(t.dtype));
  };
  for (const Port& port : program.inputs)
    if (!isTarget(program, port)) add(port.node, port.value, false);
  for (const Op& op : program.ops)
    if (op.part == Part::Model)
      for (const ValueId result : op.results) add(op.node, result, isView(op));
  return bytes;
}

std::optional<TrainingMemory> trainingMemory(const Program& program, const Bindings& sizes, double statesPerWeight) {
  TrainingMemory memory;
  if (!Step(program, sizes).play(memory)) return std::nullopt;
  memory.states = std::llround(static_cast<double>(memory.gradients) * statesPerWeight);
  // The step itself comes when the activations are gone and all gradients are there.
  memory.peak = memory.weights + memory.states + std::max(memory.peak, memory.gradients);
  return memory;
}

}  // namespace netwright::program
