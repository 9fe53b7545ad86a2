// SPDX-License-Identifier: Apache-2.0
// What each node puts out and how large its gradients are, read off a batch that is trained on anyway. Internal to the
// engine.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <vector>

#include "core/engine/network.h"
#include "core/engine/plan.h"

namespace netwright::engine {

class NodeWatch {
 public:
  // The last op of a node counts, with its first result of numbers.
  void see(const Instruction& instruction, const at::Tensor& result);
  // After the backward pass, before the gradients are clipped.
  void gradients(const program::Program& program, const std::vector<at::Tensor>& slots);
  std::vector<NodeStatistic> take();
  Runs runs;  // to be filled by the execution

 private:
  std::map<NodePath, NodeStatistic> nodes_;
  const Instruction* last_ = nullptr;
};

}  // namespace netwright::engine
