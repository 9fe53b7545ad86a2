// SPDX-License-Identifier: Apache-2.0
// Small models of words and of attention, trained step by step beside PyTorch.
#include <random>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/run/config.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using test::add;
using List = std::vector<int64_t>;

constexpr int64_t kBatch = 8, kSteps = 30, kWords = 11, kLength = 6;

// The next word from the six before it.
graph::Document wordModel() {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{kLength}}, {"dtype", std::string("int64")}}});
  add(d,
      {"embedding",
       "embedding",
       {{"num_embeddings", kWords}, {"embedding_dim", int64_t{5}}, {"padding_idx", int64_t{0}}}},
      {"x"});
  add(d, {"lstm", "lstm", {{"hidden_size", int64_t{7}}, {"num_layers", int64_t{2}}, {"bidirectional", true}}},
      {"embedding"});
  add(d, {"flatten", "flat", {}}, {"lstm:h_n"});
  add(d, {"linear", "fc", {{"out_features", kWords}}}, {"flat"});
  add(d, {"output", "y", {}}, {"fc"});
  return d;
}

// A block of a transformer without its second half: attention with a shortcut around it.
graph::Document attentionModel() {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{kLength}}, {"dtype", std::string("int64")}}});
  add(d, {"embedding", "embedding", {{"num_embeddings", kWords}, {"embedding_dim", int64_t{8}}}}, {"x"});
  add(d, {"multihead_attention", "attention", {{"num_heads", int64_t{2}}, {"is_causal", true}}}, {"embedding"});
  add(d, {"add", "sum", {}}, {"embedding", "attention"});
  add(d, {"flatten", "flat", {}}, {"sum"});
  add(d, {"linear", "fc", {{"out_features", kWords}}}, {"flat"});
  add(d, {"output", "y", {}}, {"fc"});
  return d;
}

void writeCase(const std::filesystem::path& path, const graph::Document& d) {
  const layers::Lowered lowered = layers::lowerGraph(d, {{"cross_entropy", {}, 1, 0, "", "label", {DType::Int64, {}}}});
  ASSERT_TRUE(lowered.ok()) << lowered.diagnostics[0].text();
  engine::Network single(lowered.program, {}), network(lowered.program, {"cpu", DType::Float64, false});
  std::vector<NamedTensor> tensors;
  single.initialise(3);
  for (NamedTensor& w : single.weights()) tensors.push_back({"initial:" + w.name, w.tensor});
  network.initialise(3);
  for (NamedTensor& w : network.weights()) tensors.push_back({"before:" + w.name, w.tensor});
  network.setObjectives({{"adam", "*", run::completeParams(run::Optimiser{"adam", {{"lr", 0.01}}})}});
  std::mt19937 random(9);
  HostTensor x(DType::Int64, {kBatch, kLength}), label(DType::Int64, {kBatch}), losses(DType::Float64, {kSteps});
  for (int64_t& v : x.as<int64_t>()) v = static_cast<int64_t>(random() % kWords);
  for (int64_t& v : label.as<int64_t>()) v = static_cast<int64_t>(random() % kWords);
  for (int64_t step = 0; step < kSteps; ++step)
    losses.as<double>()[static_cast<size_t>(step)] = network.trainStep({&x, &label}, {1, step}).loss;
  for (NamedTensor& w : network.weights()) tensors.push_back({"after:" + w.name, w.tensor});
  tensors.insert(tensors.end(), {{"x", x}, {"label", label}, {"losses", losses}});
  writeFileAtomic(path, safetensorsBytes(tensors));
}

TEST(Training, OfSequencesFollowsTorchStepByStep) {
  const test::TempFolder folder;
  writeCase(folder / "words.safetensors", wordModel());
  writeCase(folder / "attention.safetensors", attentionModel());
  test::expectPeerAgrees("check_sequences.py", folder.path());
}

}  // namespace
}  // namespace netwright
