// SPDX-License-Identifier: Apache-2.0
// Blocks as classes of PyTorch source. That PyTorch computes the same with them is in
// tests/peers/exported_models_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/convert/pytorch/model_source.h"
#include "tests/core/convert/pytorch/block_networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

pytorch::ModelSource sourceOf(const Sketch& sketch) { return pytorch::modelSource("Net", sketch.document()); }

// The classes.
std::string classesOf(const Sketch& sketch) {
  const std::string text = sourceOf(sketch).text;
  const size_t first = text.find("\n\n\nclass") + 3;
  return text.substr(first, text.find("\n\n\ndef load") + 1 - first);
}

TEST(BlockSource, EqualInstancesShareAClass) {
  EXPECT_EQ(classesOf(sameTwice()), R"(class Layer(nn.Module):
    """A linear layer."""

    def __init__(self, features):
        super().__init__()
        self.fc = nn.Linear(features, features)
        self.act = nn.ReLU()

    def forward(self, x):
        x = self.fc(x)  # (N, 8)
        x = self.act(x)  # (N, 8)
        return x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Layer(8)
        self.b = Layer(8)

    def forward(self, x):
        x = self.a(x)  # (N, 8)
        x = self.b(x)  # (N, 8)
        return x
)");
}

TEST(BlockSource, WhatDiffersIsAParameter) {
  const std::string text = classesOf(ofTwoSizes());
  EXPECT_THAT(text, HasSubstr("    def __init__(self, in_features, features):\n        super().__init__()\n"
                              "        self.fc = nn.Linear(in_features, features)\n"));
  EXPECT_THAT(text, HasSubstr("        x = self.fc(x)\n")) << "instances differ in shape: there is no comment";
  EXPECT_THAT(text, HasSubstr("        self.a = Layer(8, 4)\n        self.b = Layer(4, 6)\n"));
}

TEST(BlockSource, SettingsThatNobodyHasExposedAreNamedAfterNodeAndSetting) {
  Sketch body =
      Sketch()
          .add("block_input", "x", {})
          .add("conv2d", "first", {"x"},
               {{"out_channels", int64_t{4}}, {"padding", formula("size // 2")}, {"kernel_size", formula("size")}})
          .add("dropout", "drop", {"first"}, {{"p", formula("1 / size")}})
          .add("conv2d", "second", {"drop"},
               {{"out_channels", int64_t{4}}, {"kernel_size", formula("1 if size == 5 else 3")}})
          .add("block_output", "y", {"second"});
  const std::string text = classesOf(Sketch()
                                         .define(1, "Conv", {integer("size", 5)}, body)
                                         .input("x", {4, 16, 16})
                                         .instance("a", 1, {"x=x"})
                                         .instance("b", 1, {"x=a:y"}, {{"size", int64_t{3}}})
                                         .output("y", "b:y"));
  EXPECT_THAT(text, HasSubstr("def __init__(self, size, p, kernel_size):"));
  EXPECT_THAT(text, HasSubstr("self.first = nn.Conv2d(4, 4, size, padding=size // 2)\n"));
  EXPECT_THAT(text, HasSubstr("self.drop = nn.Dropout(p)\n"));
  EXPECT_THAT(text, HasSubstr("self.second = nn.Conv2d(4, 4, kernel_size)\n"));
  EXPECT_THAT(text, HasSubstr("self.a = Conv(size=5, p=0.2, kernel_size=1)\n"));
}

