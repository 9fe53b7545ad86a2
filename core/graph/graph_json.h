// SPDX-License-Identifier: Apache-2.0
// The graph's file format: stable key order, one node or wire per line when written by project/. Unknown members
// survive.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/graph/document.h"

namespace netwright::graph {

// {"nodes": [{"id", "kind", "version", "name", "params", "mode"?, "shared"?, "bodies"?, "position"}], "wires":
// [["1.y", "2.x"], ...], "annotations"?: [{"id", "kind": "frame" | "note", "text", "colour"?, "position", "size"}],
// "variables"?: [{"name", "value"}], "blocks"?: [{"id", "name", "doc"?, "params"?, "body": {"nodes", ...}}]}
nlohmann::ordered_json toJson(const Document& document);
// Throws Error{Input} naming `source` and the member at fault. Broken wires and unknown kinds are kept: lowering
// reports them.
Document fromJson(const nlohmann::ordered_json& json, const std::string& source);
// The definition of a block, as in "blocks" above; a file of the user's library holds one or several.
nlohmann::ordered_json toJson(const Block& block);
Block blockFromJson(const nlohmann::ordered_json& json, const std::string& source);

}  // namespace netwright::graph
