// SPDX-License-Identifier: Apache-2.0
// What became of a run, and its name in the database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace netwright::store {

// Lost: its process is gone without having said why (crash, kill -9, power cut).
enum class RunStatus { Running, Paused, Finished, Failed, Killed, Lost };

std::string name(RunStatus status);  // "RUNNING", as in the database
std::optional<RunStatus> runStatusFromName(std::string_view name);

}  // namespace netwright::store
