// SPDX-License-Identifier: Apache-2.0
// What each layer is tried with in layers_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/attribute.h"

namespace netwright::test {

// Legal settings to try: parameters and the sizes of the inputs without the batch, for the first ports of the layer;
// the others stay without a wire. The defaults are tried too.
struct Setting {
  std::vector<std::vector<int64_t>> inputs;
  Attributes params;
  int64_t indices = 0;  // inputs are int64 numbers below this; 0: they are float
  // A letter for each input where they differ: f float, p float above 0, u float between 0 and 1, o float above 1, s
  // float 1 or -1, b a condition (float above 0), i int64 below `indices`.
  std::string kinds = "";

  char kind(size_t i) const { return kinds.empty() ? (indices ? 'i' : 'f') : kinds[i]; }
};

// By layer. One that is not listed is tried at its defaults.
std::map<std::string, std::vector<Setting>> layerSettings();

}  // namespace netwright::test
