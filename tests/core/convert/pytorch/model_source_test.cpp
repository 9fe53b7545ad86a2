// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/model_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/convert/pytorch/module_row.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// From the class of the network on.
std::string classOf(const Sketch& sketch) {
  const std::string text = pytorch::modelSource("Net", sketch.document()).text;
  return text.substr(text.find("\n\n\nclass") + 3);
}

TEST(PyTorchSource, ReadsAsAPersonWritesIt) {
  EXPECT_EQ(pytorch::modelSource("Residual CNN", residualCnn()->graph).text,
            R"("""The network "Residual CNN", drawn in Netwright.

Takes image (N, 1, 12, 12).
Gives probabilities (N, 10); N is the size of the batch.

    model = load()
    output = model(image)
"""

from pathlib import Path

import torch
from torch import nn


class ResidualCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.layer1 = nn.ModuleList()
        self.layer1.append(nn.Module())
        self.layer1[0].bn1 = nn.BatchNorm2d(4)
        self.layer1[0].relu = nn.ReLU()
        self.layer1[0].conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.flat = nn.Flatten()
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(144, 10)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, image):
        x = self.stem(image)  # (N, 4, 12, 12)
        y = self.layer1[0].bn1(x)  # (N, 4, 12, 12)
        y = self.layer1[0].relu(y)  # (N, 4, 12, 12)
        y = self.layer1[0].conv2(y)  # (N, 4, 12, 12)
        x = y + x  # (N, 4, 12, 12)
        x = self.pool(x)  # (N, 4, 6, 6)
        x = self.flat(x)  # (N, 144)
        x = self.drop(x)  # (N, 144)
        x = self.head(x)  # (N, 10)
        x = self.softmax(x)  # (N, 10)
        return x


def load(path=Path(__file__).with_name("weights.pth")):
    """The network with its trained weights, ready to use."""
    model = ResidualCNN()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()
)");
}

TEST(PyTorchSource, GivesOtherSettingsByName) {
  const std::string text = classOf(Sketch()
                                       .input("x", {4, 9, 9})
                                       .add("conv2d", "conv", {"x"},
                                            {{"out_channels", int64_t{8}},
                                             {"kernel_size", List{3, 5}},
                                             {"stride", List{2, 2}},
                                             {"groups", int64_t{2}},
                                             {"bias", false}})
                                       .add("layer_norm", "norm", {"conv"}, {{"eps", 1e-3}})
                                       .add("gelu", "gelu", {"norm"}, {{"approximate", std::string("tanh")}})
                                       .add("leaky_relu", "leaky", {"gelu"}, {{"negative_slope", int64_t{1}}})
                                       .output("y", "leaky"));
  EXPECT_THAT(text, HasSubstr("nn.Conv2d(4, 8, (3, 5), stride=2, groups=2, bias=False)\n"));
  EXPECT_THAT(text, HasSubstr("nn.LayerNorm(3, eps=0.001)\n"));
  EXPECT_THAT(text, HasSubstr("nn.GELU(approximate=\"tanh\")\n"));
  EXPECT_THAT(text, HasSubstr("nn.LeakyReLU(negative_slope=1)\n"));
}

TEST(PyTorchSource, ParametrisesModules) {
  const auto critic = [](const char* kind) {
    const Sketch sketch =
        Sketch()
            .input("x", {4})
            .add("linear", "fc", {"x"},
                 {{"out_features", int64_t{3}}, {"bias", false}, {"parametrization", std::string(kind)}})
            .output("y", "fc");
    return pytorch::modelSource("Net", sketch.document()).text;
  };
  EXPECT_THAT(critic("spectral_norm"),
              HasSubstr("from torch import nn\nfrom torch.nn.utils import parametrizations\n\n"));
  EXPECT_THAT(critic("spectral_norm"),
              HasSubstr("self.fc = parametrizations.spectral_norm(nn.Linear(4, 3, bias=False))\n"));
  EXPECT_THAT(critic("weight_norm"), HasSubstr("parametrizations.weight_norm(nn.Linear(4, 3, bias=False))\n"));
  EXPECT_THAT(critic("none"), Not(HasSubstr("parametrizations")));
}

TEST(PyTorchSource, CallsSequencesAsPyTorchWantsThem) {
  const std::string text =
      classOf(Sketch()
                  .input("x", {5, 8})
                  .add("lstm", "encoder", {"x"}, {{"hidden_size", int64_t{8}}})
                  .add("lstm", "decoder", {"encoder", "h_0=encoder:h_n"}, {{"hidden_size", int64_t{8}}})
                  .add("multihead_attention", "attention", {"decoder", "key=encoder"},
                       {{"num_heads", int64_t{2}}, {"is_causal", true}})
                  .output("y", "attention"));
  EXPECT_THAT(text, HasSubstr("self.encoder = nn.LSTM(8, 8, batch_first=True)\n"));
  EXPECT_THAT(text, HasSubstr("x, (h_n, _) = self.encoder(x)  # (N, 5, 8)\n        h_n = h_n.transpose(0, 1)\n"));
  EXPECT_THAT(text, HasSubstr("y, _ = self.decoder(x, (h_n.transpose(0, 1), torch.zeros_like(h_n).transpose(0, 1)))"));
  EXPECT_THAT(text, HasSubstr("self.attention = nn.MultiheadAttention(8, 2, batch_first=True)\n"));
  EXPECT_THAT(
      text,
      HasSubstr("later = torch.ones(y.size(1), x.size(1), dtype=torch.bool, device=y.device).triu(1)\n"
                "        x, _ = self.attention(y, x, x, attn_mask=later, is_causal=True, need_weights=False)  # "));
}

TEST(PyTorchSource, WritesAClassForWhatPyTorchLacks) {
  const auto encoding = [](const char* kind) {
    return Sketch()
        .input("x", {5, 4})
        .add("positional_encoding", "first", {"x"}, {{"kind", std::string(kind)}})
        .add("positional_encoding", "second", {"first"}, {{"kind", std::string(kind)}})
        .output("y", "second");
  };
  EXPECT_THAT(classOf(encoding("learned")), ::testing::StartsWith(R"(class PositionalEncoding(nn.Module):
    """Adds to each entry of a sequence a vector that tells its place."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty((5, 4)))
        nn.init.normal_(self.weight, 0.0, 0.02)

    def forward(self, x):
        x = x + self.weight
        return x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = PositionalEncoding()
        self.second = PositionalEncoding()

    def forward(self, x):
        x = self.first(x)  # (N, 5, 4)
        x = self.second(x)  # (N, 5, 4)
        return x
)"));
  const pytorch::ModelSource waves = pytorch::modelSource("Net", encoding("sinusoidal").document());
  EXPECT_EQ(waves.constants, (std::vector<std::string>{"first.weight", "second.weight"}));
  EXPECT_THAT(waves.text, HasSubstr("self.register_buffer(\"weight\", torch.zeros((5, 4)))"));
}

