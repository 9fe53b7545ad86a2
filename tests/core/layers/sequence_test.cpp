// SPDX-License-Identifier: Apache-2.0
// What Concat, Embedding, LSTM and MultiheadAttention say when something does not fit, and what they come to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using graph::Document;
using netwright::test::add;
using program::Dim;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using List = std::vector<int64_t>;

// Inputs called a, b, c with these sizes, then the layer.
Document around(const std::string& kind, const std::vector<List>& inputs, const Attributes& params = {},
                std::vector<std::string> wires = {}, const std::string& dtype = "float") {
  Document d;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    add(d, {"input", name, {{"shape", inputs[i]}, {"dtype", dtype}}});
    if (wires.size() < inputs.size()) wires.push_back(name);
  }
  add(d, {kind, "it", params}, wires);
  add(d, {"output", "y", {}}, {"it"});
  return d;
}

std::vector<std::string> complaints(const Document& d) {
  std::vector<std::string> all;
  for (const Diagnostic& found : lowerGraph(d).diagnostics)
    if (found.severity == Severity::Error) all.push_back(found.text());
  return all;
}

std::string port(const Document& d) { return lowerGraph(d).diagnostics.at(0).port; }

std::string shapeOf(const Document& d, const std::string& output) {
  const Lowered lowered = lowerGraph(d);
  const program::ValueType* type = lowered.typeAt({d.findByName("it")->id, output});
  return type ? program::text(*type) : "none";
}

std::vector<std::string> ops(const Document& d) {
  const Lowered lowered = lowerGraph(d);
  std::vector<std::string> ids;
  for (const program::Op& op : lowered.program.ops) ids.push_back(op.info->id());
  return ids;
}

TEST(Concat, AddsUpOneSize) {
  EXPECT_EQ(shapeOf(around("concat", {{3, 4}, {5, 4}, {1, 4}}), "y"), "(N, 9, 4)");
  EXPECT_EQ(shapeOf(around("concat", {{3}, {3}}, {{"dim", int64_t{0}}}), "y"), "(2*N, 3)");
  EXPECT_EQ(shapeOf(around("concat", {{3}, {2}}, {}, {}, "int64"), "y"), "int64 (N, 5)");
}

TEST(Concat, NeedsTheFirstTwoWiresOnly) {
  EXPECT_THAT(complaints(around("concat", {{3}}, {}, {"a", "x5=a"})),
              ElementsAre("Concat 'it' has nothing connected to its input 'x2'. Drag a wire to it, or delete the "
                          "layer."));
  EXPECT_EQ(shapeOf(around("concat", {{3}}, {}, {"a", "a", "x7=a"}), "y"), "(N, 9)");
}

TEST(Concat, NamesTheInputThatDoesNotFit) {
  const Document size = around("concat", {{3, 4}, {3, 5}}, {}, {"a", "a", "x6=b"});
  EXPECT_THAT(complaints(size), ElementsAre("Concat 'it' joins along dimension 1, where sizes may differ; all others "
                                            "must be equal. Its input x6 is (N, 3, 5), the first is (N, 3, 4)."));
  EXPECT_EQ(port(size), "x6");
  EXPECT_THAT(complaints(around("concat", {{3, 4}, {3}})),
              ElementsAre("Concat 'it' joins along dimension 1, where sizes may differ; all others must be equal. Its "
                          "input x2 is (N, 3), the first is (N, 3, 4)."));
  EXPECT_THAT(complaints(around("concat", {{3}, {3}}, {{"dim", int64_t{2}}})),
              ElementsAre("Concat 'it' has no dimension 2: its input (N, 3) has 2 dimensions, numbered 0 to 1 or -2 "
                          "to -1."));
}

TEST(Concat, JoinsNoNumbersOfDifferentTypes) {
  Document d = around("concat", {{3}, {3}});
  d.nodes[1].params["dtype"] = std::string("int64");
  EXPECT_THAT(complaints(d), ElementsAre("Concat 'it' joins numbers of one type. Its input x2 is int64, the first is "
                                         "float."));
}

TEST(Embedding, TakesIndicesOnly) {
  EXPECT_EQ(shapeOf(around("embedding", {{7}}, {{"embedding_dim", int64_t{5}}}, {}, "int64"), "y"), "(N, 7, 5)");
  EXPECT_THAT(complaints(around("embedding", {{7}})),
              ElementsAre("Embedding 'it' needs an input of type int64 (indices) but receives float."));
}

TEST(Embedding, GuardsItsIndices) {
  const Lowered lowered = lowerGraph(around("embedding", {{7}}, {{"num_embeddings", int64_t{5}}}, {}, "int64"));
  ASSERT_EQ(lowered.program.indexGuards.size(), 1u);
  EXPECT_EQ(lowered.program.indexGuards[0].limit, Dim(5));
  EXPECT_EQ(lowered.program.indexGuards[0].code, "NW-D011");
}

TEST(Embedding, RefusesAFillerThatItDoesNotHave) {
  const auto padded = [](int64_t row) {
    return complaints(around("embedding", {{7}}, {{"num_embeddings", int64_t{4}}, {"padding_idx", row}}, {}, "int64"));
  };
  EXPECT_THAT(padded(4), ElementsAre("Embedding 'it': padding_idx must be from -4 to 3 but is 4."));
  EXPECT_THAT(padded(-5), ElementsAre("Embedding 'it': padding_idx must be from -4 to 3 but is -5."));
  EXPECT_THAT(padded(-4), IsEmpty());
}

