// SPDX-License-Identifier: Apache-2.0
// How sequences are written: several results, lists, states, whole numbers as inputs, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/convert/torchscript/source.h"
#include "core/program/builder.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string source(const Network& network) {
  const ExportInput input = network.input();
  const ModelPart part = modelPart(input.program);
  return torchscript::sourceOf(input.program, part, torchscript::ModuleTree(input, part));
}

onnx::Model exported(const Network& network) {
  return onnx::parse(findExporter("onnx")->bytes(network.input()), "bytes");
}

std::vector<std::string> refusals(const std::string& format, const Network& network) {
  std::vector<std::string> all;
  for (const Diagnostic& d : findExporter(format)->check(network.input())) all.push_back(d.text());
  return all;
}

Sketch lstm(const Attributes& params, Mode mode = Mode::Follow) {
  Attributes all{{"hidden_size", int64_t{3}}};
  for (const auto& [name, value] : params) all[name] = value;
  return Sketch().input("x", {4, 5}).add("lstm", "lstm", {"x"}, all, mode).output("y", "lstm");
}

TEST(TorchScriptSource, CallsAnLstmWithListsAndTakesItsResults) {
  EXPECT_THAT(
      source(Network("Words", lstm({{"bias", false}}))),
      HasSubstr("    lstm = torch.new_zeros(x, size=[1, torch.size(x, 0), 3], dtype=None, layout=None, "
                "device=None, pin_memory=None)\n"
                "    lstm_1 = torch.new_zeros(x, size=[1, torch.size(x, 0), 3], dtype=None, layout=None, "
                "device=None, pin_memory=None)\n"
                "    lstm_2, lstm_3, lstm_4 = torch.lstm(x, hx=[lstm, lstm_1], params=[self.lstm.weight_ih_l0, "
                "self.lstm.weight_hh_l0], has_biases=False, num_layers=1, dropout=0., train=self.lstm.training, "
                "bidirectional=False, batch_first=True)\n"
                "    return lstm_2\n"));
}

TEST(TorchScriptSource, NestsWeightsWithDottedNamesAndSwitchesDropoutOff) {
  const Sketch sketch =
      Sketch().input("x", {4, 8}).add("multihead_attention", "look", {"x"}, {{"dropout", 0.5}}).output("y", "look");
  const std::string text = source(Network("Block", sketch));
  EXPECT_THAT(text, HasSubstr("torch.linear(x, self.look.in_proj_weight, self.look.in_proj_bias)"));
  EXPECT_THAT(text, HasSubstr("self.look.out_proj.weight, self.look.out_proj.bias)"));
  EXPECT_THAT(text, HasSubstr("dropout_p=(0.5 if self.look.training else 0.)"));
}

TEST(OnnxExport, HasOneNodeForEachLayerOfAnLstm) {
  const onnx::Model model = exported(Network("Deep", lstm({{"num_layers", int64_t{3}}, {"bidirectional", true}})));
  size_t count = 0;
  for (const onnx::Node& n : model.graph.nodes) {
    if (n.opType != "LSTM") continue;
    ++count;
    EXPECT_EQ(n.inputs.size(), 4u) << "zeros are left out";
    EXPECT_EQ(n.outputs.size(), 1u) << "nothing reads the states";
  }
  EXPECT_EQ(count, 3u);
}

TEST(OnnxExport, KeepsTheNamesOfSequenceWeights) {
  const Network network("Words", Sketch()
                                     .indices("words", {4})
                                     .add("embedding", "e", {"words"}, {{"num_embeddings", int64_t{7}}})
                                     .add("lstm", "lstm", {"e"}, {{"hidden_size", int64_t{3}}})
                                     .output("y", "lstm"));
  const onnx::Model model = exported(network);
  std::vector<std::string> names;
  for (const NamedTensor& t : model.graph.initializers)
    if (t.tensor.shape.size() == 2) names.push_back(t.name);
  EXPECT_THAT(names, ElementsAre("e.weight", "lstm.weight_ih_l0", "lstm.weight_hh_l0"));
  EXPECT_EQ(model.graph.inputs[0].dtype, DType::Int64);
}

