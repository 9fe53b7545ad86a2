// SPDX-License-Identifier: Apache-2.0
// JSON of graphs as people compare it: a line for each node, wire, note and variable. Used by project.json and the
// library of blocks.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace netwright::project {

// `indent`: of the line on which it begins.
std::string graphLines(const nlohmann::ordered_json& graph, const std::string& indent);
std::string blockLines(const nlohmann::ordered_json& blocks, const std::string& indent);

}  // namespace netwright::project
