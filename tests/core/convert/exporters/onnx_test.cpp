// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "core/base/json.h"
#include "core/graph/graph_json.h"
#include "tests/core/convert/sample_networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

onnx::Model exported(const Network& network) {
  return onnx::parse(findExporter("onnx")->bytes(network.input()), "bytes");
}

std::vector<std::string> ops(const onnx::Model& model) {
  std::vector<std::string> types;
  for (const onnx::Node& n : model.graph.nodes) types.push_back(n.opType);
  return types;
}

List intsOf(const onnx::Node& node, const std::string& attribute) {
  for (const onnx::Attribute& a : node.attributes)
    if (a.name == attribute) return std::get<List>(a.value);
  return {};
}

TEST(OnnxExport, NamesWeightsAsPyTorchAndLeavesOutWhatEvaluationDoesNotUse) {
  std::vector<std::string> names;
  for (const NamedTensor& t : exported(*residualCnn()).graph.initializers) names.push_back(t.name);
  EXPECT_THAT(names, ElementsAre("stem.weight", "stem.bias", "layer1.0.bn1.weight", "layer1.0.bn1.bias",
                                 "layer1.0.bn1.running_mean", "layer1.0.bn1.running_var", "layer1.0.conv2.weight",
                                 "layer1.0.conv2.bias", "head.weight", "head.bias"));
}

TEST(OnnxExport, LeavesOutLossesTargetsAndDropout) {
  layers::LossRequest loss;
  loss.target = "label";
  loss.targetType = {DType::Int64, {}};
  const onnx::Model model = exported(*residualCnn({loss}));
  EXPECT_THAT(ops(model), ElementsAre("Conv", "BatchNormalization", "Relu", "Conv", "Add", "MaxPool", "Flatten", "Gemm",
                                      "Softmax"));
  ASSERT_EQ(model.graph.inputs.size(), 1u);
  EXPECT_EQ(model.graph.inputs[0].name, "image");
}

TEST(OnnxExport, CarriesBatchSymbolShapesNamesAndOrigin) {
  const NetworkPtr network = residualCnn();
  const onnx::Model model = exported(*network);
  EXPECT_EQ(model.opset, 17);
  EXPECT_EQ(model.irVersion, 8);
  EXPECT_EQ(model.producerName, "Netwright");
  EXPECT_EQ(model.graph.name, "Residual CNN");
  EXPECT_EQ(model.graph.inputs[0].shape[0].parameter, "N");
  EXPECT_EQ(model.graph.inputs[0].shape[3].value, 12);
  EXPECT_EQ(model.graph.outputs[0].name, "probabilities");
  EXPECT_EQ(model.graph.values[0].name, "stem");
  EXPECT_EQ(model.graph.values[0].shape[1].value, 4);
  EXPECT_EQ(model.graph.nodes[0].docString, "Conv2d 'stem'");
  EXPECT_EQ(model.metadata.at("producer"), "Netwright 0.1.0");
  EXPECT_EQ(graph::fromJson(parseJson(model.metadata.at("netwright.graph"), "metadata"), "metadata"), network->graph);
}

