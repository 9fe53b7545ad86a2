// SPDX-License-Identifier: Apache-2.0
// Every template beside the same program in PyTorch: initial weights to the bit from the same seed, and in parity mode
// the losses of the first 50 steps.
#include <fmt/format.h>

#include "core/data/loader.h"
#include "core/data/sampler.h"
#include "core/engine/network.h"
#include "core/project/prepare.h"
#include "core/train/evaluation.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

constexpr int64_t kSteps = 50;

// Trains the template as a session does and keeps batches, losses and initial weights.
void writeCase(const std::filesystem::path& folder, const project::Template& given, Json& cases) {
  const project::Project& p = given.project();
  const run::Objective& objective = p.run.objectives.front();
  const data::DataSplits data = data::openData(p.data, folder);
  project::Prepared prepared = project::prepare(p, data.train->columns());
  ASSERT_TRUE(prepared.ok()) << given.id;
  const train::Feeder feeder(prepared.lowered.program, prepared.columns);
  engine::Network network(prepared.lowered.program, {"cpu", DType::Float32, p.run.channelsLast, false, true});
  network.initialise(p.run.seed);
  network.setObjectives({{objective.optimiser.kind, "*", run::completeParams(objective.optimiser)}});
  std::vector<NamedTensor> tensors;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});
  HostTensor losses(DType::Float64, {kSteps});
  for (int64_t step = 0, epoch = 0; step < kSteps;) {
    data::Loader loader(data.train, data::epochOrder(data.trainSamples, p.run.seed, ++epoch), {p.run.batchSize});
    for (const data::Batch* b = loader.next(); b && step < kSteps; b = loader.next(), ++step) {
      const engine::Feeds feeds = feeder.feeds(*b, true);
      for (size_t i = 0; i + 1 < feeds.size(); ++i)
        tensors.push_back({fmt::format("x{}:{}", i, step), *feeds[i]});
      tensors.push_back({fmt::format("y:{}", step), *feeds.back()});
      losses.as<double>()[static_cast<size_t>(step)] = network.trainStep(feeds, {p.run.seed, step + 1}).loss;
    }
  }
  tensors.push_back({"losses", losses});
  writeFileAtomic(folder / (given.id + ".safetensors"), safetensorsBytes(tensors));
  cases.push_back({{"template", given.id}, {"seed", p.run.seed}});
}

TEST(Templates, FollowTheirTwinsInPyTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const project::Template& t : project::templates()) writeCase(folder.path(), t, cases);
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_templates.py", folder.path());
}

}  // namespace
}  // namespace netwright