TEST(BlockSource, BlocksOfBlocksAreClassesThatUseClasses) {
  const std::string text = classesOf(nestedBlocks());
  EXPECT_LT(text.find("class Layer(nn.Module)"), text.find("class BottleNeck(nn.Module)"));
  EXPECT_THAT(text, HasSubstr(R"(class BottleNeck(nn.Module):
    def __init__(self, in_features, width):
        super().__init__()
        self.wide = Layer(in_features, width * 4)
        self.narrow = Layer(width * 4, width)

    def forward(self, x):
        x = self.wide(x)
        x = self.narrow(x)
        return x
)"));
  EXPECT_THAT(text, HasSubstr("self.first = BottleNeck(8, 3)\n        self.second = BottleNeck(3, 5)\n"));
}

TEST(BlockSource, CopiesInARowAreASequential) {
  const std::string text = classesOf(repeatedBlocks());
  EXPECT_THAT(text, HasSubstr(R"(
        self.growing = nn.Sequential(
            Layer(8, 8),  # (N, 8)
            Layer(8, 10),  # (N, 10)
            Layer(10, 12),  # (N, 12)
            Layer(12, 14),  # (N, 14)
        )
        self.equal = nn.Sequential(*(Layer(14, 14) for _ in range(3)))

    def forward(self, x):
        x = self.growing(x)  # (N, 14)
        x = self.equal(x)  # (N, 14)
        return x
)"));
}

TEST(BlockSource, InstancesThatDifferInMoreThanNumbersHaveClassesOfTheirOwn) {
  const std::string text = classesOf(optionalPort());
  EXPECT_THAT(text, HasSubstr("class Look(nn.Module):"));
  EXPECT_THAT(text, HasSubstr("    def forward(self, x):\n        x, _ = self.attention(x, x, x, need_weights=False)"));
  EXPECT_THAT(text, HasSubstr("class Look2(nn.Module):"));
  EXPECT_THAT(text, HasSubstr("    def forward(self, x, memory):\n        x, _ = self.attention(x, memory, memory, "));
  EXPECT_THAT(text, HasSubstr("        x = self.cross(y, x)  # (N, 5, 8)\n"));
}

TEST(BlockSource, AnInstanceWithAllWeightsOfAnotherIsTheOtherOnceMore) {
  const pytorch::ModelSource source = sourceOf(sharedBlock(false));
  EXPECT_THAT(source.text, HasSubstr(R"(
        self.one = Encoder()

    def forward(self, left, right):
        x, raw = self.one(left)  # (N, 8)
        y, raw_1 = self.one(right)  # (N, 8)
)"));
  EXPECT_EQ(source.otherStart, "");
  EXPECT_TRUE(source.renamed.empty());
}

TEST(BlockSource, WeightsOfAnInstanceThatDiffersComeAsArguments) {
  const std::string text = classesOf(sharedBlock(true));
  EXPECT_THAT(text, HasSubstr("    def forward(self, x, weight, bias, weight_1, bias_1, running_mean, "));
  EXPECT_THAT(text, HasSubstr("self.two(\n            right, self.one.fc.weight, self.one.fc.bias, "));
  EXPECT_THAT(classesOf(weightFromInside()), HasSubstr("x = self.head(x, self.a.down.weight)"));
}

TEST(BlockSource, TellsWhatDrawsTwice) {
  const Sketch sketch = Sketch()
                            .define(1, "Drop", {},
                                    Sketch()
                                        .add("block_input", "x", {})
                                        .add("linear", "fc", {"x"}, {{"out_features", int64_t{8}}})
                                        .add("dropout", "drop", {"fc"})
                                        .add("block_output", "y", {"drop"}))
                            .input("x", {8})
                            .instance("a", 1, {"x=x"})
                            .instance("b", 1, {"x=a:y"})
                            .share("b", "a", {"*"})
                            .output("y", "b:y");
  const pytorch::ModelSource source = sourceOf(sketch);
  EXPECT_THAT(source.text, HasSubstr("        x = self.a(x)  # (N, 8)\n        x = self.a(x)  # (N, 8)\n"));
  EXPECT_EQ(source.random.size(), 1u);
  EXPECT_TRUE(source.random.contains("a.drop"));
  EXPECT_THAT(source.otherStart, HasSubstr("draws twice"));
}

TEST(BlockSource, ModesOfAnInstanceAreThoseOfItsClass) {
  const std::string text = classesOf(fixedModes());
  EXPECT_THAT(text, HasSubstr("        self.norm.eval()  # always\n        return self\n"));
  EXPECT_THAT(text, HasSubstr("        self.frozen = Normed()\n        self.free = Normed2()\n"));
}

TEST(BlockSource, NumbersOfStatementsAreKeptBySelf) {
  const std::string text = classesOf(numbersEverywhere());
  EXPECT_THAT(text, HasSubstr(R"(
    def __init__(self, rows, size):
        super().__init__()
        self.rows = rows
        self.size = size
        self.flat = nn.Flatten()

    def forward(self, x):
        x = x.reshape(-1, self.rows, self.size)
)"));
}

TEST(BlockSource, AChainOfModulesWithNumbersIsASequential) {
  const std::string text = classesOf(numbersEverywhere());
  EXPECT_THAT(text, HasSubstr("class Chain(nn.Sequential):\n    def __init__(self):\n        super().__init__(\n"
                              "            nn.Linear(8, 8),  # (N, 8)\n            nn.ReLU(),  # (N, 8)\n        )\n"));
  EXPECT_THAT(text, HasSubstr("        for i in range(2):\n            x = self[i](x)\n        return x\n"))
      << "another module lies beside its own";
  EXPECT_THAT(text, HasSubstr("        chain_before = nn.Linear(8, 8)\n        self.chain = Chain()\n"
                              "        self.chain.before = chain_before\n"));
}

TEST(BlockSource, WhatIsNoFunctionStandsWhereItIsUsed) {
  const std::string text = classesOf(throughTwice());
  EXPECT_THAT(text, Not(HasSubstr("class Pair")));
  EXPECT_THAT(text, HasSubstr("        x = self.pair.left(x)  # (N, 8)\n        x = self.relu(x)  # (N, 8)\n"
                              "        x = self.pair.right(x)  # (N, 8)\n"));
}

TEST(BlockSource, NamesOfPeopleNeverBecomeCode) {
  const pytorch::ModelSource source = sourceOf(hostileBlocks());
  EXPECT_THAT(source.text, HasSubstr("class ImportOs(nn.Module):\n    \"\"\"\\\"\\\"\\\" import os # \\\\\"\"\"\n"));
  EXPECT_THAT(source.text, HasSubstr("def __init__(self, in_features, nn_, self_):"));
  EXPECT_THAT(source.text, HasSubstr("nn.Linear(nn_, self_ * 2)"));
  EXPECT_THAT(source.text, HasSubstr("        # \"\"\" import os # \\\n"));
  EXPECT_THAT(source.text, HasSubstr("    def forward(self, class_):\n"));
  EXPECT_EQ(source.renamed.at("train.train.weight"), "train_.train_.weight");
}

// A formula of the drawing is code of others: it is written only as far as it is arithmetic.
TEST(BlockSource, FormulasWithOtherWordsStayNumbers) {
  for (const char* written : {"max(features, 4)", "features if features > 2 else 1", "[features, 3][0]",
                              "int(features)", "round(features)"}) {
    const std::string text = classesOf(
        Sketch()
            .define(1, "Layer", {integer("features", 8)},
                    Sketch()
                        .add("block_input", "x", {})
                        .add("linear", "fc", {"x"}, {{"out_features", formula(written)}, {"in_features", int64_t{8}}})
                        .add("block_output", "y", {"fc"}))
            .input("x", {8})
            .instance("a", 1, {"x=x"})
            .output("y", "a:y"));
    EXPECT_THAT(text, HasSubstr("self.fc = nn.Linear(8, 8)\n")) << written;
  }
}

}  // namespace
}  // namespace netwright::convert::testing
