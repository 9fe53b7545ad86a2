// SPDX-License-Identifier: Apache-2.0
// What must hold of a batch before any op sees it: sizes, labels, and every op's shape rule. ATen does not check all of
// it.
#pragma once

#include <set>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/program/program.h"

namespace netwright::engine {

// Throws NodeError naming the first sample with a value out of range.
void checkIndices(const program::IndexGuard& guard, const HostTensor& values);

// Remembers the batch sizes it has approved, so that a training loop pays only for checking labels and
// indices.
class Guards {
 public:
  explicit Guards(const program::Program& program) : program_(program) {}
  // Throws NodeError. `withLoss`: targets are there too. The sizes of the symbols; valid as long as the guards.
  const program::Bindings& check(const std::vector<const HostTensor*>& feeds, bool training, bool withLoss);

 private:
  void checkFeeds(const std::vector<const HostTensor*>& feeds, bool withLoss) const;
  void checkShapes(const program::Bindings& bindings, bool training, bool withLoss) const;
  static void checkOps(const program::Program& program, const program::Bindings& bindings, bool training,
                       bool withLoss);
  const program::Program& program_;
  std::set<std::pair<program::Bindings, int>> approved_;
  // The last batch's sizes: nearly every batch has them too, and needs no look at the symbols.
  struct Last {
    std::vector<std::pair<DType, std::vector<int64_t>>> feeds;  // an absent feed has no sizes
    const std::pair<program::Bindings, int>* approved = nullptr;
    bool matches(const std::vector<const HostTensor*>& given, int kind) const;
  };
  Last last_;
};

}  // namespace netwright::engine
