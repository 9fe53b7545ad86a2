// SPDX-License-Identifier: Apache-2.0
// model.py of every template, run by the real PyTorch: it begins with the numbers that the engine begins with from the
// same seed, has the same names of weights, and computes what the engine computes.
#include <fmt/format.h>

#include "core/convert/exporter.h"
#include "core/convert/model_part.h"
#include "core/convert/pytorch/model_source.h"
#include "core/engine/network.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "tests/core/convert/pytorch/block_networks.h"
#include "tests/peers/peer.h"
#include "tests/support/control_graphs.h"

namespace netwright {
namespace {

constexpr uint64_t kSeed = 7;
constexpr int64_t kSamples = 3;

// model.py and what the engine makes of the network, for check_models.py.
void writeCase(const std::filesystem::path& folder, const std::string& name, const graph::Document& drawn,
               Json& cases) {
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
  const std::vector<NamedTensor> inputs = convert::sampleInputs(program, kSamples);
  engine::Feeds feeds;
  for (const program::Port& p : program.inputs)
    for (const NamedTensor& t : inputs)
      if (t.name == p.name) feeds.push_back(&t.tensor);
  for (size_t i = 0; i < feeds.size(); ++i) tensors.push_back({fmt::format("in:{}", i), *feeds[i]});
  size_t output = 0;
  for (HostTensor& y : network.predict(feeds)) tensors.push_back({fmt::format("out:{}", output++), std::move(y)});
  writeFileAtomic(folder / (name + ".py"), source.text);
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
  cases.push_back({{"name", name},
                   {"class", source.className},
                   {"seed", kSeed},
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

}  // namespace
}  // namespace netwright
