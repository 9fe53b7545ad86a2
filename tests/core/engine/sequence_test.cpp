// SPDX-License-Identifier: Apache-2.0
// Sequences in the engine: several results, lists of tensors, states of the batch's size, guarded indices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/engine/network.h"
#include "core/engine/node_error.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/program/builder.h"
#include "core/run/config.h"
#include "tests/support/graphs.h"
#include "tests/support/message_of.h"

namespace netwright::engine {
namespace {

using netwright::test::add;
using netwright::test::messageOf;
using List = std::vector<int64_t>;

HostTensor floats(const List& shape, int64_t seed = 0) {
  HostTensor t(DType::Float32, shape);
  for (int64_t i = 0; i < t.count(); ++i)
    t.as<float>()[static_cast<size_t>(i)] = static_cast<float>(((i + seed) * 37 % 101) - 50) / 50.0F;
  return t;
}

HostTensor integers(const List& shape, int64_t limit) {
  HostTensor t(DType::Int64, shape);
  for (int64_t i = 0; i < t.count(); ++i) t.as<int64_t>()[static_cast<size_t>(i)] = i * 7 % limit;
  return t;
}

Network start(const graph::Document& d, const std::vector<layers::LossRequest>& losses = {}) {
  const layers::Lowered lowered = layers::lowerGraph(d, losses);
  EXPECT_TRUE(lowered.ok()) << lowered.diagnostics[0].text();
  Network n(lowered.program, {});
  n.initialise(4);
  n.setObjectives({{"adam", "*", run::completeParams(run::Optimiser{"adam", {}})}});
  return n;
}

layers::LossRequest classes(const std::string& output = "") {
  return {"cross_entropy", {}, 1, 0, output, "label", {DType::Int64, {}}};
}

// Words through an LSTM with dropout; its last state decides.
graph::Document wordModel() {
  graph::Document d;
  add(d, {"input", "words", {{"shape", List{5}}, {"dtype", std::string("int64")}}});
  add(d, {"embedding", "embedding", {{"num_embeddings", int64_t{9}}, {"embedding_dim", int64_t{4}}}}, {"words"});
  add(d, {"lstm", "lstm", {{"hidden_size", int64_t{6}}, {"num_layers", int64_t{2}}, {"dropout", 0.3}}}, {"embedding"});
  add(d, {"flatten", "flat", {}}, {"lstm:h_n"});
  add(d, {"linear", "fc", {{"out_features", int64_t{3}}}}, {"flat"});
  add(d, {"output", "scores", {}}, {"fc"});
  return d;
}

TEST(Sequences, SeveralOutputsFeedSeveralLayers) {
  graph::Document d = wordModel();
  add(d, {"linear", "steps", {{"out_features", int64_t{2}}}}, {"lstm:y"});
  add(d, {"add", "sum", {}}, {"lstm:h_n", "b=lstm:c_n"});
  add(d, {"output", "y", {}}, {"steps"});
  add(d, {"output", "states", {}}, {"sum"});
  Network n = start(d);
  const HostTensor words = integers({4, 5}, 9);
  const auto outputs = n.predict({&words});
  ASSERT_EQ(outputs.size(), 3u);
  EXPECT_EQ(outputs[0].shape, (List{4, 3}));
  EXPECT_EQ(outputs[1].shape, (List{4, 5, 2}));
  EXPECT_EQ(outputs[2].shape, (List{4, 2, 6}));
}

// The last step of y is the last state of the upper layer: batches of any size, each with zeros of its own size.
TEST(Sequences, StatesHaveTheSizeOfTheBatch) {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{1, 4}}}});
  add(d, {"lstm", "lstm", {{"hidden_size", int64_t{3}}}}, {"x"});
  add(d, {"output", "y", {}}, {"lstm"});
  add(d, {"output", "h", {}}, {"lstm:h_n"});
  Network n = start(d);
  for (const int64_t batch : {5, 1, 8, 5}) {
    const HostTensor x = floats({batch, 1, 4});
    const auto out = n.predict({&x});
    EXPECT_EQ(out[0].shape, (List{batch, 1, 3}));
    EXPECT_EQ(out[0].bytes, out[1].bytes);
  }
}

