// SPDX-License-Identifier: Apache-2.0
// Expression nodes as PyTorch source: the text as it was written, or the ops where it holds words of others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/convert/pytorch/model_source.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;

std::string sourceOf(const Sketch& sketch) { return pytorch::modelSource("Net", sketch.document()).text; }

TEST(ExpressionSource, IsTheTextAsItWasWritten) {
  const std::string text =
      sourceOf(Sketch()
                   .input("x", {8})
                   .add("expression", "gate", {"x"},
                        {{"code",
                          "# two ways\nw = param(12, x.shape[1], init=xavier)\nb = param(12)\n"
                          "a, g = linear(x, w, b).chunk(2, dim=-1)\nfor i in range(2):\n    a = gelu(a) / sqrt(2)\n"
                          "y = a * sigmoid(g)"s}})
                   .output("y", "gate"));
  EXPECT_THAT(text, HasSubstr("import math\nfrom pathlib import Path\n"));
  EXPECT_THAT(text, HasSubstr(R"(
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.empty((12, 8)))
        self.b = nn.Parameter(torch.empty(12))
)"));
  EXPECT_THAT(text, HasSubstr(R"(
    def forward(self, x):
        # two ways
        w = self.w
        b = self.b
        a, g = F.linear(x, w, b).chunk(2, dim=-1)
        for i in range(2):
            a = F.gelu(a) / math.sqrt(2)
        y = a * torch.sigmoid(g)
        return y
)"));
  EXPECT_THAT(text, HasSubstr("        x = self.gate(x)  # (N, 6)\n"));
}

TEST(ExpressionSource, ListsOfWeightsAreParameterLists) {
  const std::string text =
      sourceOf(Sketch()
                   .input("x", {4})
                   .add("expression", "e", {"x"},
                        {{"code", "ws = [param(4, 4) for i in range(2)]\nfor w in ws:\n    x2 = x @ w\nreturn x2, x"s}})
                   .output("y", "e"));
  EXPECT_THAT(
      text,
      HasSubstr("        self.ws = nn.ParameterList()\n        self.ws.append(nn.Parameter(torch.empty((4, 4))))\n"));
  EXPECT_THAT(text, HasSubstr("        ws = self.ws\n"));
  EXPECT_THAT(text, HasSubstr("        return x2, x\n"));
}

// A project may be somebody else's, and the proof of an export runs what is written.
TEST(ExpressionSource, WordsOfOthersNeverBecomeCode) {
  for (const std::string hostile : {"__import__('os').system('true')", "torch.load('a')", "x.__class__",
                                    "torch.ops.load_library('a')", "x.tofile('a')", "open('a')", "F.os", "exec('1')"}) {
    const std::string code =
        "if [1] == (1,):\n    y = relu(x)\nelse:\n    y = " + hostile;  // Python goes the other way
    const std::string text =
        sourceOf(Sketch().input("x", {4}).add("expression", "e", {"x"}, {{"code", code}}).output("y", "e"));
    EXPECT_THAT(text, Not(HasSubstr(hostile)));
    EXPECT_THAT(text, HasSubstr("torch.relu(x)")) << "the ops instead";
  }
}

}  // namespace
}  // namespace netwright::convert::testing
