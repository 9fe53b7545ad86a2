// SPDX-License-Identifier: Apache-2.0
// Which tensor of a file belongs to which weight of a network, and why: by name, by name without a prefix, or by shape
// and order. Explains every weight and every tensor. Used to open weights from elsewhere.
#pragma once

#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/program/program.h"

namespace netwright::convert {

struct Match {
  enum class How { Name, Prefix, Order, None };
  std::string weight;          // of the network: "conv1.weight"
  std::vector<int64_t> shape;  // of that weight
  How how = How::None;
  std::string tensor;  // in the file; with How::None the one of the same name whose shape differs, or empty
  std::string note;    // one sentence: why this one, or why none
};

struct MatchTable {
  std::vector<Match> weights;       // every weight of the network, in its order
  std::vector<std::string> unused;  // tensors of the file that belong to no weight, in its order
  size_t matched() const;
};
MatchTable match(const program::Program& program, const std::vector<NamedTensor>& tensors);

// The matched tensors under the network's names, in the element types that the network has (float32, int64).
std::vector<NamedTensor> matchedWeights(const program::Program& program, const MatchTable& table,
                                        const std::vector<NamedTensor>& tensors);

}  // namespace netwright::convert
