// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/convert/model_part.h"
#include "core/convert/python/identifier.h"
#include "core/convert/torchscript/source.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

std::string source(const Network& network) {
  const ExportInput input = network.input();
  const ModelPart part = modelPart(input.program);
  return torchscript::sourceOf(input.program, part, torchscript::ModuleTree(input, part));
}

TEST(TorchScriptSource, ReadsAsPyTorchWritesIt) {
  EXPECT_EQ(source(*mlp()), R"(class MLP(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  fc1 : __torch__.Linear
  fc2 : __torch__.Linear_1
  dropout1 : __torch__.Dropout
  def forward(self: __torch__.MLP,
    x: Tensor) -> Tensor:
    fc1 = torch.linear(x, self.fc1.weight, self.fc1.bias)
    relu1 = torch.relu(fc1)
    dropout1 = torch.dropout(relu1, p=0.5, train=self.dropout1.training)
    fc2 = torch.linear(dropout1, self.fc2.weight, self.fc2.bias)
    return fc2
class Linear(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
class Linear_1(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
class Dropout(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
)");
}

TEST(TorchScriptSource, CountsBatchesInTrainingOnly) {
  const Sketch sketch = Sketch().input("x", {2, 3, 3}).add("batch_norm2d", "bn", {"x"}).output("y", "bn");
  const std::string text = source(Network("Norm", sketch));
  EXPECT_NE(
      text.find("    if self.bn.training:\n      bn_1 = torch.add_(self.bn.num_batches_tracked, other=1, alpha=1)\n"
                "    else:\n      pass\n"),
      std::string::npos)
      << text;
}

// Before the weight is used, so that it is measured as PyTorch measures it.
TEST(TorchScriptSource, ImprovesSingularVectorsFirstAndInTrainingOnly) {
  const Attributes spectral{{"out_features", int64_t{3}}, {"parametrization", std::string("spectral_norm")}};
  const Sketch sketch = Sketch().input("x", {4}).add("linear", "fc", {"x"}, spectral).output("y", "fc");
  const std::string text = source(Network("Critic", sketch));
  const size_t begin = text.find("    if self.fc.training:\n"), write = text.find("torch.copy_("),
               end = text.find("    else:\n      pass\n"), use = text.find("torch.linear(");
  EXPECT_TRUE(begin < write && write < end && end < use && use < text.size()) << text;
}

// What hides a place is minus infinity.
TEST(TorchScriptSource, WritesNumbersWithoutEnd) {
  const std::string text =
      source(Network("Attention", Sketch()
                                      .indices("x", {5})
                                      .add("embedding", "letters", {"x"}, {})
                                      .add("equal", "filler", {"x"})
                                      .add("transformer_encoder_layer", "layer",
                                           {"letters", "src_key_padding_mask=filler"}, {{"nhead", int64_t{2}}})
                                      .output("y", "layer")));
  EXPECT_NE(text.find("value=-inf)"), std::string::npos) << text;
}

TEST(TorchScriptSource, FixesModesAsConstants) {
  for (const auto& [mode, word] : {std::pair(Mode::Train, "training=True"), {Mode::Eval, "training=False"}}) {
    const Sketch sketch = Sketch().input("x", {2, 3, 3}).add("batch_norm2d", "bn", {"x"}, {}, mode).output("y", "bn");
    const std::string text = source(Network("Norm", sketch));
    EXPECT_NE(text.find(word), std::string::npos) << text;
    EXPECT_EQ(text.find("add_(") != std::string::npos, mode == Mode::Train) << text;
  }
}

TEST(TorchScriptSource, KeepsDottedNamesAsNestedModules) {
  const std::string text = source(*residualCnn());
  EXPECT_NE(text.find("  __annotations__[\"0\"] = __torch__.Block_1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("getattr(self.layer1, \"0\").conv2.weight"), std::string::npos) << text;
}

TEST(TorchScriptIdentifier, ManglesVisibly) {
  using python::attributeName;
  using python::identifier;
  EXPECT_EQ(identifier("conv1"), "conv1");
  EXPECT_EQ(identifier("my conv"), "my_conv");
  EXPECT_EQ(identifier("2nd"), "_2nd");
  EXPECT_EQ(identifier("lambda"), "lambda_");
  EXPECT_EQ(identifier("für"), "f__r");
  EXPECT_EQ(identifier(""), "_");
  EXPECT_EQ(attributeName("0"), "0");
  EXPECT_EQ(attributeName("train"), "train_");
  EXPECT_EQ(attributeName(""), "_");
  EXPECT_EQ(python::quoted("a\"b\\"), "\"a\\\"b\\\\\"");
}

}  // namespace
}  // namespace netwright::convert::testing
