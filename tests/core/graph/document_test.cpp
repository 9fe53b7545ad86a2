// SPDX-License-Identifier: Apache-2.0
#include "core/graph/document.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/graph/graph_json.h"
#include "tests/support/graphs.h"

namespace netwright::graph {
namespace {

using netwright::test::chain;

TEST(Document, OrdersNodesAlongTheWires) {
  Document d = chain({4}, {{"linear", "fc", {}}});
  std::swap(d.nodes[0], d.nodes[2]);
  EXPECT_EQ(topologicalOrder(d), (std::vector<NodeId>{{1}, {2}, {3}}));
}

TEST(Document, NamesTheNodesOfACycle) {
  Document d = chain({4}, {{"relu", "a", {}}, {"relu", "b", {}}, {"relu", "c", {}}});
  d.wires[0] = {{{4}, "y"}, {{2}, "x"}};
  std::vector<NodeId> cycle;
  EXPECT_EQ(topologicalOrder(d, &cycle), (std::vector<NodeId>{{1}}));
  EXPECT_EQ(cycle, (std::vector<NodeId>{{3}, {4}, {2}}));
}

TEST(GraphJson, RoundTripsEverything) {
  Document d = chain({1, 8, 8}, {{"conv2d", "block.0.conv", {{"padding", std::vector<int64_t>{1, 1}}}},
                                 {"max_pool2d", "pool", {}},
                                 {"dropout", "drop", {{"p", 0.25}}}});
  d.nodes[1].mode = Mode::Eval;
  d.nodes[1].shared["weight"] = {{{9}, {2}}, "weight"};
  d.nodes[2].position = {12.5, -3};
  EXPECT_EQ(fromJson(toJson(d), "test"), d);
}

TEST(GraphJson, KeepsUnknownKindsAndMembers) {
  const Json json = Json::parse(
      R"({"nodes": [{"id": 1, "kind": "quantum", "version": 3, "name": "q", "params": {"gates": [["h", 0]], "n": 2}, "position": [0.0, 0.0], "colour": {"r": 1}}], "wires": []})");
  const Json again = toJson(fromJson(json, "test"));
  EXPECT_EQ(again.at("nodes")[0].at("params"), json.at("nodes")[0].at("params"));
  EXPECT_EQ(again.at("nodes")[0].at("colour"), json.at("nodes")[0].at("colour"));
  EXPECT_EQ(again.at("nodes")[0].at("kind"), "quantum");
}

TEST(GraphJson, KeepsAnnotationsAndTheirUnknownMembers) {
  Document d = netwright::test::chain({4}, {{"relu", "r", {}}});
  EXPECT_FALSE(toJson(d).contains("annotations")) << "files without any stay as older versions wrote them";
  d.annotations = {{3, Annotation::Kind::Frame, "Encoder", "blue", {-20, 10.5}, {400, 300}, R"({"locked":true})"},
                   {1, Annotation::Kind::Note, "# Why\nsee *below*", "", {0, 0}, {160, 90}, ""}};
  EXPECT_EQ(fromJson(toJson(d), "test"), d);
  EXPECT_EQ(toJson(d).at("annotations")[0].at("locked"), true);
  EXPECT_EQ(toJson(d).at("annotations")[1].at("kind"), "note");
}

std::string message(const char* text) {
  try {
    fromJson(Json::parse(text), "p.json");
  } catch (const Error& e) {
    return e.title;
  }
  return "";
}

TEST(GraphJson, SaysWhatIsMalformed) {
  EXPECT_EQ(message(R"({"nodes": [{"id": 0, "kind": "relu", "name": "r"}]})"),
            "p.json: node 1 needs an 'id' above 0, a 'kind' and a 'name'.");
  EXPECT_EQ(message(R"({"nodes": [{"id": "x"}]})"), "p.json: node 1: 'id' should be a whole number but is \"x\".");
  EXPECT_EQ(message(R"({"wires": [["1.y"]]})"), "p.json: the wire [\"1.y\"] should be a pair like [\"1.y\", \"2.x\"].");
  EXPECT_EQ(message(R"({"wires": [["y", "2.x"]]})"),
            "p.json: the wire end 'y' should look like 3.x (node number, dot, port).");
  EXPECT_EQ(message(R"({"nodes": [{"id": 1, "kind": "relu", "name": "r"}, {"id": 1, "kind": "relu", "name": "s"}]})"),
            "p.json: two nodes have the number 1.");
  EXPECT_EQ(message(R"({"annotations": [{"id": 1, "kind": "cloud"}]})"),
            "p.json: annotation 1: 'kind' should be frame or note but is 'cloud'.");
  EXPECT_EQ(message(R"({"annotations": [{"id": 1}, {"id": 1}]})"), "p.json: two annotations have the number 1.");
  EXPECT_EQ(message(R"({"annotations": [{"text": "a"}]})"),
            "p.json: annotation 1: 'id' should be from 1 to 9007199254740992 but is 0.");
  EXPECT_EQ(message(R"({"nodes": 5})"), "p.json: the graph is malformed.");
}

}  // namespace
}  // namespace netwright::graph