TEST(OnnxExport, RefusesNoiseThatIsFixedToTraining) {
  const Attributes noisy{{"num_layers", int64_t{2}}, {"dropout", 0.5}};
  EXPECT_THAT(
      refusals("onnx", Network("Noisy", lstm(noisy, Mode::Train))),
      ElementsAre(
          "LSTM 'lstm' cannot be written as ONNX: it is fixed to training and draws at random, and the "
          "file holds the network in evaluation. TorchScript, C++ for LibTorch or PyTorch project can hold it."));
  EXPECT_THAT(refusals("onnx", Network("Quiet", lstm(noisy))), ::testing::IsEmpty());
  EXPECT_THAT(refusals("onnx", Network("Single", lstm({{"dropout", 0.5}}, Mode::Train))), ::testing::IsEmpty());
  const Sketch attention = Sketch()
                               .input("x", {4, 8})
                               .add("multihead_attention", "look", {"x"}, {{"dropout", 0.5}}, Mode::Train)
                               .output("y", "look");
  EXPECT_EQ(refusals("onnx", Network("Look", attention)).size(), 1u);
  EXPECT_EQ(refusals("torchscript", Network("Look", attention)).size(), 0u);
}

TEST(OnnxExport, RefusesAMaskOfUnknownLength) {
  program::Builder builder;
  builder.enter({{NodeId{1}}, "look", "Attention 'look'"});
  const program::Dim n = program::Dim::symbol("N"), length = program::Dim::symbol("L");
  const auto x = builder.input("x", {DType::DefaultFloat, {n, 2, length, 4}});
  builder.output("y", builder.op("scaled_dot_product_attention", {x, x, x, None{}, 0.0, true}));
  const program::Program program = builder.take();
  EXPECT_EQ(findExporter("onnx")->refusal(program, program.ops[0]), "is_causal needs sequences of a known length");
}

TEST(OnnxExport, RefusesZerosOfASizeThatNothingTells) {
  program::Builder builder;
  builder.enter({{NodeId{1}}, "zeros", "Zeros 'zeros'"});
  const auto x = builder.input("x", {DType::DefaultFloat, {program::Dim::symbol("N"), 3}});
  const auto zeros = builder.op("new_zeros", {x, program::Shape{program::Dim::symbol("N") + 1, 3}});
  builder.output("y", builder.op("relu", {zeros}));
  const program::Program program = builder.take();
  EXPECT_EQ(findExporter("onnx")->refusal(program, program.ops[0]),
            "its zeros have a size that is only known at run time");
}

TEST(TorchScriptExport, RefusesSizesThatNoInputTells) {
  program::Builder builder;
  builder.enter({{NodeId{1}}, "zeros", "Zeros 'zeros'"});
  const auto x = builder.input("x", {DType::DefaultFloat, {program::Dim::symbol("N"), 3}});
  builder.output("y", builder.op("new_zeros", {x, program::Shape{program::Dim::symbol("N") * program::Dim(2)}}));
  const program::Program program = builder.take();
  EXPECT_EQ(findExporter("torchscript")->refusal(program, program.ops[0]),
            "new_zeros has a size that is only known at run time");
}

TEST(Exporters, SampleIndicesThatTheLayerAllows) {
  const Network network("Words", Sketch()
                                     .indices("words", {40})
                                     .add("embedding", "e", {"words"}, {{"num_embeddings", int64_t{5}}})
                                     .output("y", "e"));
  const auto inputs = sampleInputs(network.lowered.program, 7);
  const auto values = inputs[0].tensor.as<int64_t>();
  EXPECT_EQ(*std::min_element(values.begin(), values.end()), 0);
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), 4);
}

}  // namespace
}  // namespace netwright::convert::testing
