// SPDX-License-Identifier: Apache-2.0
// How the weights of an expression node begin: torch.nn.init by its names. Internal to core/layers/expressions.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/layers/expressions/entity.h"

namespace netwright::layers::expressions {

struct StartSpec {
  std::string name;       // "normal"
  std::string signature;  // "normal(mean=0, std=1)"
  std::string doc;
  std::vector<double> defaults;           // of its numbers
  size_t required = 0;                    // numbers that must be given
  size_t lowest = 0, highest = SIZE_MAX;  // dimensions of weights that it takes
};
std::vector<std::string> numberNames(const StartSpec& spec);
const std::vector<StartSpec>& starts();
const StartSpec& startSpec(const std::string& name);  // of one that isStart()
bool isStart(const std::string& name);

// What draws a weight of these sizes; else why it cannot, as a Mistake says it.
std::variant<Initialiser, std::string> initialiserOf(const Start& start, const std::vector<int64_t>& sizes);

}  // namespace netwright::layers::expressions