TEST(OnnxExport, WritesTheMarginThatCeilModeNeeds) {
  const Attributes ceil{
      {"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}};
  // Height 8: windows begin at -1, 1, 3, 5, 7 in PyTorch, the last reaches 9: two rows of margin. Width 7 needs one.
  const onnx::Model model =
      exported(Network("pool", Sketch().input("x", {1, 8, 7}).add("max_pool2d", "p", {"x"}, ceil).output("y", "p")));
  EXPECT_EQ(intsOf(model.graph.nodes[0], "pads"), (List{1, 1, 2, 1}));
}

TEST(OnnxExport, WritesBatchStatisticsOutWhereEvaluationUsesThem) {
  const Network network("norm", Sketch()
                                    .input("x", {2, 3, 3})
                                    .add("batch_norm2d", "bn", {"x"}, {{"track_running_stats", false}})
                                    .output("y", "bn"));
  EXPECT_THAT(ops(exported(network)), ElementsAre("ReduceMean", "Sub", "Mul", "ReduceMean", "Add", "Sqrt", "Div",
                                                  "Reshape", "Mul", "Reshape", "Add"));
}

Diagnostics refusals(const std::string& kind, const List& shape, const Attributes& params) {
  const Network network("n", Sketch().input("x", shape).add(kind, "layer", {"x"}, params).output("y", "layer"));
  return findExporter("onnx")->check(network.input());
}

TEST(OnnxExport, RefusesAdaptivePoolingWithWindowsOfSeveralSizes) {
  const Diagnostics found = refusals("adaptive_avg_pool2d", {2, 5, 7}, {{"output_size", List{3, 7}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].text(),
            "AdaptiveAvgPool2d 'layer' cannot be written as ONNX: its windows have one size only where the output "
            "divides the input, but (N, 2, 5, 7) becomes (N, 2, 3, 7). TorchScript, C++ for LibTorch, Plain C++17 or "
            "PyTorch project can hold it.");
  EXPECT_TRUE(refusals("adaptive_avg_pool2d", {2, 5, 7}, {}).empty());
  EXPECT_TRUE(refusals("adaptive_avg_pool2d", {2, 6, 7}, {{"output_size", List{3, 7}}}).empty());
}

TEST(OnnxExport, PutsZerosBeforeAMeanThatCountsThemInCeilMode) {
  const Attributes ceil{
      {"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}};
  const onnx::Model model =
      exported(Network("pool", Sketch().input("x", {1, 8, 7}).add("avg_pool2d", "p", {"x"}, ceil).output("y", "p")));
  EXPECT_THAT(ops(model), ElementsAre("Pad", "AveragePool"));
  EXPECT_EQ(intsOf(model.graph.nodes[1], "pads"), (List{0, 0, 1, 0}));
}

TEST(OnnxExport, WritesGeluForOpset17) {
  const auto of = [](const char* kind) {
    return Network(
        "g", Sketch().input("x", {4}).add("gelu", "g", {"x"}, {{"approximate", std::string(kind)}}).output("y", "g"));
  };
  EXPECT_THAT(ops(exported(of("none"))), ElementsAre("Div", "Erf", "Add", "Mul", "Mul"));
  EXPECT_THAT(ops(exported(of("tanh"))), ElementsAre("Mul", "Mul", "Mul", "Add", "Mul", "Tanh", "Add", "Mul", "Mul"));
}

TEST(OnnxExport, CastsWhatTorchPromotes) {
  const Network network("sum", Sketch()
                                   .input("x", {3})
                                   .add("input", "count", {}, {{"shape", List{3}}, {"dtype", std::string("int64")}})
                                   .add("multiply", "m", {"x", "count"})
                                   .output("y", "m"));
  EXPECT_THAT(ops(exported(network)), ElementsAre("Cast", "Mul"));
}

// What ONNX cannot hold of the samples, by layer. A layer that is missing here can be written.
TEST(OnnxExport, WritesEveryLayerButThese) {
  std::set<std::string> refused;
  for (const NetworkPtr& n : eachLayer())
    if (refuses(*findExporter("onnx"), *n))
      refused.insert(n->name.rfind("twins", 0) == 0 ? n->name.substr(9) : n->name.substr(0, n->name.find(" of ")));
  EXPECT_THAT(refused,
              ElementsAreArray({"cummax", "cummin", "cumprod", "digamma", "erfinv", "fractional_max_pool2d",
                                "fractional_max_pool3d", "grid_sample", "lgamma", "logcumsumexp", "median", "random"}));
}

TEST(OnnxExport, VerifiesADigitsNetworkQuickly) {
  const Network network("Digits", Sketch()
                                      .input("image", {1, 28, 28})
                                      .add("conv2d", "conv1", {"image"})
                                      .add("relu", "relu1", {"conv1"})
                                      .add("conv2d", "conv2", {"relu1"}, {{"out_channels", int64_t{64}}})
                                      .add("relu", "relu2", {"conv2"})
                                      .add("max_pool2d", "pool", {"relu2"})
                                      .add("flatten", "flat", {"pool"})
                                      .add("linear", "fc1", {"flat"})
                                      .add("linear", "fc2", {"fc1"}, {{"out_features", int64_t{10}}})
                                      .output("scores", "fc2"));
  const onnx::Model model = exported(network);
  const auto start = std::chrono::steady_clock::now();
  const auto outputs = onnx::evaluate(model, sampleInputs(network.lowered.program, 7));
  EXPECT_EQ(outputs[0].tensor.shape, (List{7, 10}));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("batch 7: %.3f s\n", took.count());  // for people: no assertion on time
}

}  // namespace
}  // namespace netwright::convert::testing
