// SPDX-License-Identifier: Apache-2.0
#include "core/project/graph_text.h"

#include <fmt/format.h>

#include "core/base/json.h"

namespace netwright::project {
namespace {

std::string listLines(const Json& items, const std::string& indent) {
  std::string out = "[";
  for (size_t i = 0; i < items.size(); ++i) out += fmt::format("{}\n{}    {}", i ? "," : "", indent, items[i].dump());
  return out + (items.empty() ? "]" : fmt::format("\n{}  ]", indent));
}

}  // namespace

std::string graphLines(const Json& graph, const std::string& indent) {
  std::string lines;
  for (const auto& [key, value] : graph.items()) {
    std::string text = value.dump();
    if (key == "nodes" || key == "wires" || key == "annotations" || key == "variables")
      text = listLines(value, indent);
    else if (key == "blocks")
      text = blockLines(value, indent);
    lines += fmt::format("{}\n{}  {}: {}", lines.empty() ? "" : ",", indent, Json(key).dump(), text);
  }
  return fmt::format("{{{}\n{}}}", lines, indent);
}

std::string blockLines(const Json& blocks, const std::string& indent) {
  if (!blocks.is_array()) return blocks.dump();
  const std::string inner = indent + "    ";
  std::string out = "[";
  for (const Json& block : blocks) {
    std::string members;
    for (const auto& [key, value] : block.items())
      members += fmt::format("{}\n{}  {}: {}", members.empty() ? "" : ",", inner, Json(key).dump(),
                             key == "body" ? graphLines(value, inner + "  ") : value.dump());
    out += fmt::format("{}\n{}{{{}\n{}}}", out.size() > 1 ? "," : "", inner, members, inner);
  }
  return fmt::format("{}\n{}  ]", out, indent);
}

}  // namespace netwright::project