TEST(Sequences, AStateThatIsZeroIsAsGoodAsNone) {
  graph::Document with, without;
  for (graph::Document* d : {&with, &without}) {
    add(*d, {"input", "x", {{"shape", List{3, 4}}}});
    if (d == &with) add(*d, {"input", "state", {{"shape", List{1, 6}}}});
    add(*d, {"lstm", "lstm", {{"hidden_size", int64_t{6}}}},
        d == &with ? std::vector<std::string>{"x", "state", "state"} : std::vector<std::string>{"x"});
    add(*d, {"output", "y", {}}, {"lstm"});
  }
  Network a = start(with), b = start(without);
  const HostTensor x = floats({2, 3, 4}), zeros(DType::Float32, {2, 1, 6}), other = floats({2, 1, 6});
  EXPECT_EQ(a.predict({&x, &zeros})[0], b.predict({&x})[0]);
  EXPECT_NE(a.predict({&x, &other})[0], b.predict({&x})[0]);
  EXPECT_EQ(messageOf([&] { a.predict({&x, &x}); }), "Input 'state' receives (2, 3, 4) but was built for (N, 1, 6).");
}

TEST(Sequences, TrainDownTheLossAndRepeatToTheBit) {
  setThreads(2);
  Network a = start(wordModel(), {classes()}), b = start(wordModel(), {classes()});
  for (Network* n : {&a, &b}) n->setLearningRate(0, 0.03);
  const HostTensor words = integers({6, 5}, 9), label = integers({6}, 3);
  const double first = a.trainStep({&words, &label}, {5, 0}).loss;
  EXPECT_EQ(first, b.trainStep({&words, &label}, {5, 0}).loss);
  double last = 0;
  for (int64_t step = 1; step < 40; ++step) {
    last = a.trainStep({&words, &label}, {5, step}).loss;
    ASSERT_EQ(last, b.trainStep({&words, &label}, {5, step}).loss) << "step " << step;
  }
  EXPECT_LT(last, first / 2);
  const auto wa = a.weights(), wb = b.weights();
  for (size_t i = 0; i < wa.size(); ++i) EXPECT_EQ(wa[i].tensor, wb[i].tensor) << wa[i].name;
  setThreads(1);
}

TEST(Sequences, DropoutInsideAnOpFollowsSeedAndStep) {
  for (const char* kind : {"lstm", "multihead_attention"}) {
    graph::Document d;
    add(d, {"input", "x", {{"shape", List{5, 8}}}});
    add(d, {kind, "it", {{"dropout", 0.5}}}, {"x"});
    if (kind == std::string("lstm")) d.nodes.back().params["num_layers"] = int64_t{2};
    add(d, {"flatten", "flat", {}}, {"it"});
    add(d, {"linear", "fc", {{"out_features", int64_t{3}}}}, {"flat"});
    add(d, {"output", "y", {}}, {"fc"});
    Network n = start(d, {classes()});
    n.setLearningRate(0, 0);
    const HostTensor x = floats({4, 5, 8}), label = integers({4}, 3);
    const double loss = n.trainStep({&x, &label}, {1, 0}).loss;
    EXPECT_EQ(loss, n.trainStep({&x, &label}, {1, 0}).loss) << kind;
    EXPECT_NE(loss, n.trainStep({&x, &label}, {1, 1}).loss) << kind;
    EXPECT_NE(loss, n.trainStep({&x, &label}, {2, 0}).loss) << kind;
    EXPECT_EQ(n.evaluate({&x, &label}).loss, n.evaluate({&x, &label}).loss) << kind;
  }
}

TEST(Sequences, NameTheSampleWithAWrongIndex) {
  Network n = start(wordModel(), {classes()});
  const HostTensor label = integers({4}, 3);
  HostTensor words = integers({4, 5}, 9);
  words.as<int64_t>()[13] = 9;
  const std::string text =
      "Sample 2 has the index 9, but Embedding 'embedding' has 9 entries (0 to 8). Choose a larger num_embeddings, or "
      "correct the index.";
  EXPECT_EQ(messageOf([&] { n.trainStep({&words, &label}, {1, 0}); }), text);
  EXPECT_EQ(messageOf([&] { n.predict({&words}); }), text);
  words.as<int64_t>()[13] = -1;
  EXPECT_EQ(messageOf([&] { n.predict({&words}); }),
            "Sample 2 has the index -1, but Embedding 'embedding' has 9 entries (0 to 8). Choose a larger "
            "num_embeddings, or correct the index.");
}

TEST(Sequences, TakeIndicesAsWholeNumbersOnly) {
  Network n = start(wordModel());
  const HostTensor words = floats({4, 5});
  EXPECT_EQ(messageOf([&] { n.predict({&words}); }),
            "Input 'words' receives float32 numbers but was built for int64 numbers.");
}

