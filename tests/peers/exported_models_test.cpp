// SPDX-License-Identifier: Apache-2.0
// model.py of every template, run by the real PyTorch: it begins with the numbers that the engine begins with from the
// same seed, has the same names of weights, and computes what the engine computes.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/convert/exporter.h"
#include "core/convert/model_part.h"
#include "core/convert/pytorch/model_source.h"
#include "core/engine/network.h"
#include "core/layers/expressions/weights.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "tests/core/convert/pytorch/block_networks.h"
#include "tests/core/convert/pytorch/control_networks.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

constexpr uint64_t kSeed = 7;
constexpr int64_t kSamples = 3;

// model.py and what the engine makes of the network, for check_models.py.
// `scales`: of the inputs of each batch, a factor and what is added; `ways`: batches must call modules differently
// often.
void writeCase(const std::filesystem::path& folder, const std::string& name, const graph::Document& drawn, Json& cases,
               const std::vector<std::pair<float, float>>& scales = {{1.0F, 0.0F}}, bool ways = false) {
  const layers::Lowered lowered = layers::lowerGraph(drawn);
  ASSERT_TRUE(lowered.ok()) << name << ": " << lowered.diagnostics.front().text();
  const convert::pytorch::ModelSource source = convert::pytorch::modelSource("Model", drawn);
  const program::Program program = convert::modelOnly(lowered.program);
  engine::Network network(program, {"cpu", DType::Float32});
  network.initialise(kSeed);
  std::vector<NamedTensor> tensors;
  Json renamed = Json::object();
  for (const auto& [ours, theirs] : source.renamed) renamed[ours] = theirs;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});
  for (size_t batch = 0; batch < scales.size(); ++batch) {
    std::vector<NamedTensor> inputs = convert::sampleInputs(program, kSamples);
    for (NamedTensor& t : inputs)
      if (t.tensor.dtype == DType::Float32)
        for (float& v : t.tensor.as<float>()) v = v * scales[batch].first + scales[batch].second;
    engine::Feeds feeds;
    for (const program::Port& p : program.inputs)
      for (const NamedTensor& t : inputs)
        if (t.name == p.name) feeds.push_back(&t.tensor);
    for (size_t i = 0; i < feeds.size(); ++i) tensors.push_back({fmt::format("in:{}:{}", batch, i), *feeds[i]});
    size_t output = 0;
    for (HostTensor& y : network.predict(feeds))
      tensors.push_back({fmt::format("out:{}:{}", batch, output++), std::move(y)});
  }
  writeFileAtomic(folder / (name + ".py"), source.text);
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
  cases.push_back({{"name", name},
                   {"class", source.className},
                   {"seed", kSeed},
                   {"batches", scales.size()},
                   {"ways", ways},
                   {"renamed", renamed},
                   {"constants", source.constants},
                   {"starts", source.otherStart.empty()},
                   {"draws", std::any_of(program.ops.begin(), program.ops.end(), [](const program::Op& op) {
                      return op.info->random && op.info->id().starts_with("rand");
                    })}});
}

TEST(ExportedModels, OfEveryTemplateAreTheSameNetworksInPyTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const project::Template& t : project::templates()) writeCase(folder.path(), t.id, t.project().graph, cases);
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_models.py", folder.path());
}

TEST(ExportedModels, OfBlocksAreTheSameNetworksInPyTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const auto& [name, sketch] : convert::testing::blockNetworks())
    writeCase(folder.path(), name, sketch.document(), cases);
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_models.py", folder.path());
}

// Every way in which the weight of an expression may begin, in one stream of random numbers.
TEST(ExportedModels, OfExpressionsBeginAsInPyTorch) {
  const test::TempFolder folder;
  const std::map<int, std::string> sizes{{2, "6, 6"}, {3, "6, 2, 3"}};
  std::string code, sum = "y = x\n";
  int count = 0;
  const auto weight = [&](const std::string& start, size_t dimensions) {
    const std::string name = "w" + std::to_string(count++);
    code += fmt::format("{} = param({}, init={})\n", name, sizes.at(static_cast<int>(dimensions)), start);
    sum += fmt::format("y = y + {}.sum()\n", name);
  };
  for (const layers::expressions::StartSpec& spec : layers::expressions::starts())
    for (size_t dimensions = std::max<size_t>(2, spec.lowest); dimensions <= std::min<size_t>(3, spec.highest);
         ++dimensions)
      weight(spec.required > 0 ? spec.name + "(0.25)" : spec.name, dimensions);
  for (const char* start : {"orthogonal(1.4)", "sparse(0.35, std=0.5)", "trunc_normal(0.1, std=2, a=1.5, b=2)",
                            "kaiming_uniform(a=0.3)", "xavier_normal(gain=2)"})
    weight(start, 2);
  weight("dirac(groups=2)", 3);
  weight("dirac", 3);
  const graph::Document d = test::chain({6}, {{"expression", "e", {{"code", code + sum}}}});
  Json cases = Json::array();
  writeCase(folder.path(), "starts", d, cases);
  ASSERT_TRUE(cases[0]["starts"].get<bool>());
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_models.py", folder.path());
}

// Batches that go different ways, and loops of different lengths.
TEST(ExportedModels, OfControlFlowTakeTheSameWays) {
  const test::TempFolder folder;
  Json cases = Json::array();
  std::vector<test::ControlCase> all = test::controlCases();
  for (test::ControlCase& c : convert::testing::moreControlCases()) all.push_back(std::move(c));
  const std::set<std::string> fixed{"counted", "stacked", "early exit", "scan", "exchanged", "same names"};
  for (test::ControlCase& c : all) {
    const bool ways = !fixed.contains(c.name);
    std::replace(c.name.begin(), c.name.end(), ' ', '_');
    writeCase(folder.path(), c.name, c.graph, cases, {{1, 0}, {0.05F, 0.4F}, {-1, -0.5F}, {4, 1}, {0.1F, 0}, {1, 0.2F}},
              ways);
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_models.py", folder.path());
}

}  // namespace
}  // namespace netwright
