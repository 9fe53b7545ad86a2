// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/param_json.h"

namespace netwright::graph {
namespace {

constexpr std::array kModes{"follow", "train", "eval"};
constexpr std::array kAnnotationKinds{"frame", "note"};
constexpr int64_t kLargestId = int64_t{1} << 53;  // other programs read JSON numbers as doubles

std::string text(const PortRef& port) { return fmt::format("{}.{}", port.node.value, port.port); }

PortRef portFromText(const std::string& s, const std::string& source) {
  PortRef ref;
  const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), ref.node.value);
  if (ec != std::errc() || end == s.data() + s.size() || *end != '.')
    failInput(fmt::format("{}: the wire end '{}' should look like 3.x (node number, dot, port).", source, s), "",
              "Correct that wire.");
  ref.port = std::string(end + 1, s.data() + s.size());
  return ref;
}

Json toJson(const ParameterId& id) {
  Json owner = Json::array();
  for (const NodeId n : id.owner) owner.push_back(n.value);
  return {{"owner", owner}, {"slot", id.slot}};
}

Json toJson(const Node& node) {
  Json params = Json::object();
  for (const auto& [name, value] : node.params) params[name] = netwright::toJson(value);
  Json json{
      {"id", node.id.value}, {"kind", node.kind}, {"version", node.version}, {"name", node.name}, {"params", params}};
  if (node.bypassed) json["bypassed"] = true;
  if (node.mode != Mode::Follow) json["mode"] = kModes[static_cast<size_t>(node.mode)];
  for (const auto& [slot, id] : node.shared) json["shared"][slot] = toJson(id);
  for (const BlockId id : node.bodies) json["bodies"].push_back(id.value);
  json["position"] = {node.position.x, node.position.y};
  addUnknown(json, node.unknown);
  return json;
}

Json toJson(const Annotation& a) {
  Json json{{"id", a.id}, {"kind", kAnnotationKinds[static_cast<size_t>(a.kind)]}, {"text", a.text}};
  if (!a.colour.empty()) json["colour"] = a.colour;
  json["position"] = {a.position.x, a.position.y};
  json["size"] = {a.size.x, a.size.y};
  addUnknown(json, a.unknown);
  return json;
}

void readPoint(const Json& json, const char* key, Point& point) {
  if (const auto p = json.find(key);
      p != json.end() && p->is_array() && p->size() == 2 && p->at(0).is_number() && p->at(1).is_number())
    point = {p->at(0).get<double>(), p->at(1).get<double>()};
}

Annotation annotationFromJson(const Json& json, const std::string& source, size_t index) {
  const std::string where = fmt::format("{}: annotation {}", source, index + 1);
  if (!json.is_object()) failInput(fmt::format("{} is not an object.", where), "", "Correct that annotation.");
  Annotation a;
  a.id = jsonGet<int64_t>(json, "id", 0, where);
  if (a.id <= 0 || a.id > kLargestId)
    failInput(fmt::format("{}: 'id' should be from 1 to {} but is {}.", where, kLargestId, a.id), "", "Correct it.");
  const std::string kind = jsonGet<std::string>(json, "kind", "frame", where);
  const auto it = std::find(kAnnotationKinds.begin(), kAnnotationKinds.end(), kind);
  if (it == kAnnotationKinds.end())
    failInput(fmt::format("{}: 'kind' should be frame or note but is '{}'.", where, kind), "", "Correct it.");
  a.kind = static_cast<Annotation::Kind>(it - kAnnotationKinds.begin());
  a.text = jsonGet<std::string>(json, "text", "", where);
  a.colour = jsonGet<std::string>(json, "colour", "", where);
  readPoint(json, "position", a.position);
  readPoint(json, "size", a.size);
  a.unknown = unknownMembers(json, {"id", "kind", "text", "colour", "position", "size"});
  return a;
}

void readParams(const Json& json, Node& node, std::string& unknown, const std::string& where) {
  const auto it = json.find("params");
  if (it == json.end()) return;
  if (!it->is_object()) failInput(fmt::format("{}: 'params' should be an object.", where), "", "Correct that node.");
  bool foreign = false;  // an unknown layer may hold values that are no attributes: keep its params raw
  for (const auto& [name, value] : it->items()) foreign |= !isAttribute(value);
  if (foreign) {
    unknown = Json{{"params", *it}}.dump();
    return;
  }
  for (const auto& [name, value] : it->items())
    node.params[name] = attributeFromJson(value, fmt::format("{}, parameter '{}',", where, name));
}