TEST(Lstm, InfersAllItsSizes) {
  const Document d =
      around("lstm", {{5, 7}}, {{"hidden_size", int64_t{6}}, {"num_layers", int64_t{2}}, {"bidirectional", true}});
  EXPECT_EQ(shapeOf(d, "y"), "(N, 5, 12)");
  EXPECT_EQ(shapeOf(d, "h_n"), "(N, 4, 6)");
  EXPECT_EQ(shapeOf(d, "c_n"), "(N, 4, 6)");
  const Lowered lowered = lowerGraph(d);
  const int64_t first = 2 * (24 * 7 + 24 * 6 + 48), second = 2 * (24 * 12 + 24 * 6 + 48);
  EXPECT_EQ(lowered.program.parameterCount(), first + second);
  EXPECT_EQ(lowered.program.macs(), Dim::symbol("N") * Dim(5 * 24 * (2 * (7 + 6) + 2 * (12 + 6))));
}

TEST(Lstm, BeginsWithZerosWhereNoStateComesIn) {
  EXPECT_THAT(ops(around("lstm", {{5, 7}})), ElementsAre("new_zeros", "new_zeros", "lstm.input"));
  EXPECT_THAT(ops(around("lstm", {{5, 7}, {1, 128}}, {}, {"a", "c_0=b"})),
              ElementsAre("new_zeros", "transpose.int", "lstm.input"));
}

TEST(Lstm, ExplainsSizesThatDoNotFit) {
  EXPECT_THAT(complaints(around("lstm", {{7}})),
              ElementsAre("LSTM 'it' expects an input with 3 dimensions (N, L, features) but receives (N, 7)."));
  const Document pinned = around("lstm", {{5, 7}}, {{"input_size", int64_t{8}}});
  EXPECT_THAT(complaints(pinned), ElementsAre("LSTM 'it' expects 8 input features but receives 7."));
  const auto fixes = lowerGraph(pinned).diagnostics.at(0).fixes;
  ASSERT_EQ(fixes.size(), 1u) << "Flatten would not help a layer that reads sequences";
  EXPECT_EQ(fixes[0].label, "Let it take 7");
  EXPECT_THAT(complaints(around("lstm", {{5, 7}}, {}, {}, "int64")),
              ElementsAre("LSTM 'it' needs an input of type float but receives int64."));
}

TEST(Lstm, NamesTheStateThatDoesNotFit) {
  const Document d = around("lstm", {{5, 7}, {2, 6}}, {{"hidden_size", int64_t{6}}}, {"a", "c_0=b"});
  EXPECT_THAT(complaints(d), ElementsAre("LSTM 'it' expects its input 'c_0' to be (N, 1, 6) but receives (N, 2, 6)."));
  EXPECT_EQ(port(d), "c_0");
  EXPECT_THAT(complaints(around("lstm", {{5, 7}, {6}}, {{"hidden_size", int64_t{6}}})),
              ElementsAre("LSTM 'it' expects its input 'h_0' to be (N, 1, 6) but receives (N, 6)."));
}

TEST(MultiheadAttention, KeepsTheFormOfItsQuery) {
  EXPECT_EQ(shapeOf(around("multihead_attention", {{5, 8}}), "y"), "(N, 5, 8)");
  EXPECT_EQ(shapeOf(around("multihead_attention", {{5, 8}, {3, 8}}), "y"), "(N, 5, 8)");
}

TEST(MultiheadAttention, ProjectsItselfOnceAndOthersApart) {
  const auto count = [](const std::vector<std::string>& ids) { return std::count(ids.begin(), ids.end(), "linear"); };
  EXPECT_EQ(count(ops(around("multihead_attention", {{5, 8}}))), 2);
  EXPECT_EQ(count(ops(around("multihead_attention", {{5, 8}}, {}, {"a", "a", "a"}))), 2);
  EXPECT_EQ(count(ops(around("multihead_attention", {{5, 8}, {5, 8}}))), 4);
}

TEST(MultiheadAttention, ExplainsSizesThatDoNotFit) {
  const char* const kind = "multihead_attention";
  EXPECT_THAT(complaints(around(kind, {{5, 6}})),
              ElementsAre("MultiheadAttention 'it' splits 6 features into 4 heads, which does not divide evenly."));
  EXPECT_THAT(complaints(around(kind, {{5, 8}}, {{"embed_dim", int64_t{16}}})),
              ElementsAre("MultiheadAttention 'it' expects 16 input features but receives 8."));
  EXPECT_THAT(complaints(around(kind, {{5, 8}, {3, 4}})), IsEmpty()) << "keys may have features of their own";
  const Document features = around(kind, {{5, 8}, {3, 4}}, {{"kdim", int64_t{8}}});
  EXPECT_THAT(complaints(features), ElementsAre("MultiheadAttention 'it' expects 8 input features but receives 4."));
  EXPECT_EQ(port(features), "key");
  EXPECT_THAT(complaints(around(kind, {{5, 8}, {3, 8}, {8}})),
              ElementsAre("MultiheadAttention 'it' expects an input with 3 dimensions (N, L, features) but receives "
                          "(N, 8)."));
  EXPECT_THAT(complaints(around(kind, {{3, 8}, {5, 8}, {4, 8}})),
              ElementsAre("MultiheadAttention 'it' cannot let (N, 3, 8) attend to keys (N, 5, 8) with values (N, 4, "
                          "8): the number of samples must be equal, and each key needs one value."));
}

TEST(Sequence, LayersAreFoundByTheirOtherNames) {
  for (const auto& [word, id] : {std::pair("vocabulary", "embedding"),
                                 {"rnn", "rnn"},
                                 {"transformer", "transformer"},
                                 {"concatenate", "concat"}})
    EXPECT_EQ(searchLayers(word).at(0)->id, id) << word;
}

}  // namespace
}  // namespace netwright::layers