TEST(Sequences, CheckIndicesThatOtherLayersHandOn) {
  graph::Document d;
  add(d, {"input", "a", {{"shape", List{2}}, {"dtype", std::string("int64")}}});
  add(d, {"input", "b", {{"shape", List{1}}, {"dtype", std::string("int64")}}});
  add(d, {"concat", "cat", {}}, {"a", "b"});
  add(d, {"embedding", "words", {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{2}}}}, {"cat"});
  add(d, {"output", "y", {}}, {"words"});
  Network n = start(d);
  const HostTensor a = integers({3, 2}, 4);
  HostTensor b = integers({3, 1}, 4);
  EXPECT_EQ(n.predict({&a, &b})[0].shape, (List{3, 3, 2}));
  b.as<int64_t>()[1] = 1000000;
  try {
    n.predict({&a, &b});
    FAIL() << "the index was taken";
  } catch (const NodeError& e) {
    EXPECT_EQ(e.node, NodePath{d.findByName("words")->id});
    EXPECT_EQ(e.sample, 1);
    EXPECT_EQ(e.title,
              "Sample 1 has the index 1,000,000, but Embedding 'words' has 4 entries (0 to 3). Choose a larger "
              "num_embeddings, or correct the index.");
  }
}

TEST(Sequences, LabelsAreCheckedWhereThereIsALossOnly) {
  graph::Document d = wordModel();
  layers::LossRequest same = classes();
  same.target = "class";
  Network n = start(d, {same});
  const HostTensor words = integers({4, 5}, 9);
  HostTensor label = integers({4}, 3);
  label.as<int64_t>()[3] = 3;
  EXPECT_EQ(n.predict({&words, &label})[0].shape, (List{4, 3}));
  EXPECT_THAT(messageOf([&] { n.evaluate({&words, &label}); }), ::testing::StartsWith("Sample 3 has the label 3, but"));
}

// Two tensors in a list, one with a fixed number of rows: possible only for batches of 2.
TEST(Sequences, ListsAreCheckedForEachBatch) {
  program::Builder builder;
  builder.enter({{NodeId{7}}, "cat", "Concat 'cat'"});
  const auto a = builder.input("a", {DType::DefaultFloat, {program::Dim::symbol("N"), 3}});
  const auto b = builder.input("b", {DType::DefaultFloat, {2, 4}});
  builder.output("y", builder.op("cat", {std::vector<program::ValueId>{a, b}, program::Dim(1)}));
  Network n(builder.take(), {});
  const HostTensor a2 = floats({2, 3}), a3 = floats({3, 3}), fixed = floats({2, 4});
  EXPECT_EQ(n.predict({&a2, &fixed})[0].shape, (List{2, 7}));
  EXPECT_EQ(
      messageOf([&] { n.predict({&a3, &fixed}); }),
      "Concat 'cat' joins along dimension 1, where sizes may differ; all others must be equal. Its input 2 is (2, "
      "4), the first is (N, 3). This shows in a batch with N = 3.");
}

// Each tensor is freed after its last use, the ones of lists too: a second step finds everything as the first did.
TEST(Sequences, TensorsOfListsLiveUntilTheirLastUse) {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{4}}}});
  add(d, {"relu", "r", {}}, {"x"});
  add(d, {"concat", "first", {}}, {"r", "x", "r"});
  add(d, {"concat", "second", {}}, {"first", "r", "x"});
  add(d, {"linear", "fc", {{"out_features", int64_t{3}}}}, {"second"});
  add(d, {"output", "y", {}}, {"fc"});
  Network n = start(d, {classes()});
  n.setLearningRate(0, 0);
  const HostTensor x = floats({5, 4}), label = integers({5}, 3);
  const double loss = n.trainStep({&x, &label}, {1, 0}).loss;
  EXPECT_EQ(n.trainStep({&x, &label}, {1, 1}).loss, loss);
  EXPECT_EQ(n.evaluate({&x, &label}).loss, loss);
}

TEST(Sequences, TheFillersVectorStaysZero) {
  graph::Document d = wordModel();
  const_cast<graph::Node*>(d.findByName("embedding"))->params["padding_idx"] = int64_t{7};
  Network n = start(d, {classes()});
  const HostTensor words = integers({6, 5}, 9), label = integers({6}, 3);
  for (int64_t step = 0; step < 5; ++step) n.trainStep({&words, &label}, {1, step});
  const auto weights = n.weights();
  ASSERT_EQ(weights[0].name, "embedding.weight");
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(weights[0].tensor.as<float>()[7 * 4 + i], 0.0F);
}

}  // namespace
}  // namespace netwright::engine
