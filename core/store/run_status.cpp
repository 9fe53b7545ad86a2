// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_status.h"

#include <array>

namespace netwright::store {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"RUNNING", "PAUSED", "FINISHED", "FAILED", "KILLED", "LOST"};

}  // namespace

std::string name(RunStatus status) { return std::string(kNames.at(static_cast<size_t>(status))); }

std::optional<RunStatus> runStatusFromName(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<RunStatus>(i);
  return std::nullopt;
}

}  // namespace netwright::store