Node nodeFromJson(const Json& json, const std::string& source, size_t index) {
  const std::string where = fmt::format("{}: node {}", source, index + 1);
  if (!json.is_object()) failInput(fmt::format("{} is not an object.", where), "", "Correct that node.");
  Node node;
  node.id = {jsonGet<int64_t>(json, "id", 0, where)};
  node.kind = jsonGet<std::string>(json, "kind", "", where);
  const auto version = jsonGet<int64_t>(json, "version", 1, where);
  if (version < 1 || version > INT32_MAX)
    failInput(fmt::format("{}: 'version' should be 1 or more but is {}.", where, version), "", "Correct that value.");
  node.version = static_cast<int>(version);
  node.name = jsonGet<std::string>(json, "name", "", where);
  if (node.id.value > kLargestId)
    failInput(fmt::format("{}: 'id' should be at most {} but is {}.", where, kLargestId, node.id.value), "",
              "Give the node and its wires another number.");
  if (node.id.value <= 0 || node.kind.empty() || node.name.empty())
    failInput(fmt::format("{} needs an 'id' above 0, a 'kind' and a 'name'.", where), "", "Correct that node.");
  node.bypassed = jsonGet<bool>(json, "bypassed", false, where);
  const std::string mode = jsonGet<std::string>(json, "mode", "follow", where);
  const auto it = std::find(kModes.begin(), kModes.end(), mode);
  if (it == kModes.end())
    failInput(fmt::format("{}: 'mode' should be follow, train or eval but is '{}'.", where, mode), "", "Correct it.");
  node.mode = static_cast<Mode>(it - kModes.begin());
  readParams(json, node, node.unknown, where);
  readPoint(json, "position", node.position);
  if (const auto shared = json.find("shared"); shared != json.end())
    for (const auto& [slot, value] : shared->items()) {
      ParameterId id;
      for (const Json& n : value.value("owner", Json::array())) {
        if (!n.is_number_integer())
          failInput(fmt::format("{}: 'shared' names the node {}, which is no number.", where, n.dump().substr(0, 60)),
                    "", "Correct it.");
        id.owner.push_back({n.get<int64_t>()});
      }
      id.slot = value.value("slot", "");
      node.shared[slot] = id;
    }
  const Json bodies = json.value("bodies", Json::array());
  for (const Json& id : bodies) {
    if (!id.is_number_integer())
      failInput(fmt::format("{}: 'bodies' names the block {}, which is no number.", where, id.dump().substr(0, 60)), "",
                "Correct it.");
    node.bodies.push_back({id.get<int64_t>()});
  }
  Json others = Json::object();
  addUnknown(others, node.unknown);
  addUnknown(others, unknownMembers(json, {"id", "kind", "version", "name", "params", "mode", "bypassed", "shared",
                                           "bodies", "position"}));
  if (!others.empty()) node.unknown = others.dump();
  return node;
}

Json toJson(const Variable& variable) {
  Json json{{"name", variable.name}, {"value", netwright::toJson(variable.value)}};
  addUnknown(json, variable.unknown);
  return json;
}

Variable variableFromJson(const Json& json, const std::string& source, size_t index) {
  const std::string where = fmt::format("{}: variable {}", source, index + 1);
  if (!json.is_object()) failInput(fmt::format("{} is not an object.", where), "", "Correct that variable.");
  Variable variable;
  variable.name = jsonGet<std::string>(json, "name", "", where);
  if (const auto value = json.find("value"); value != json.end())
    variable.value = attributeFromJson(*value, fmt::format("{}, '{}',", where, variable.name));
  variable.unknown = unknownMembers(json, {"name", "value"});
  return variable;
}

}  // namespace

Json toJson(const Block& block) {
  Json json{{"id", block.id.value}, {"name", block.name}};
  if (!block.doc.empty()) json["doc"] = block.doc;
  if (!block.params.empty()) json["params"] = Json::array();
  for (const ParamSpec& p : block.params) json["params"].push_back(netwright::toJson(p));
  json["body"] = toJson(block.body);
  addUnknown(json, block.unknown);
  return json;
}

