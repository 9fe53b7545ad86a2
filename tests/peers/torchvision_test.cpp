// SPDX-License-Identifier: Apache-2.0
// The templates of torchvision's networks beside the real ones: as many parameters, states of the same names and sizes,
// and with a file of their weights the same results.
#include <fmt/format.h>

#include <cmath>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/project/open_weights.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

using States = std::map<std::string, std::vector<int64_t>>;

States statesOf(const program::Program& program) {
  States states;
  for (const program::State& s : program.states) {
    std::vector<int64_t>& shape = states[s.name];
    for (const program::Dim& d : program.tensorType(s.value).shape) shape.push_back(d.constant().value());
  }
  return states;
}

double largest(std::span<const float> values) {
  double most = 0;
  for (const float v : values) most = std::max<double>(most, std::abs(v));
  return most;
}

// The weights are opened as a person would open a file of them.
void expectSameResults(project::Project p, const std::filesystem::path& folder, const std::string& name) {
  const project::WeightsOffer offer = project::offerWeights(p, folder / (name + ".safetensors"));
  EXPECT_EQ(offer.table.matched(), offer.table.weights.size());
  EXPECT_TRUE(offer.table.unused.empty());
  for (const convert::Match& m : offer.table.weights)
    EXPECT_EQ(m.how, convert::Match::How::Name) << m.weight << ": " << m.note;
  engine::Network network(layers::lowerGraph(p.graph).program, {});
  network.setWeights(offer.weights);
  const SafetensorsFile values = readSafetensors(folder / (name + ".values.safetensors"));
  const std::vector<HostTensor> outputs = network.predict({values.find("x")});
  const auto expected = values.find("y")->as<float>(), got = outputs.at(0).as<float>();
  ASSERT_EQ(got.size(), expected.size());
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) worst = std::max<double>(worst, std::abs(got[i] - expected[i]));
  EXPECT_LE(worst, 1e-5 * largest(expected));
  EXPECT_GT(largest(expected), 1e-3);
  fmt::print("{}: largest relative difference {:.1e}\n", name, worst / largest(expected));
}

TEST(Torchvision, ItsTemplatesAreTheSameNetworks) {
  const test::TempFolder folder;
  test::expectPeerAgrees("write_torchvision.py", folder.path());
  const Json cases = readJsonFile(folder / "cases.json");
  EXPECT_EQ(cases.size(), 7u);
  for (const Json& c : cases) {
    const auto name = c.at("template").get<std::string>();
    SCOPED_TRACE(name);
    project::Project p = project::findTemplate(name).project();
    const program::Program whole = layers::lowerGraph(p.graph).program;
    EXPECT_EQ(whole.parameterCount(), c.at("parameters").get<int64_t>());
    States expected;
    for (const Json& state : c.at("states")) expected[state[0]] = state[1].get<std::vector<int64_t>>();
    EXPECT_EQ(statesOf(whole), expected);
    if (const int64_t narrow = c.at("narrow"); narrow > 0)
      for (const char* layer : {"classifier.0", "classifier.3"})
        project::setByName(p, fmt::format("{}.out_features", layer), std::to_string(narrow));
    expectSameResults(std::move(p), folder.path(), name);
  }
}

}  // namespace
}  // namespace netwright
