// SPDX-License-Identifier: Apache-2.0
#include "core/engine/node_watch.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <utility>

namespace netwright::engine {

void NodeWatch::see(const Instruction& instruction, const at::Tensor& result) {
  const program::Op& op = *instruction.op;
  if (&instruction == last_ || op.part != program::Part::Model || op.node.empty()) return;
  if (!result.defined() || !result.is_floating_point() || result.numel() == 0) return;
  last_ = &instruction;
  const at::NoGradGuard off;
  const at::Tensor values = result.detach().to(at::kFloat);
  NodeStatistic& told = nodes_[op.node];
  told.node = op.node;
  told.mean = values.mean().item<double>();
  told.deviation = values.numel() > 1 ? values.std().item<double>() : 0;
}

void NodeWatch::gradients(const program::Program& program, const std::vector<at::Tensor>& slots) {
  const at::NoGradGuard off;
  std::map<NodePath, double> squares;
  for (const program::State& s : program.states) {
    const at::Tensor& gradient = slots[static_cast<size_t>(s.value.index)].grad();
    if (s.kind != program::StateKind::Parameter || !gradient.defined()) continue;
    const double norm = gradient.norm().item<double>();
    squares[s.id.owner] += norm * norm;
  }
  for (const auto& [node, sum] : squares)
    if (const auto it = nodes_.find(node); it != nodes_.end()) it->second.gradient = std::sqrt(sum);
}

std::vector<NodeStatistic> NodeWatch::take() {
  for (auto& [node, counts] : std::exchange(runs, {})) {
    nodes_[node].node = node;
    nodes_[node].runs = std::move(counts);
  }
  std::vector<NodeStatistic> all;
  for (auto& [node, told] : std::exchange(nodes_, {})) all.push_back(std::move(told));
  last_ = nullptr;
  return all;
}

}  // namespace netwright::engine
