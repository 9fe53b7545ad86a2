// SPDX-License-Identifier: Apache-2.0
// Old files of each format and layer version still open; what this version does not know survives.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/layers/registry.h"
#include "core/project/migrations.h"
#include "core/project/project.h"

namespace netwright::project {
namespace {

namespace fs = std::filesystem;
const fs::path kFormats = NETWRIGHT_SOURCE_DIR "/tests/data/formats";

Project old(const std::string& name) { return fromText(readFile(kFormats / name), name); }

TEST(Formats, EachStepLeadsToTheNext) {
  constexpr Migration kSteps[] = {[](Json& p) { p["title"] = p["name"]; }, [](Json& p) { p.erase("name"); }};
  Json first{{"netwright", 1}, {"name", "a"}}, second{{"netwright", 2}, {"name", "a"}, {"title", "b"}};
  migrate(first, 1, kSteps);
  migrate(second, 2, kSteps);
  EXPECT_EQ(first.dump(), R"({"netwright":3,"title":"a"})");
  EXPECT_EQ(second.dump(), R"({"netwright":3,"title":"b"})");
}

TEST(Formats, EveryKeptFileOpensAsThePresentFormat) {
  std::vector<int> formats;
  for (const auto& entry : fs::directory_iterator(kFormats)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".json") continue;  // databases: see store/migration_test
    const Project p = old(name);
    formats.push_back(std::stoi(name));
    for (const graph::Node& n : p.graph.nodes) {
      const layers::LayerSpec* layer = layers::findLayer(n.kind);
      ASSERT_TRUE(layer) << name << ": " << n.kind;
      EXPECT_EQ(n.version, layer->version) << name << ": " << n.name;
    }
    EXPECT_EQ(toText(fromText(toText(p), name)), toText(p)) << name;
  }
  for (int format = 1; format <= kFormat; ++format)
    EXPECT_NE(std::find(formats.begin(), formats.end(), format), formats.end()) << "no file of format " << format;
}

TEST(Formats, InputAndCrossEntropyOfVersionOneAreMigrated) {
  const Project p = old("1-cross-entropy1.json");
  EXPECT_EQ(p.graph.findByName("x")->params.at("dtype"), Attribute(std::string("float")));
  EXPECT_EQ(p.graph.findByName("loss")->params.at("weight"), Attribute(std::vector<double>{}));
}

TEST(Formats, ALossOutsideTheGraphHasAVersionToo) {
  const auto term = [](const std::string& members) {
    const std::string text =
        R"({"netwright": 1, "run": {"objectives": [{"terms": [{"loss": "cross_entropy")" + members + "}]}]}}";
    return fromText(text, "test");
  };
  const auto written = [](const Project& p) {
    return Json::parse(toText(p)).at("run").at("objectives").at(0).at("terms").at(0);
  };
  const Project old = term(R"(, "version": 1)");
  EXPECT_EQ(old.run.objectives[0].terms[0].params.at("weight"), Attribute(std::vector<double>{}));
  EXPECT_EQ(written(old).at("version"), 3);
  const Project before = term(R"(, "params": {"weight": [1.0, 2.0]})");  // from before versions were written
  EXPECT_EQ(before.run.objectives[0].terms[0].params.at("weight"), Attribute(std::vector<double>{1, 2}));
  EXPECT_EQ(written(before).at("version"), 3);
  EXPECT_EQ(written(term(R"(, "version": 99)")).at("version"), 99);
}

// Puts a member that nobody knows into each object, at random places and of random kinds.
void sow(Json& json, std::mt19937& random, int& count) {
  if (json.is_array()) {
    for (Json& item : json) sow(item, random, count);
    return;
  }
  if (!json.is_object()) return;
  for (auto& [key, value] : json.items())
    if (key != "params" && key != "shared" && key != "value") sow(value, random, count);
  static const std::vector<Json> kValues{nullptr, -1, 0.25, "text \" \n ü", {1, {{"x", nullptr}}}, {{"deep", {1, 2}}}};
  json[fmt::format("unknown {}", ++count)] = kValues[random() % kValues.size()];
}

void expectContains(const Json& whole, const Json& part, const std::string& where) {
  if (part.is_object()) {
    for (const auto& [key, value] : part.items()) {
      ASSERT_TRUE(whole.is_object() && whole.contains(key)) << where << "." << key << " is lost";
      expectContains(whole.at(key), value, where + "." + key);
    }
  } else if (part.is_array() && !part.empty() && part.front().is_object()) {
    ASSERT_EQ(whole.size(), part.size()) << where;
    for (size_t i = 0; i < part.size(); ++i) expectContains(whole[i], part[i], fmt::format("{}[{}]", where, i));
  } else {
    EXPECT_EQ(whole, part) << where;
  }
}

TEST(Formats, WhatIsUnknownSurvivesEverywhere) {
  ::setenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources", 1);
  for (unsigned seed = 0; seed < 70; ++seed) {
    std::mt19937 random(seed);
    Project project = templates()[seed % templates().size()].project();
    project.run.objectives.front().groups.push_back({"*.bias", {}});
    project.graph.annotations = {{1, graph::Annotation::Kind::Frame, "Encoder", "blue", {0, 0}, {300, 200}, ""},
                                 {2, graph::Annotation::Kind::Note, "*why*", "", {5, 5}, {90, 60}, ""}};
    project.graph.variables = {{"hidden", int64_t{4}, ""}, {"width", Formula{"hidden * 2"}, ""}};
    project.graph.nodes.front().kind = seed % 2 ? "of_a_plugin" : project.graph.nodes.front().kind;
    Json json = Json::parse(toText(project));
    int count = 0;
    sow(json, random, count);
    EXPECT_GE(count, 15);
    const Project read = fromText(json.dump(), "p");
    const std::string written = toText(read);
    expectContains(Json::parse(written), json, "project");
    EXPECT_EQ(fromText(written, "p"), read);
    EXPECT_EQ(toText(fromText(written, "p")), written);
  }
}

TEST(Formats, ListsOfNumbersInANodeAreParameters) {
  const Project p = fromText(
      R"({"netwright": 1, "graph": {"nodes": [{"id": 1, "kind": "x", "name": "n", "params": {"w": [0.5, 2]}}]}})", "p");
  EXPECT_EQ(p.graph.nodes[0].params.at("w"), Attribute(std::vector<double>{0.5, 2}));
}

}  // namespace
}  // namespace netwright::project
