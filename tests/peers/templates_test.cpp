// SPDX-License-Identifier: Apache-2.0
// Every template beside the same program in PyTorch: initial weights to the bit from the same seed, and in parity mode
// the losses of the first steps.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/data/loader.h"
#include "core/data/sampler.h"
#include "core/engine/network.h"
#include "core/project/prepare.h"
#include "core/train/evaluation.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

constexpr int64_t kSteps = 50;
constexpr double kMostWork = 2e11;  // multiplications in all steps of a template: large ones do fewer

// Networks as torchvision has them, but for the start of their weights: torchvision_test.cpp compares these.
bool isOfTorchvision(const std::string& id) {
  static const std::set<std::string> kOthers{"vgg11",       "resnet18",        "resnet50",  "mobilenet-v2",
                                             "densenet121", "efficientnet-b0", "convnext-t"};
  return kOthers.contains(id);
}

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
  // What lies before a batch norm may have gradients of 0 but for rounding, whose sign Adam would make a whole step of.
  // So has the bias of keys in an attention, where a mask makes PyTorch round otherwise.
  const bool plain = std::any_of(p.graph.nodes.begin(), p.graph.nodes.end(),
                                 [](const graph::Node& n) { return n.kind.starts_with("batch_norm"); }) ||
                     std::any_of(p.graph.wires.begin(), p.graph.wires.end(),
                                 [](const graph::Wire& w) { return w.to.port == "src_key_padding_mask"; });
  const run::Optimiser optimiser = plain ? run::Optimiser{"sgd", {{"lr", 0.01}}, ""} : objective.optimiser;
  network.setObjectives({{optimiser.kind, "*", run::completeParams(optimiser)}});
  std::vector<NamedTensor> tensors;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});
  const double work = 3.0 * static_cast<double>(*prepared.lowered.program.macs().evaluate({{"N", p.run.batchSize}}));
  const int64_t steps = std::clamp<int64_t>(static_cast<int64_t>(kMostWork / work), 2, kSteps);
  HostTensor losses(DType::Float64, {steps});
  for (int64_t step = 0, epoch = 0; step < steps;) {
    data::Loader loader(data.train, data::epochOrder(data.trainSamples, p.run.seed, ++epoch), {p.run.batchSize});
    for (const data::Batch* b = loader.next(); b && step < steps; b = loader.next(), ++step) {
      const engine::Feeds feeds = feeder.feeds(*b, true);
      for (size_t i = 0; i < std::max<size_t>(feeds.size() - 1, 1); ++i)  // of an autoencoder the input is the target
        tensors.push_back({fmt::format("x{}:{}", i, step), *feeds[i]});
      tensors.push_back({fmt::format("y:{}", step), *feeds.back()});
      losses.as<double>()[static_cast<size_t>(step)] = network.trainStep(feeds, {p.run.seed, step + 1}).loss;
    }
  }
  tensors.push_back({"losses", losses});
  writeFileAtomic(folder / (given.id + ".safetensors"), safetensorsBytes(tensors));
  cases.push_back({{"template", given.id}, {"seed", p.run.seed}, {"plain", plain}});
}

bool hasOwnLosses(const project::Template& t) { return t.project().run.objectives.front().terms.empty(); }

TEST(Templates, FollowTheirTwinsInPyTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const project::Template& t : project::templates())
    if (!isOfTorchvision(t.id) && !hasOwnLosses(t)) writeCase(folder.path(), t, cases);
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_templates.py", folder.path());
}

// All objectives take their turn in each batch.
void writeOwnCase(const std::filesystem::path& folder, const project::Template& given, Json& cases) {
  const project::Project& p = given.project();
  const data::DataSplits data = data::openData(p.data, folder);
  project::Prepared prepared = project::prepare(p, data.train->columns());
  ASSERT_TRUE(prepared.ok()) << given.id << ": " << prepared.diagnostics.front().text();
  const program::Program& program = prepared.lowered.program;
  const train::Feeder feeder(program, prepared.columns);
  engine::Network network(program, {"cpu", DType::Float32, p.run.channelsLast, false, true});
  network.initialise(p.run.seed);
  std::vector<engine::ObjectiveOptions> objectives;
  std::vector<engine::Turn> turns;
  for (const run::Objective& o : p.run.objectives) {
    turns.push_back({objectives.size()});
    objectives.push_back({o.optimiser.kind, o.parameters, run::completeParams(o.optimiser)});
  }
  network.setObjectives(objectives);
  std::vector<NamedTensor> tensors;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});
  HostTensor losses(DType::Float64, {kSteps});
  std::vector<std::string> inputs;
  for (const program::Port& port : program.inputs) inputs.push_back(port.name);
  for (int64_t step = 0, epoch = 0; step < kSteps;) {
    data::Loader loader(data.train, data::epochOrder(data.trainSamples, p.run.seed, ++epoch), {p.run.batchSize});
    for (const data::Batch* b = loader.next(); b && step < kSteps; b = loader.next(), ++step) {
      const engine::Feeds feeds = feeder.feeds(*b, true);
      for (size_t i = 0; i < feeds.size(); ++i) tensors.push_back({fmt::format("{}:{}", inputs[i], step), *feeds[i]});
      losses.as<double>()[static_cast<size_t>(step)] = network.trainStep(feeds, {p.run.seed, step + 1}, turns).loss;
    }
  }
  tensors.push_back({"losses", losses});
  writeFileAtomic(folder / (given.id + ".safetensors"), safetensorsBytes(tensors));
  cases.push_back({{"template", given.id}, {"seed", p.run.seed}, {"inputs", inputs}});
}

TEST(Templates, WithLossesOfTheirOwnFollowTheirTwinsInPyTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const project::Template& t : project::templates())
    if (hasOwnLosses(t)) writeOwnCase(folder.path(), t, cases);
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_own_losses.py", folder.path());
}

}  // namespace
}  // namespace netwright