// Moments of the data are learned in training only, after everything else.
TEST(PyTorchSource, WritesWhatOnlyTrainingDoes) {
  const std::string text = classOf(Sketch().input("x", {4}).add("normalization", "norm", {"x"}).output("y", "norm"));
  EXPECT_THAT(text, ::testing::HasSubstr(R"(eps=1e-07, cudnn_enabled=True
        )
        if self.training:
            x = torch.ops.aten.detach.default(x)
)"));
  EXPECT_THAT(text, ::testing::HasSubstr(R"(
            torch.ops.aten.lerp_.Tensor(self.mean, y_2, y_1)
        return y
)"));
}

TEST(PyTorchSource, SharedWeightsAreOneParameter) {
  const std::string text =
      classOf(Sketch()
                  .input("x", {8})
                  .add("linear", "first", {"x"}, {{"out_features", int64_t{8}}})
                  .add("linear", "second", {"first"}, {{"out_features", int64_t{8}}})
                  .add("linear", "third", {"second"}, {{"out_features", int64_t{8}}, {"bias", false}})
                  .share("second", "first", {"weight"})
                  .share("third", "first", {"weight"})
                  .output("y", "third"));
  EXPECT_THAT(text, HasSubstr("    def forward(self, x, weight):\n        x = F.linear(x, weight, self.bias)\n"));
  EXPECT_THAT(text, HasSubstr("x = self.second(x, self.first.weight)"));
  EXPECT_THAT(text, HasSubstr("x = F.linear(x, self.first.weight)  # (N, 8)\n"));
  EXPECT_THAT(text, Not(HasSubstr("self.third")));
}

TEST(PyTorchSource, FixesTheModeOfANode) {
  const std::string text = classOf(Sketch()
                                       .input("x", {3, 5, 5})
                                       .add("batch_norm2d", "bn", {"x"}, {}, Mode::Eval)
                                       .add("relu", "relu", {"bn"}, {}, Mode::Eval)
                                       .output("y", "relu"));
  EXPECT_THAT(text, HasSubstr("        self.train()\n\n    def train(self, mode=True):\n        super().train(mode)\n"
                              "        self.bn.eval()  # always\n        return self\n"));
  EXPECT_THAT(text, Not(HasSubstr("self.relu.eval()")));
}

TEST(PyTorchSource, NamesOfPeopleNeverBecomeCode) {
  const std::string hostile = "\"\"\"\nimport os # \\";
  const Sketch sketch = Sketch()
                            .input("self", {6})
                            .add("linear", "train", {"self"}, {{"out_features", int64_t{6}}})
                            .add("linear", "a.b c", {"train"}, {{"out_features", int64_t{6}}})
                            .output("y", "a.b c")
                            .annotate({1, graph::Annotation::Kind::Note, hostile, "", {}, {}, ""})
                            .annotate({2, graph::Annotation::Kind::Frame, hostile, "", {-1e4, -1e4}, {1e5, 1e5}, ""});
  const pytorch::ModelSource source = pytorch::modelSource(hostile, sketch.document());
  EXPECT_THAT(source.text, HasSubstr("\"\"\"The network \"\\\"\\\"\\\" import os # \\\\\", drawn in Netwright.\n"));
  EXPECT_THAT(source.text, HasSubstr("\nNote: \\\"\\\"\\\"\nimport os # \\\\\n"));
  EXPECT_THAT(source.text, HasSubstr("        # \"\"\" import os # \\\n"));
  EXPECT_THAT(source.text, HasSubstr("class ImportOs(nn.Module):"));
  EXPECT_THAT(source.text, HasSubstr("    def forward(self, self_):\n"));
  EXPECT_THAT(source.text, HasSubstr("self.train_ = nn.Linear(6, 6)\n"));
  EXPECT_THAT(source.text, HasSubstr("self.a.add_module(\"b c\", nn.Linear(6, 6))\n"));
  EXPECT_THAT(source.text, HasSubstr("getattr(self.a, \"b c\")(x)"));
  EXPECT_EQ(source.renamed,
            (std::map<std::string, std::string>{{"train.bias", "train_.bias"}, {"train.weight", "train_.weight"}}));
}

TEST(PyTorchSource, TellsWhatDrawsAtRandom) {
  const NetworkPtr network = mlp();
  const pytorch::ModelSource source = pytorch::modelSource("MLP", network->graph);
  ASSERT_EQ(source.random.size(), 1u);
  EXPECT_EQ(source.random.begin()->first, "dropout1");
  for (const program::Op& op : network->lowered.program.ops)
    if (op.info->random) {
      EXPECT_EQ(source.random.begin()->second, op.id);
    }
  EXPECT_EQ(source.otherStart, "");
}

// A layer that PyTorch has is written as PyTorch's module, a loss in any case: train.py has no other words for it.
TEST(PyTorchModules, EveryLayerThatPyTorchHasHasARow) {
  std::vector<std::string> otherwise;
  for (const layers::LayerSpec& layer : layers::registry()) {
    const pytorch::ModuleRow* row = pytorch::findRow(layer.id);
    const bool module = layer.torchName.rfind("nn.", 0) == 0;
    if (layers::comparesOutputs(layer)) {
      EXPECT_EQ(row != nullptr, module) << layer.id;
    }
    if (module && !row) otherwise.push_back(layer.id);
    if (row) {
      EXPECT_TRUE(module) << layer.id;
      EXPECT_LE(row->needed, layer.params.size()) << layer.id;
    }
  }
  // Called otherwise by PyTorch: states in pairs, masks by name, several results in another order.
  EXPECT_THAT(otherwise, ::testing::UnorderedElementsAre("adaptive_log_softmax", "cross_map_lrn2d", "ctc", "lstm_cell",
                                                         "transformer", "transformer_decoder",
                                                         "transformer_decoder_layer", "transformer_encoder",
                                                         "transformer_encoder_layer", "triplet_margin_with_distance"));
}

}  // namespace
}  // namespace netwright::convert::testing
