// SPDX-License-Identifier: Apache-2.0
// The numbers of nodes inside instances: hashes of the path that leads to them, so that they stay when others come.
// Used by core/graph only.
#pragma once

#include <cstdint>

#include "core/base/ids.h"

namespace netwright::graph {

inline constexpr int64_t kFirstDerived = int64_t{1} << 52;  // numbers of drawn nodes are smaller; JSON reads up to 2^53

inline uint64_t mixed(uint64_t hash, uint64_t value) {  // splitmix64
  uint64_t z = hash + 0x9e3779b97f4a7c15u * (value + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

inline NodeId derived(uint64_t hash) { return {kFirstDerived + static_cast<int64_t>(hash & (kFirstDerived - 1))}; }

// The path of one copy of an instance within a path.
inline uint64_t inside(uint64_t hash, NodeId instance, int64_t repetition) {
  return mixed(mixed(hash, static_cast<uint64_t>(instance.value)), static_cast<uint64_t>(repetition));
}

}  // namespace netwright::graph
