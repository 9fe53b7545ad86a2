// SPDX-License-Identifier: Apache-2.0
#include "core/engine/passes.h"

#include <algorithm>
#include <map>

namespace netwright::engine {
namespace {

using Forward = std::vector<Instruction>;

bool is(const Instruction& i, const char* id) { return i.op->info->id() == id; }

// How many instructions read each slot.
std::map<int, int> readers(const Forward& forward) {
  std::map<int, int> count;
  for (const Instruction& i : forward)
    for (const int slot : inputs(i)) ++count[slot];
  return count;
}

// Every window holds a value and is taken by its size alone: else -inf or another choice of windows might show.
bool plainWindow(const program::Op& pool) {
  const auto& schema = pool.info->schema;
  const auto* dilation = std::get_if<program::Shape>(&pool.args[schema.index("dilation")]);
  return !std::get<bool>(pool.args[schema.index("ceil_mode")]) && dilation &&
         std::all_of(dilation->begin(), dilation->end(), [](const program::Dim& d) { return d == program::Dim(1); });
}

// max_pool(relu(x)) = relu(max_pool(x)), for a quarter of the work where windows are 2x2. The gradient goes to the same
// element: the largest of a window is the same before and after relu if it is positive, and gets none if it is not.
void poolBeforeRelu(Forward& forward, const std::set<int>& kept) {
  const std::map<int, int> count = readers(forward);
  for (size_t i = 0; i + 1 < forward.size(); ++i) {
    Instruction &relu = forward[i], &pool = forward[i + 1];
    if (!is(relu, "relu") || !is(pool, "max_pool2d") || pool.tensors.front().second != relu.results.front()) continue;
    if (count.at(relu.results.front()) != 1 || kept.contains(relu.results.front()) || !plainWindow(*pool.op)) continue;
    pool.tensors.front().second = relu.tensors.front().second;
    const int middle = relu.results.front(), last = pool.results.front();
    relu.tensors.front().second = middle;
    pool.results.front() = middle;
    relu.results.front() = last;
    std::swap(relu, pool);
  }
}

// Also heads of attention are flattened, and they are no images.
bool flattensImage(const Instruction& i) {
  if (is(i, "reshape")) return true;
  if (!is(i, "flatten.using_ints")) return false;
  return std::get<program::Dim>(i.op->args[i.op->info->schema.index("start_dim")]) == program::Dim(1);
}

// Flattening an image ends channels_last: its gradient comes back in rows, and pooling and convolution before it would
// run on the slow path. One copy of the gradient brings it back.
void keepGradientsLast(Forward& forward, const program::Program& program) {
  for (Instruction& i : forward) {
    if (!flattensImage(i)) continue;
    const int slot = i.tensors.front().second;
    const auto& type = program.values[static_cast<size_t>(slot)].type;
    if (type.isTensor() && type.tensor().shape.size() == 4) i.restrided.push_back(slot);
  }
}

}  // namespace

void rewrite(Plan& plan, const program::Program& program, const PlanOptions& options, const std::set<int>& kept) {
  poolBeforeRelu(plan.forward, kept);
  if (options.channelsLast && plan.training) keepGradientsLast(plan.forward, program);
}

}  // namespace netwright::engine