Block blockFromJson(const Json& json, const std::string& source) {
  if (!json.is_object()) failInput(fmt::format("{}: a block is not an object.", source), "", "Correct that block.");
  Block block;
  block.id = {jsonGet<int64_t>(json, "id", 0, source)};
  block.name = jsonGet<std::string>(json, "name", "", source);
  if (block.id.value <= 0 || block.id.value > kLargestId || block.name.empty())
    failInput(fmt::format("{}: a block needs an 'id' from 1 to {} and a 'name'.", source, kLargestId), "",
              "Correct that block.");
  const std::string where = fmt::format("{}: block '{}'", source, block.name);
  block.doc = jsonGet<std::string>(json, "doc", "", where);
  for (const Json& p : json.value("params", Json::array())) block.params.push_back(paramSpecFromJson(p, where));
  block.body = fromJson(json.value("body", Json::object()), where);
  if (!block.body.blocks.empty())
    failInput(fmt::format("{} holds definitions of its own.", where), "", "Move them to the 'blocks' of the graph.");
  block.unknown = unknownMembers(json, {"id", "name", "doc", "params", "body"});
  return block;
}

Json toJson(const Document& document) {
  Json nodes = Json::array(), wires = Json::array();
  for (const Node& n : document.nodes) nodes.push_back(toJson(n));
  for (const Wire& w : document.wires) wires.push_back({text(w.from), text(w.to)});
  Json json{{"nodes", nodes}, {"wires", wires}};
  for (const Annotation& a : document.annotations) json["annotations"].push_back(toJson(a));
  for (const Variable& v : document.variables) json["variables"].push_back(toJson(v));
  for (const Block& b : document.blocks) json["blocks"].push_back(toJson(b));
  addUnknown(json, document.unknown);
  return json;
}

Document fromJson(const Json& json, const std::string& source) try {
  Document document;
  const Json nodes = json.value("nodes", Json::array()), wires = json.value("wires", Json::array());
  std::set<NodeId> ids;
  for (size_t i = 0; i < nodes.size(); ++i) {
    document.nodes.push_back(nodeFromJson(nodes[i], source, i));
    if (!ids.insert(document.nodes.back().id).second)
      failInput(fmt::format("{}: two nodes have the number {}.", source, document.nodes.back().id.value), "",
                "Give one of them another.");
  }
  for (const Json& w : wires) {
    if (!w.is_array() || w.size() != 2 || !w[0].is_string() || !w[1].is_string())
      failInput(
          fmt::format("{}: the wire {} should be a pair like [\"1.y\", \"2.x\"].", source, w.dump().substr(0, 60)), "",
          "Correct that wire.");
    document.wires.push_back({portFromText(w[0], source), portFromText(w[1], source)});
  }
  const Json annotations = json.value("annotations", Json::array());
  for (size_t i = 0; i < annotations.size(); ++i) {
    document.annotations.push_back(annotationFromJson(annotations[i], source, i));
    for (size_t k = 0; k < i; ++k)
      if (document.annotations[k].id == document.annotations[i].id)
        failInput(fmt::format("{}: two annotations have the number {}.", source, document.annotations[i].id), "",
                  "Give one of them another.");
  }
  const Json variables = json.value("variables", Json::array()), blocks = json.value("blocks", Json::array());
  for (size_t i = 0; i < variables.size(); ++i) document.variables.push_back(variableFromJson(variables[i], source, i));
  for (const Json& b : blocks) {
    Block block = blockFromJson(b, source);
    if (document.findBlock(block.id) || document.findBlockByName(block.name))
      failInput(fmt::format("{}: there are two blocks '{}' or with the number {}.", source, block.name, block.id.value),
                "", "Give one of them another name and number.");
    document.blocks.push_back(std::move(block));
  }
  document.unknown = unknownMembers(json, {"nodes", "wires", "annotations", "variables", "blocks"});
  std::sort(document.wires.begin(), document.wires.end(),
            [](const Wire& a, const Wire& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
  return document;
} catch (const Json::exception& e) {
  failInput(fmt::format("{}: the graph is malformed.", source), e.what(),
            "Restore the file from version control or a backup.");
}

}  // namespace netwright::graph
