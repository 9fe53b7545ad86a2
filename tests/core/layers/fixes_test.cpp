// SPDX-License-Identifier: Apache-2.0
// Each complaint about shapes: its code, its place, and a fix that works.
#include "core/layers/fixes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/project/fix_edit.h"
#include "tests/support/graphs.h"

namespace netwright::layers {
namespace {

using graph::Document;
using netwright::test::chain;
using netwright::test::node;
using Sizes = std::vector<int64_t>;

struct Case {
  std::string code, fix, port, param;
  Document document;
};

std::vector<Case> cases() {
  const int64_t two = 2;
  const std::string whole = "int64";
  Document typed = chain({4}, {{"linear", "fc", {}}});
  typed.nodes[0].params["dtype"] = whole;
  return {
      {"NW-S001", "Add Flatten before bn", "x", "", chain({4, 5, 5}, {{"batch_norm1d", "bn", {}}})},
      {"NW-S001", "Add Reshape to (1, 28, 28) before c", "x", "", chain({28, 28}, {{"conv2d", "c", {}}})},
      {"NW-S001", "Add Reshape to (1, 30) before c", "x", "", chain({30}, {{"conv1d", "c", {}}})},
      {"NW-S002", "Set kernel_size to (2, 2)", "x", "", chain({1, 2, 2}, {{"conv2d", "c", {}}})},
      {"NW-S002", "Set kernel_size to (3, 2)", "x", "",
       chain({1, 9, 2}, {{"max_pool2d", "p", {{"kernel_size", Sizes{3, 4}}}}})},
      {"NW-S002", "Set kernel_size to 2", "x", "", chain({1, 3}, {{"conv1d", "c", {{"dilation", two}}}})},
      {"NW-S003", "Let fc take 16", "", "in_features", chain({16}, {{"linear", "fc", {{"in_features", int64_t{9}}}}})},
      {"NW-S004", "Let c take 3", "", "in_channels",
       chain({3, 9, 9}, {{"conv_transpose2d", "c", {{"in_channels", two}}}})},
      {"NW-S004", "Let bn take 3", "", "num_features",
       chain({3, 9}, {{"batch_norm1d", "bn", {{"num_features", two}}}})},
      {"NW-S006", "Set dim to -1", "x", "dim", chain({4}, {{"softmax", "s", {{"dim", int64_t{5}}}}})},
      {"NW-S006", "Set dim to -1", "x", "dim", chain({4, 4}, {{"mean_pool", "m", {{"dim", int64_t{-4}}}}})},
      {"NW-P001", "Set dim to 1", "", "dim", chain({4, 4}, {{"mean_pool", "m", {{"dim", int64_t{0}}}}})},
      {"NW-P001", "Set dim0 to 1", "", "dim0", chain({4, 4}, {{"transpose", "t", {{"dim0", int64_t{0}}}}})},
      {"NW-P001", "Set dim1 to -1", "", "dim1", chain({4, 4}, {{"transpose", "t", {{"dim1", int64_t{-3}}}}})},
      {"NW-S006", "Set dim1 to -1", "x", "dim1", chain({4, 4}, {{"transpose", "t", {{"dim1", int64_t{3}}}}})},
      {"NW-S038", "Let p take 4", "", "max_len",
       chain({4, 6}, {{"positional_encoding", "p", {{"max_len", int64_t{9}}}}})},
      {"NW-S003", "Let p take 6", "", "embed_dim",
       chain({4, 6}, {{"positional_encoding", "p", {{"embed_dim", int64_t{8}}}}})},
      {"NW-S007", "Set dtype of x to float", "x", "", typed},
      {"NW-S010", "Set end_dim to -1", "x", "",
       chain({4, 4}, {{"flatten", "f", {{"start_dim", two}, {"end_dim", int64_t{1}}}}})},
      {"NW-S022", "Let ln take the last dimension, 7", "", "normalized_shape",
       chain({5, 7}, {{"layer_norm", "ln", {{"normalized_shape", Sizes{6, 7}}}}})},
      {"NW-S022", "Let ln take the last dimension, 7", "", "normalized_shape",
       chain({7}, {{"layer_norm", "ln", {{"normalized_shape", Sizes{5, 7}}}}})},
      {"NW-S023", "Set shape to (2, -1)", "", "shape", chain({12}, {{"reshape", "r", {{"shape", Sizes{2, 5}}}}})},
      {"NW-S023", "Set shape to (-1)", "", "shape", chain({12}, {{"reshape", "r", {{"shape", Sizes{5, -1}}}}})},
      {"NW-P001", "Set shape to (1, -1)", "", "shape", chain({12}, {{"reshape", "r", {{"shape", Sizes{-1, -1}}}}})},
      {"NW-P001", "Set shape to (1, -1)", "", "shape", chain({12}, {{"reshape", "r", {{"shape", Sizes{0, 12}}}}})},
      {"NW-S024", "Set padding to 0", "x", "", chain({1, 2, 2}, {{"conv_transpose2d", "c", {{"padding", two}}}})},
      {"NW-P003", "Set groups to 1", "", "groups", chain({3, 9}, {{"conv1d", "c", {{"groups", two}}}})},
      {"NW-P004", "Set padding to (1, 1)", "x", "",
       chain({1, 9, 9}, {{"avg_pool2d", "p", {{"padding", Sizes{2, 2}}}}})},
      {"NW-P007", "Set output_padding to 0", "x", "",
       chain({1, 9, 9}, {{"conv_transpose2d", "c", {{"output_padding", two}}}})},
  };
}

std::vector<Diagnostic> errors(const Document& d) {
  std::vector<Diagnostic> found;
  for (const Diagnostic& e : lowerGraph(d).diagnostics)
    if (e.severity == Severity::Error) found.push_back(e);
  return found;
}

TEST(Fixes, RepairWhatTheyBelongTo) {
  for (const Case& c : cases()) {
    const auto found = errors(c.document);
    ASSERT_EQ(found.size(), 1u) << c.code << " " << c.fix;
    const Diagnostic& d = found[0];
    EXPECT_EQ(d.code, c.code) << d.text();
    EXPECT_EQ(d.node, NodePath{{2}}) << d.text();
    EXPECT_EQ(d.port, c.port) << d.text();
    EXPECT_EQ(d.param, c.param) << d.text();
    EXPECT_EQ(d.text().find('{'), std::string::npos) << d.text();
    ASSERT_FALSE(d.fixes.empty()) << d.text();
    EXPECT_EQ(d.fixes[0].label, c.fix) << d.text();
    Document repaired = c.document;
    graph::apply(repaired, project::fixEdit(repaired, d.fixes[0]));
    for (const Diagnostic& left : errors(repaired)) ADD_FAILURE() << c.fix << " leaves: " << left.text();
  }
}

TEST(Fixes, SayWhatIsWrongInFull) {
  const auto text = [](const Document& d) { return errors(d).at(0).text(); };
  EXPECT_EQ(text(chain({12}, {{"reshape", "r", {{"shape", Sizes{5, -1}}}}})),
            "Reshape 'r' cannot read (12,) as (5, -1): 12 numbers do not fill a multiple of 5 places.");
  EXPECT_EQ(text(chain({5, 7}, {{"layer_norm", "ln", {{"normalized_shape", Sizes{6, 7}}}}})),
            "LayerNorm 'ln' normalizes over (6, 7) but its input ends in (5, 7).");
  EXPECT_EQ(
      text(chain({1, 2, 2}, {{"conv_transpose2d", "c", {{"padding", int64_t{2}}}}})),
      "ConvTranspose2d 'c' would make an output of size 0 from 2: padding 2 cuts off too much. Use less padding, or "
      "a larger kernel_size.");
  EXPECT_EQ(text(chain({1, 9, 9}, {{"conv_transpose2d", "c", {{"output_padding", int64_t{2}}}}})),
            "ConvTranspose2d 'c': output_padding 2 must be smaller than stride 1 or dilation 1.");
  EXPECT_EQ(text(chain({4, 4}, {{"mean_pool", "m", {{"dim", int64_t{0}}}}})),
            "MeanPool 'm': dim must not be the batch, dimension 0: samples would mix.");
}

// Two inputs: five nodes with a fault of their own, one that only suffers from them, and a sound branch.
TEST(Fixes, ReportEveryIndependentFaultAndNoConsequence) {
  Document d;
  d.nodes = {node(1, "input", "a", {{"shape", Sizes{3, 8, 8}}}),
             node(2, "input", "b", {{"shape", Sizes{10}}}),
             node(3, "conv2d", "conv", {{"in_channels", int64_t{4}}}),
             node(4, "batch_norm1d", "bn"),
             node(5, "dropout", "drop", {{"p", 2.0}}),
             node(6, "multiply", "product"),
             node(7, "linear", "fc", {{"in_features", int64_t{11}}}),
             node(8, "add", "after"),
             node(9, "gelu", "sound"),
             node(10, "output", "y"),
             node(11, "output", "z")};
  const auto wire = [&](int64_t from, int64_t to, const char* port) {
    d.wires.push_back({{{from}, "y"}, {{to}, port}});
  };
  wire(1, 3, "x");
  wire(1, 4, "x");
  wire(2, 5, "x");
  wire(1, 6, "a");
  wire(2, 6, "b");
  wire(2, 7, "x");
  wire(3, 8, "a");
  wire(7, 8, "b");
  wire(2, 9, "x");
  wire(8, 10, "x");
  wire(9, 11, "x");
  wire(4, 12, "x");
  d.nodes.push_back(node(12, "output", "bn out"));
  wire(5, 13, "x");
  d.nodes.push_back(node(13, "output", "drop out"));
  wire(6, 14, "x");
  d.nodes.push_back(node(14, "output", "product out"));
  std::map<std::string, std::string> byNode;
  for (const Diagnostic& e : errors(d)) {
    EXPECT_FALSE(e.args.empty()) << e.code;
    byNode[d.find(e.node.back())->name] += e.code;
  }
  EXPECT_EQ(
      byNode,
      (std::map<std::string, std::string>{
          {"conv", "NW-S004"}, {"bn", "NW-S001"}, {"drop", "NW-P001"}, {"product", "NW-S021"}, {"fc", "NW-S003"}}));
  EXPECT_EQ(program::text(*lowerGraph(d).typeAt({{9}, "y"})), "(N, 10)");
}

TEST(Fixes, SayOnceWhatACutLeavesBehind) {
  Document d = chain({1, 9, 9}, {{"conv2d", "c", {}}, {"relu", "r", {}}, {"flatten", "f", {}}, {"linear", "fc", {}}});
  d.wires.erase(d.wires.begin() + 3);  // f -> fc
  std::vector<std::string> notes, problems;
  for (const Diagnostic& e : lowerGraph(d).diagnostics)
    (e.severity == Severity::Info ? notes : problems).push_back(e.text());
  EXPECT_EQ(notes,
            std::vector<std::string>{"4 layers are not used: Input 'x', Conv2d 'c', ReLU 'r' and 1 more. Nothing "
                                     "leads from them to an output."});
  EXPECT_EQ(problems,
            std::vector<std::string>{
                "Linear 'fc' has nothing connected to its input 'x'. Drag a wire to it, or delete the layer."});
  const Document loose = [] {
    Document one = chain({4}, {{"relu", "r", {}}});
    one.nodes.push_back(node(9, "gelu", "parked"));
    one.wires.push_back({{{1}, "y"}, {{9}, "x"}});
    return one;
  }();
  ASSERT_EQ(lowerGraph(loose).diagnostics.size(), 1u);
  EXPECT_EQ(lowerGraph(loose).diagnostics[0].text(), "GELU 'parked' is not used: nothing leads from it to an output.");
}

}  // namespace
}  // namespace netwright::layers
