// SPDX-License-Identifier: Apache-2.0
// The number of a run within its project's database. 0 is "no run".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace netwright::store {

struct RunId {
  int64_t value = 0;
  auto operator<=>(const RunId&) const = default;
  explicit operator bool() const { return value != 0; }
};

}  // namespace netwright::store

template <>
struct std::hash<netwright::store::RunId> {
  size_t operator()(netwright::store::RunId id) const noexcept { return std::hash<int64_t>()(id.value); }
};
