// SPDX-License-Identifier: Apache-2.0
// Which checkpoints of a run may go. Used by the training loop after each one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace netwright::run {

struct KeptCheckpoint {
  std::string path;
  std::optional<double> value;  // higher is better; absent where it was not measured or is NaN
};

// all: oldest first. Those that are neither among the `keepLast` newest nor among the `keepBest` best. 0 sets no rule
// of that kind; without any rule nothing goes. The newest and the best (of equal ones the first) always stay.
std::vector<std::string> superfluous(const std::vector<KeptCheckpoint>& all, int64_t keepBest, int64_t keepLast);

}  // namespace netwright::run
