// SPDX-License-Identifier: Apache-2.0
// Gives out names that are unique within one file: "conv1", "conv1_1", ... Deterministic. Used by exporters.
#pragma once

#include <set>
#include <string>

namespace netwright::convert {

class NameTable {
 public:
  // `wanted`, or with the first free number after it. The name is taken from then on.
  std::string take(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 1; !taken_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

}  // namespace netwright::convert
